"""The site as a whole: a small one compared file by file, and what must hold for every page of every site."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from site_builder.config import load_config
from site_builder.errors import SiteBuilderError
from site_builder.links import check_links
from site_builder.publish import MANIFEST, Made, find_collisions, publish
from site_builder.render.output import OutputFile
from tests.builders import ROOT, make_content, make_site, read_tree

SMALL = Path(__file__).parent / "data" / "small-site"
HOSTILE = (Path(__file__).parent / "data" / "hostile.txt").read_text().split("\n---\n")
HASH = re.compile(r"\.[0-9a-f]{12}\.")


def build_small(folder):
    """Build the small site; assets and the index are left out, their names' hashes are masked."""
    shutil.copytree(SMALL / "content", folder / "content")
    config, problems = load_config(folder / "content", folder / "output")
    from site_builder.build import build

    report = build(config)
    assert problems == [] and report.problems == ()
    tree = read_tree(config.output)
    return {
        path: HASH.sub(".HASH.", data.decode())
        for path, data in tree.items()
        if path.endswith((".html", ".xml", ".txt"))
    }


def test_the_small_site_is_what_it_was(tmp_path):
    """To accept a change: `python -m tests.test_site` writes what is built now; look at the difference."""
    expected = {path: data.decode() for path, data in read_tree(SMALL / "site").items()}
    built = build_small(tmp_path)
    assert sorted(built) == sorted(expected)
    for path, text in built.items():
        assert text == expected[path], path


PAPER = '---\ntitle: "{title}"\nabstract: An abstract.\ntags: [robotics]\n---\n'


def test_two_builds_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        shutil.copytree(ROOT / "content", tmp_path / name / "content")
        config, _ = load_config(tmp_path / name / "content", tmp_path / name / "output")
        from site_builder.build import build

        build(config)
    assert read_tree(tmp_path / "one" / "output") == read_tree(tmp_path / "two" / "output")


def test_what_the_program_did_not_write_is_never_removed(tmp_path):
    content = make_content(tmp_path, {"papers/a.md": PAPER.format(title="A")})
    config, _ = load_config(content, tmp_path / "output")
    from site_builder.build import build

    build(config)
    (config.output / "CNAME").write_text("example.org")
    (config.output / "papers" / "a.pdf").write_text("a pdf")
    (content / "papers" / "a.md").unlink()
    build(config)
    assert (config.output / "CNAME").exists() and (config.output / "papers" / "a.pdf").exists()
    assert not (config.output / "papers" / "a.html").exists()


@pytest.mark.parametrize("manifest", ["", "not json", '{"a": 1}', '["../../outside.txt", "/etc/hostname", 3]'])
def test_a_broken_manifest_prunes_nothing(tmp_path, manifest):
    (tmp_path / "outside.txt").write_text("mine")
    output, _ = make_site(tmp_path / "a", {"papers/a.md": PAPER.format(title="A")})
    (output / MANIFEST).write_text(manifest)
    publish([], output, Made({}, {}))
    assert (tmp_path / "outside.txt").exists()


def test_two_files_at_one_address_are_a_problem():
    files = [OutputFile("papers/a.html", "page", b"1", bytes), OutputFile("papers/A.html", "page", b"2", bytes)]
    kept, problems = find_collisions(files)
    assert kept == files[:1]
    assert [(p.path, p.message) for p in problems] == [
        ("papers/A.html", "two pages want this address; the other is `papers/a.html`")
    ]


def test_a_free_page_cannot_take_another_pages_address(tmp_path):
    pages = {"pages/search.md": "---\ntitle: Mine\n---\n", "papers/index.md": '---\ntitle: "Mine"\n---\n'}
    output, report = make_site(tmp_path, pages)
    assert [Path(problem.path).name for problem in report.problems] == ["search.md", "index.md"]
    assert "Mine" not in (output / "search.html").read_text() + (output / "papers" / "index.html").read_text()


