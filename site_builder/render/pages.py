"""The home page, the papers' pages, and the pages of text.

In: the press, the curator's free pages. Out: an OutputFile for each page.
Must not know how a page looks: that is the templates' part.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from site_builder.content.store import Page
from site_builder.formats.bibtex import write_bibtex
from site_builder.library.model import Library, recently_added
from site_builder.library.texts import Texts
from site_builder.paper import Paper
from site_builder.prose.notes import render_notes
from site_builder.render.output import OutputFile
from site_builder.render.press import Press
from site_builder.render.views import (
    META_DESCRIPTION,
    STATUS_LABELS,
    Card,
    FeedLink,
    Head,
    PaperView,
    Place,
    Site,
    TagView,
    comments_day,
    head,
    organization_path,
    published_date,
    shorten,
    show_date,
    show_links,
    show_tags,
    show_who,
    tag_groups,
)

HOME_DAYS = 3
HOME_PAPERS = 6  # a day


@dataclass(frozen=True, slots=True)
class HomeView:
    """The home page."""

    site: Site
    head: Head
    facts: tuple[Place, ...]
    featured: tuple[Card, ...]
    recent: tuple[tuple[Place, tuple[Card, ...]], ...]
    groups: tuple[tuple[str, tuple[TagView, ...]], ...]


@dataclass(frozen=True, slots=True)
class PaperPageView:
    """A paper's page, with what machines read of it."""

    site: Site
    head: Head
    paper: PaperView
    citation: tuple[tuple[str, str], ...]
    json_ld: Markup


@dataclass(frozen=True, slots=True)
class TextView:
    """A page of text: about, a free page of the curator's, search, 404, a redirect."""

    site: Site
    head: Head
    title: str
    text: Markup
    target: str = ""
    feeds: tuple[FeedLink, ...] = ()


def plan(press: Press, pages: tuple[Page, ...]) -> Iterator[OutputFile]:
    """Plan the home page, a page for each paper, the pages of text, and those that lead on from a former address."""
    yield _home(press)
    yield from _papers(press)
    yield from _texts(press, pages)
    yield from _redirects(press)


def _home(press: Press) -> OutputFile:
    library, site = press.library, press.site
    papers = recently_added(library)
    days = list(dict.fromkeys(paper.added for paper in papers if paper.added))
    recent = [(day, [paper for paper in papers if paper.added == day]) for day in days[:HOME_DAYS]]
    view = HomeView(
        site,
        head("index.html", site.title, site.description, section="home", feeds=(press.feed,)),
        facts=_facts(library),
        featured=tuple(press.cards[paper.slug] for paper in papers if paper.featured),
        recent=tuple(
            (
                _added_on(day, len(added), library),
                tuple(press.cards[paper.slug] for paper in added[:HOME_PAPERS]),
            )
            for day, added in recent
        ),
        groups=tag_groups(library),
    )
    return press.page("home.html", view)


def _added_on(day: date, count: int, library: Library) -> Place:
    """Show a day on which papers joined the list; it leads on when it is a day of capture."""
    path = f"days/{day}.html" if day in library.by_day else ""
    return Place(path, show_date(day).text, count, guessed=day in library.guessed_days)


def _facts(library: Library) -> tuple[Place, ...]:
    """Say how much is in the list."""
    with_code = sum(any(link.kind == "code" for link in paper.links) for paper in library.papers)
    captures = {row.file for paper in library.papers for row in paper.captures}
    used = sum(bool(slugs) for slugs in library.by_tag.values())
    facts = (
        Place("papers/index.html", "papers", len(library.entries)),
        Place("tags/index.html", "tags", used),
        Place("days/index.html", "captures", len(captures)),
        Place("", "with code", with_code),
    )
    return tuple(fact for fact in facts if fact.count)


# ---------------------------------------------------------------- papers


def _papers(press: Press) -> Iterator[OutputFile]:
    papers = press.library.papers
    for index, paper in enumerate(papers):
        before = papers[index - 1] if index else None
        after = papers[index + 1] if index + 1 < len(papers) else None
        yield press.page("paper.html", _paper_page(press, paper, before, after, index + 1))


