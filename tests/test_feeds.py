"""Feeds: well-formed, with stable ids, the same on any day."""

import json
import re
from xml.etree import ElementTree

from tests.builders import make_site

PATH = "---\ntitle: A & B\npapers:\n  - paper: b\n  - paper: a\n---\n"

ATOM = "{http://www.w3.org/2005/Atom}"
PAPER = (
    '---\ntitle: {title}\nabstract: "An <abstract> & \\u0001 more"\ntags: [robotics]\nadded: 2025-03-{day:02}\n---\n'
)


def entries(path):
    return ElementTree.parse(path).getroot().findall(f"{ATOM}entry")


def test_the_site_and_each_tag_have_a_feed_named_in_the_heads_it_belongs_to(tmp_path):
    output, _ = make_site(tmp_path, {"papers/a.md": PAPER.format(title="A", day=1)})
    named = {
        path: re.findall(r'application/atom\+xml"[^>]+href="([^"]+)"', (output / path).read_text())
        for path in ("index.html", "papers/a.html", "tags/robotics.html")
    }
    assert named == {
        "index.html": ["feed.xml"],
        "papers/a.html": ["../feed.xml"],
        "tags/robotics.html": ["../feed.xml", "../tags/robotics.xml"],
    }
    assert len(entries(output / "feed.xml")) == len(entries(output / "tags" / "robotics.xml")) == 1
    as_json = re.findall(r'application/feed\+json"[^>]+href="([^"]+)"', (output / "tags" / "robotics.html").read_text())
    assert as_json == ["../feed.json", "../tags/robotics.json"]


def test_a_feed_holds_the_latest_fifty_newest_first_without_reading_the_clock(tmp_path):
    papers = {f"papers/p{n}.md": PAPER.format(title=f"P{n:02}", day=n % 28 + 1) for n in range(60)}
    output, _ = make_site(tmp_path, papers)
    days = [entry.find(f"{ATOM}published").text for entry in entries(output / "feed.xml")]
    assert len(days) == 50 and days == sorted(days, reverse=True)
    root = ElementTree.parse(output / "feed.xml").getroot()
    assert root.find(f"{ATOM}updated").text == days[0]


def test_a_feed_of_nothing_is_a_feed(tmp_path):
    output, _ = make_site(tmp_path, {})
    assert entries(output / "feed.xml") == []


def test_ids_are_tag_uris_that_do_not_change_with_the_address(tmp_path):
    ids = []
    for name, address in (("a", ""), ("b", "address: https://example.org/x\n")):
        site = f'feed_id: "tag:example.org,2025:list"\n{address}'
        output, _ = make_site(tmp_path / name, {"site.yml": site, "papers/a.md": PAPER.format(title="A", day=1)})
        ids.append([entry.find(f"{ATOM}id").text for entry in entries(output / "feed.xml")])
    assert ids == [["tag:example.org,2025:list/papers/a"]] * 2


def test_characters_that_xml_has_no_place_for_are_left_out(tmp_path):
    output, report = make_site(tmp_path, {"papers/a.md": PAPER.format(title="A", day=1)})
    assert report.problems == ()
    assert "An &lt;abstract&gt; &amp;  more" in entries(output / "feed.xml")[0].find(f"{ATOM}content").text


def test_a_json_feed_says_what_the_atom_feed_says(tmp_path):
    papers = {f"papers/{slug}.md": PAPER.format(title=slug.upper(), day=day) for day, slug in enumerate("abc", 1)}
    for name, address in (("a", ""), ("b", "address: https://example.org/x\n")):
        output, _ = make_site(tmp_path / name, {"site.yml": f"title: L\n{address}", **papers, "collections/p.md": PATH})
        for path in ("feed", "tags/robotics", "collections/p"):
            feed = json.loads((output / f"{path}.json").read_text())
            assert feed["version"] == "https://jsonfeed.org/version/1.1"
            told = [
                (item["id"], item["url"], item["title"], item["content_html"], item["date_modified"])
                for item in feed["items"]
            ]
            found = entries(output / f"{path}.xml")
            assert told == [
                (
                    entry.find(f"{ATOM}id").text,
                    entry.find(f"{ATOM}link").get("href"),
                    entry.find(f"{ATOM}title").text,
                    entry.find(f"{ATOM}content").text,
                    entry.find(f"{ATOM}updated").text,
                )
                for entry in found
            ]
        assert [item["title"] for item in json.loads((output / "collections" / "p.json").read_text())["items"]] == [
            "B",
            "A",
        ]
        wanted = {
            "": "../collections/p.html",
            "address: https://example.org/x\n": "https://example.org/x/collections/p.html",
        }
        assert feed["home_page_url"] == wanted[address]


def test_the_list_of_feeds_names_each_of_them(tmp_path):
    output, _ = make_site(tmp_path, {"papers/a.md": PAPER.format(title="A", day=1), "collections/p.md": PATH})
    rows = ElementTree.parse(output / "feeds.opml").getroot().findall("body/outline")
    assert {row.get("xmlUrl") for row in rows} == {
        path.relative_to(output).as_posix() for path in output.rglob("*.xml")
    }
    assert all((output / row.get("htmlUrl")).exists() for row in rows)
    assert "Reading list: A & B" in [row.get("text") for row in rows]