def test_an_output_that_is_a_file_is_wrong_use(tmp_path):
    content = make_content(tmp_path, {})
    (tmp_path / "output").write_text("a file")
    config, _ = load_config(content, tmp_path / "output")
    from site_builder.build import build

    with pytest.raises(SiteBuilderError, match="is a file"):
        build(config)


def test_files_of_somebody_else_are_not_written_over(tmp_path):
    content = make_content(tmp_path, {})
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "index.html").write_text("precious")
    config, _ = load_config(content, tmp_path / "other")
    from site_builder.build import build

    with pytest.raises(SiteBuilderError, match=r"did not write: index\.html"):
        build(config)
    assert (tmp_path / "other" / "index.html").read_text() == "precious"


def test_organizations_with_odd_handles_have_pages_of_their_own(tmp_path):
    handles = ["kaist-ai", "../../x", "x", "index", "深度", "学习", "A.B", "h" * 300]
    text = '---\ntitle: "P{0}"\norganization: {{handle: {1}, name: N}}\n---\n'
    papers = {f"papers/p{number}.md": text.format(number, json.dumps(handle)) for number, handle in enumerate(handles)}
    output, report = make_site(tmp_path, papers)
    assert report.problems == ()
    assert len(list((output / "organizations").glob("*.html"))) == len(handles) + 1
    config, _ = load_config(tmp_path / "content", output)
    assert check_links(config) == []


def test_a_day_that_is_no_capture_day_leads_nowhere(tmp_path):
    output, _ = make_site(tmp_path, {"papers/mine.md": '---\ntitle: "Mine"\nadded: 2026-01-01\n---\n'})
    assert "1 Jan 2026" in (output / "index.html").read_text()
    assert check_links(load_config(tmp_path / "content", output)[0]) == []


@pytest.mark.parametrize(
    "name", ["Upper.md", "with space.md", "index.md", "z" * 200 + ".md", "x.markdown", "folder.md/a.md"]
)
def test_a_file_that_is_no_entry_is_told(tmp_path, name):
    _, report = make_site(tmp_path, {f"papers/{name}": '---\ntitle: "T"\n---\n'})
    assert len(report.problems) == 1 and report.papers == 0


@pytest.mark.parametrize(
    "fault", ["{{ 1 / 0 }}", "{{ site.title + 1 }}", "{{ none() }}", '{% extends "page.html" %}', "{% if %}"]
)
def test_a_faulty_template_is_told_in_one_line(tmp_path, fault):
    content = make_content(tmp_path, {})
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(fault)
    config, _ = load_config(content, tmp_path / "output", tmp_path / "templates")
    from site_builder.build import build

    with pytest.raises(SiteBuilderError, match="cannot be rendered"):
        build(config)


@pytest.mark.parametrize("output", ["content", "content/site", "."])
def test_output_and_content_must_lie_apart(tmp_path, output):
    content = make_content(tmp_path, {})
    with pytest.raises(SiteBuilderError, match="must lie apart"):
        load_config(content, tmp_path / output)


class Elements(HTMLParser):
    """Notes what no page may hold: scripts of its own, handlers, styles, addresses that run."""

    def __init__(self):
        super().__init__()
        self.faults = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in ("iframe", "object", "style", "base") or (tag == "script" and not {"src", "type"} & given.keys()):
            self.faults.append((tag, attrs))
        for name, value in attrs:
            runs = re.match(r"\s*(?:javascript|data|vbscript):", value or "", re.IGNORECASE)
            if name.startswith("on") or name == "style" or (name in ("href", "src", "action") and runs):
                self.faults.append((tag, name, value))


def test_hostile_text_runs_on_no_page(tmp_path):
    papers = {
        f"papers/h{number}.md": "---\ntitle: {0}\nabstract: {0}\nauthors: [{0}]\n"
        "organization: {{handle: {0}, name: {0}}}\nextra: {{x: {0}}}\ntags: [robotics]\n---\n{1}\n".format(
            json.dumps(text, ensure_ascii=False), text
        )
        for number, text in enumerate(HOSTILE)
    }
    output, report = make_site(tmp_path, {**papers, "site.yml": f"title: {json.dumps(HOSTILE[0])}\n"})
    assert [p for p in report.problems if p.severity == "error"] == []
    for path in output.rglob("*.html"):
        page = Elements()
        page.feed(path.read_text())
        assert page.faults == [], path