def _paper_page(press: Press, paper: Paper, before: Paper | None, after: Paper | None, position: int) -> PaperPageView:
    library, site = press.library, press.site
    texts = library.texts[paper.slug]
    title = texts.title
    summary = shorten(texts.abstract, META_DESCRIPTION) or f"{title}: a paper of {site.title}."
    sightings = sorted(paper.captures, key=lambda row: row.day, reverse=True)
    view = PaperView(
        title=texts.title_html,
        who=show_who(paper),
        who_path=organization_path(paper),
        published=published_date(paper),
        updated=show_date(paper.updated) if paper.updated else None,
        comments=paper.comments_count,
        comments_day=comments_day(paper),
        tags=show_tags(paper.tags, library),
        links=show_links(paper),
        abstract=texts.abstract_html,
        notes=texts.notes_html,
        status=STATUS_LABELS.get(paper.status or "", ""),
        rating=paper.rating,
        arxiv=paper.arxiv or "",
        doi=paper.doi or "",
        sightings=tuple(
            (
                Place(f"days/{row.day}.html", show_date(row.day).text, guessed=row.year == "inferred"),
                row.file,
                library.captures[row.file].shows if row.file in library.captures else "",
            )
            for row in sightings
        ),
        bibtex=write_bibtex(paper, title),
        previous=_neighbour(press, before),
        next=_neighbour(press, after),
        position=position,
        total=len(library.entries),
        source_path=f"papers/{paper.slug}.md",
    )
    page = head(f"papers/{paper.slug}.html", title, summary, section="papers", feeds=(press.feed,))
    return PaperPageView(site, page, view, _citation(paper, title, site), _json_ld(paper, texts, site))


def _neighbour(press: Press, paper: Paper | None) -> Place | None:
    return Place(f"papers/{paper.slug}.html", press.library.texts[paper.slug].title) if paper else None


def _citation(paper: Paper, title: str, site: Site) -> tuple[tuple[str, str], ...]:
    """Return the Highwire tags by which Zotero and Scholar read a paper's page."""
    tags = [("citation_title", title)]
    tags += [("citation_author", name) for name in paper.authors]
    if published := _certain_day(paper):
        tags.append(("citation_publication_date", published.strftime("%Y/%m/%d")))
    if paper.arxiv:
        tags.append(("citation_arxiv_id", paper.arxiv))
    if paper.doi:
        tags.append(("citation_doi", paper.doi))
    tags += [("citation_pdf_url", link.url) for link in paper.links if link.kind == "pdf"]
    if site.address:
        tags.append(("citation_abstract_html_url", f"{site.address}papers/{paper.slug}.html"))
    return (*tags, *(("citation_keywords", slug.replace("-", " ")) for slug in paper.tags))


def _certain_day(paper: Paper) -> date | None:
    """Return the publication day for machines, which cannot be told that a year was inferred."""
    return None if paper.published_year == "inferred" else paper.published


def _json_ld(paper: Paper, texts: Texts, site: Site) -> Markup:
    """Describe a paper in schema.org's words, escaped so that no text can end the script element."""
    published = _certain_day(paper)
    known = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": texts.title,
        "abstract": texts.abstract,
        "author": [{"@type": "Person", "name": name} for name in paper.authors],
        "sourceOrganization": paper.organization and {"@type": "Organization", "name": paper.organization.name},
        "datePublished": published and published.isoformat(),
        "keywords": ", ".join(slug.replace("-", " ") for slug in paper.tags),
        "url": f"{site.address}papers/{paper.slug}.html" if site.address else None,
        "sameAs": [link.url for link in paper.links if link.kind in ("paper", "pdf", "project")],
        "isPartOf": {"@type": "Collection", "name": site.title},
    }
    text = json.dumps({key: value for key, value in known.items() if value}, ensure_ascii=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


# ---------------------------------------------------------------- texts


def _texts(press: Press, pages: tuple[Page, ...]) -> Iterator[OutputFile]:
    site = press.site
    texts = {
        "about": ("About this list", site.description),
        **{page.slug: (page.title, page.text) for page in pages},
    }
    feeds = tuple(FeedLink(tag.name, f"tags/{tag.slug}.xml") for tag in press.library.tags.values())
    for slug, (title, text) in texts.items():
        if slug == "about":
            yield press.page("about.html", _text(press, slug, title, render_notes(text), feeds))
        else:
            yield press.page("page.html", _text(press, slug, title, render_notes(text)))
    yield press.page("search.html", _text(press, "search", "Search", Markup("")))
    yield press.page("404.html", _text(press, "404", "Page not found", Markup("")))


def _text(press: Press, slug: str, title: str, text: Markup, feeds: tuple[FeedLink, ...] = ()) -> TextView:
    about = shorten(text.striptags(), META_DESCRIPTION) or f"{title}: {press.site.title}"
    page = head(f"{slug}.html", title, about, section=slug, feeds=(press.feed,))
    return TextView(press.site, page, title, text, feeds=feeds)


def _redirects(press: Press) -> Iterator[OutputFile]:
    """Plan a page at each former address that leads to the present one."""
    moved: list[tuple[str, str, str]] = [
        (f"papers/{alias}.html", f"papers/{paper.slug}.html", press.library.texts[paper.slug].title)
        for paper in press.library.papers
        for alias in paper.aliases
        if alias not in press.library.entries
    ]
    moved += [
        (f"tags/{alias}.html", f"tags/{tag.slug}.html", tag.name)
        for tag in press.library.tags.values()
        for alias in tag.aliases
    ]
    for path, target, title in moved:
        page = head(path, title, f"This page has moved: {title}")
        view = TextView(press.site, page, title, Markup(""), target=target)
        yield press.page("redirect.html", view)