def test_no_template_has_an_inline_style_or_script():
    for path in (ROOT / "templates").glob("*.html"):
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text), path
        assert all("src=" in tag or "ld+json" in tag for tag in re.findall(r"<script[^>]*>", text)), path


@pytest.fixture(scope="module")
def full_site(tmp_path_factory):
    """The real list, with an address."""
    folder = tmp_path_factory.mktemp("full")
    shutil.copytree(ROOT / "content", folder / "content")
    facts = (folder / "content" / "site.yml").read_text()
    (folder / "content" / "site.yml").write_text(facts + "\naddress: https://example.org/list\n")
    config, problems = load_config(folder / "content", folder / "output")
    from site_builder.build import build

    report = build(config)
    assert problems == [] and report.problems == ()
    return config


def test_every_link_and_fragment_of_the_real_site_resolves(full_site):
    assert check_links(full_site) == []


def test_a_broken_link_is_found(full_site, tmp_path):
    shutil.copytree(full_site.output, tmp_path / "output")
    page = tmp_path / "output" / "about.html"
    page.write_text(page.read_text().replace('href="index.html"', 'href="gone.html"').replace("#main", "#nowhere"))
    config, _ = load_config(full_site.content, tmp_path / "output")
    assert {problem.message for problem in check_links(config)} == {
        "the link `gone.html` leads to no file of the site",
        "the link `#nowhere` leads to no place on that page",
    }


def test_no_page_names_a_file_from_elsewhere(full_site):
    """Readers may be led elsewhere by a link; nothing is loaded from there."""
    loaded = re.compile(
        r"<(?:script|img|iframe|source|video|audio)[^>]+src=\"(?:https?:)?//|<link[^>]+rel=\"(?:stylesheet|icon|preload)\"[^>]+href=\"(?:https?:)?//|@import|url\(\s*['\"]?https?:"
    )
    for path in [*full_site.output.rglob("*.html"), *full_site.output.rglob("*.css")]:
        assert not loaded.search(path.read_text()), path


def test_every_page_says_what_it_is(full_site):
    titles = {}
    for path in sorted(full_site.output.rglob("*.html")):
        text = path.read_text()
        place = path.relative_to(full_site.output).as_posix()
        title = re.search(r"<title>(.+?)</title>", text, re.DOTALL)[1]
        assert titles.setdefault(title, place) == place, f"{place} has the title of {titles[title]}"
        assert re.search(r'<meta name="description" content="[^"]{10,}">', text), place
        assert text.count("<h1") == 1, place
        assert 'rel="alternate" type="application/atom+xml"' in text, place
        if place != "404.html":
            assert (
                f'<link rel="canonical" href="https://example.org/list/{"" if place == "index.html" else place}">'
                in text
            )


def test_the_sitemap_names_every_page_but_search_and_404(full_site):
    listed = set(
        re.findall(r"<loc>https://example.org/list/(.*?)</loc>", (full_site.output / "sitemap.xml").read_text())
    )
    pages = {path.relative_to(full_site.output).as_posix() for path in full_site.output.rglob("*.html")}
    assert listed == (pages - {"search.html", "404.html", "index.html"}) | {""}
    assert "Sitemap: https://example.org/list/sitemap.xml" in (full_site.output / "robots.txt").read_text()


def test_a_papers_page_can_be_read_by_machines(full_site):
    page = (full_site.output / "papers" / "openvla-an-open-source-vision-language-action-model.html").read_text()
    assert '<meta name="citation_title" content="OpenVLA: An Open-Source Vision-Language-Action Model">' in page
    assert '<meta property="og:type" content="article">' in page
    known = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', page, re.DOTALL)[1])
    assert known["@type"] == "ScholarlyArticle"
    assert known["headline"] == "OpenVLA: An Open-Source Vision-Language-Action Model"


def test_former_addresses_lead_to_the_present_ones(tmp_path):
    tags = "- {slug: robots, name: Robots, group: G, aliases: [robotics]}\n"
    paper = '---\ntitle: "New"\ntags: [robotics]\naliases: [old]\n---\n'
    output, report = make_site(tmp_path, {"tags.yml": tags, "papers/new.md": paper})
    assert report.problems == ()
    assert 'url=../papers/new.html"' in (output / "papers" / "old.html").read_text()
    assert 'url=../tags/robots.html"' in (output / "tags" / "robotics.html").read_text()
    assert ">New<" in (output / "tags" / "robots.html").read_text()


def test_a_draft_is_on_no_page(tmp_path):
    output, _ = make_site(tmp_path, {"papers/a.md": PAPER.format(title="Hidden").replace("tags", "draft: true\ntags")})
    assert all("Hidden" not in path.read_text(errors="replace") for path in output.rglob("*") if path.is_file())


def test_lists_are_paged_by_fifty(tmp_path):
    output, _ = make_site(tmp_path, {f"papers/p{n}.md": PAPER.format(title=f"Paper {n:03}") for n in range(101)})
    pages = [(output / "papers" / name).read_text() for name in ("index.html", "page/2.html", "page/3.html")]
    assert [page.count('<li class="card">') for page in pages] == [50, 50, 1]
    assert sorted(path.name for path in (output / "tags" / "robotics").iterdir()) == ["2.html", "3.html"]


def test_an_empty_list_builds_a_site_that_says_so(tmp_path):
    output, report = make_site(tmp_path, {})
    assert report.problems == ()
    assert "Nothing has been added yet." in (output / "index.html").read_text()


def test_a_paper_without_an_address_of_its_own_can_be_looked_up(tmp_path):
    known = PAPER.replace("tags:", "arxiv: '2406.10010'\ntags:")
    papers = {"papers/a.md": PAPER.format(title="C++ & You?"), "papers/b.md": known.format(title="Known")}
    output, _ = make_site(tmp_path, papers)
    page = (output / "papers" / "a.html").read_text()
    assert "https://www.semanticscholar.org/search?q=C%2B%2B+%26+You%3F" in page
    assert "Look it up" not in (output / "papers" / "b.html").read_text()


@pytest.mark.parametrize(
    ("repository", "request_address"),
    [
        (
            "https://github.com/own/list/edit/main/content/",
            "https://github.com/own/list/issues/new?title=Correction%3A+A",
        ),
        ("https://github.com/own/list.git", "https://github.com/own/list/issues/new?title=Correction%3A+A"),
        ("https://gitlab.com/own/list", "https://gitlab.com/own/list/-/issues/new?issue%5Btitle%5D=Correction%3A+A"),
        ("https://codeberg.org/own/list", "https://codeberg.org/own/list/issues/new?title=Correction%3A+A"),
        ("https://example.org/own/list", ""),
        ("https://github.com/", ""),
    ],
)
def test_where_the_code_host_is_known_a_correction_can_be_asked_for(tmp_path, repository, request_address):
    files = {"site.yml": f"repository: {repository}\n", "papers/a.md": PAPER.format(title="A")}
    output, report = make_site(tmp_path, files)
    page = (output / "papers" / "a.html").read_text()
    assert report.problems == () and f'href="{repository.rstrip("/")}/papers/a.md">Edit this entry</a>' in page
    assert ("Suggest a correction" in page) == bool(request_address) and request_address.replace("&", "&amp;") in page


if __name__ == "__main__":
    import sys
    import tempfile

    shutil.rmtree(SMALL / "site", ignore_errors=True)
    for name, text in build_small(Path(tempfile.mkdtemp())).items():
        (SMALL / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (SMALL / "site" / name).write_text(text)
    sys.stdout.write(f"written to {SMALL / 'site'}\n")
