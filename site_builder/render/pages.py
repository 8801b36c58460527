"""The home page, the papers' pages, and the pages of text.

In: the press, the curator's free pages. Out: an OutputFile for each page.
Must not know how a page looks: that is the templates' part.
"""

import json
from collections.abc import Iterator
from datetime import date
from itertools import groupby, islice
from typing import NamedTuple

from markupsafe import Markup

from site_builder.content.store import Page
from site_builder.formats.bibtex import write_bibtex
from site_builder.formats.draft import Draft
from site_builder.formats.extra import find_url
from site_builder.library.brief import Body, show_people
from site_builder.library.model import Library
from site_builder.library.stats import look_up_links
from site_builder.library.texts import Texts, shorten
from site_builder.paper import Paper
from site_builder.prose.notes import render_notes
from site_builder.render.output import OutputFile
from site_builder.render.paths import PathRow, Stop, find_paths, path_page, path_rows, show_rows
from site_builder.render.press import Press, TagNames
from site_builder.render.views import (
    META_DESCRIPTION,
    STATUS_LABELS,
    FeedLink,
    Groups,
    Head,
    PaperView,
    Place,
    Site,
    TagView,
    comments_day,
    correction_address,
    head,
    organization_path,
    show_date,
    show_day,
    show_groups,
    show_links,
    show_tags,
    tag_groups,
)

HOME = "index.html"
HOME_DAYS = 3
HOME_PAPERS = 6  # a day


class HomeView(NamedTuple):
    """The home page."""

    site: Site
    head: Head
    facts: tuple[Place, ...]
    featured: tuple[Markup, ...]
    recent: tuple[tuple[Place, tuple[Markup, ...]], ...]
    paths: tuple[Place, ...]
    groups: tuple[tuple[str, tuple[TagView, ...]], ...]


class PaperPageView(NamedTuple):
    """A paper's page, with what machines read of it."""

    site: Site
    head: Head
    paper: PaperView
    citation: tuple[tuple[str, str], ...]
    json_ld: Markup


class TextView(NamedTuple):
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
    yield from _tools(press)
    yield from _redirects(press)


def _home(press: Press) -> OutputFile:
    library = press.library
    by_day = {day: list(slugs) for day, slugs in groupby(library.recent, lambda slug: library.papers[slug].added)}
    recent, shown = [], []
    for day, slugs in islice(((day, slugs) for day, slugs in by_day.items() if day), HOME_DAYS):
        path = f"days/{day}.html" if day in library.by_day else ""  # it leads on when it is a day of capture
        recent.append((day, path, len(slugs), day in library.guessed_days))
        shown += slugs[:HOME_PAPERS]
    return press.page(
        "home.html",
        HOME,
        _show_home,
        _facts(library),
        press.cards([slug for slug in library.recent if library.papers[slug].featured], HOME, 3),
        tuple(recent),
        press.cards(shown, HOME, 4),
        path_rows(library),
        tag_groups(library),
    )


def _show_home(
    site: Site,
    path: str,
    facts: tuple[tuple[str, str, int], ...],
    featured: tuple[Markup, ...],
    days: tuple[tuple[str, str, int, bool], ...],
    cards: tuple[Markup, ...],
    paths: tuple[PathRow, ...],
    groups: Groups,
) -> HomeView:
    """Show the home page; `days` are those on which papers joined last: day, page, number, whether it is a guess."""
    waiting = iter(cards)
    recent = [
        (Place(place, show_day(day).text, count, guessed=guessed), tuple(islice(waiting, min(count, HOME_PAPERS))))
        for day, place, count, guessed in days
    ]
    return HomeView(
        site,
        head(path, site.title, site.description, section="home", feeds=(site.feed,)),
        facts=tuple([Place(*fact) for fact in facts]),
        featured=featured,
        recent=tuple(recent),
        paths=show_rows(paths),
        groups=show_groups(groups),
    )


def _facts(library: Library) -> tuple[tuple[str, str, int], ...]:
    """Say how much is in the list: address, words, number."""
    papers = library.papers.values()
    with_code = sum(any(kind == "code" for kind, _ in brief.links) for brief in papers)
    captures = {file for brief in papers for file, _, _ in brief.sightings}
    used = sum(bool(slugs) for slugs in library.by_tag.values())
    facts = (
        ("papers/index.html", "papers", len(papers)),
        ("tags/index.html", "tags", used),
        ("days/index.html", "captures", len(captures)),
        ("", "with code", with_code),
    )
    return tuple([fact for fact in facts if fact[2]])


# ---------------------------------------------------------------- papers


def _papers(press: Press) -> Iterator[OutputFile]:
    captures, paths = press.library.captures, find_paths(press.library)
    sheets = list(press.sheets.values())
    places = [(f"papers/{sheet.brief.slug}.html", sheet.brief.title) for sheet in sheets]
    for sheet, place, *around in zip(sheets, places, [None, *places], [*places[1:], None], strict=False):
        shows = tuple([(f, captures[f].shows) for f, _, _ in sheet.brief.sightings if f in captures])
        given = (press.body(sheet), sheet.brief.tags, sheet.tags, tuple(around), shows)
        yield press.page("paper.html", place[0], _show_paper, *given, paths.get(sheet.brief.slug, ()))


def _show_paper(
    site: Site,
    path: str,
    body: Body,
    slugs: tuple[str, ...],
    tags: TagNames,
    around: tuple[tuple[str, str] | None, tuple[str, str] | None],
    shows: tuple[tuple[str, str], ...],
    paths: tuple[Stop, ...],
) -> PaperPageView:
    """Show a paper; `slugs` are its tags' present names, in its own order, `shows` says what each capture shows.

    `around` are the papers before and after it by title.
    """
    paper, texts = body.paper._replace(tags=slugs), body.texts
    summary = shorten(texts.abstract, META_DESCRIPTION) or f"{texts.title}: a paper of {site.title}."
    what, organization = dict(shows), paper.organization
    is_linked = paper.arxiv or paper.doi or any(link.kind in ("paper", "pdf") for link in paper.links)
    view = PaperView(
        slug=paper.slug,
        title=texts.title_html,
        who=show_people(paper),
        who_path=organization_path(organization.handle) if organization and not paper.authors else "",
        published=show_date(paper.published, guessed=paper.published_year == "inferred") if paper.published else None,
        updated=show_date(paper.updated) if paper.updated else None,
        comments=paper.comments_count,
        comments_day=comments_day(paper),
        tags=show_tags(tags),
        links=show_links([(link.kind, link.url) for link in paper.links], paper.arxiv or "", paper.doi or ""),
        abstract=texts.abstract_html,
        notes=texts.notes_html,
        status=STATUS_LABELS.get(paper.status or "", ""),
        rating=paper.rating,
        arxiv=paper.arxiv or "",
        doi=paper.doi or "",
        sightings=tuple(
            [
                (
                    Place(f"days/{row.day}.html", show_date(row.day).text, guessed=row.year == "inferred"),
                    row.file,
                    what.get(row.file, ""),
                )
                for row in sorted(paper.captures, key=lambda row: row.day, reverse=True)
            ]
        ),
        bibtex=write_bibtex([Draft(paper._replace(title=texts.title), "", 0)]),
        cited_url=find_url(paper),
        paths=tuple(
            [Place(path_page(slug), title, number, f"{number} of {size}") for slug, title, number, size in paths]
        ),
        previous=Place(*around[0]) if around[0] else None,
        next=Place(*around[1]) if around[1] else None,
        lookups=() if is_linked else look_up_links(texts.title),
        source_path=f"papers/{paper.slug}.md",
        correction=correction_address(site.repository, texts.title, f"papers/{paper.slug}.md"),
    )
    page = head(path, texts.title, summary, section="papers", feeds=(site.feed,))
    return PaperPageView(site, page, view, _citation(paper, texts.title, site), _json_ld(paper, texts, site))


def _citation(paper: Paper, title: str, site: Site) -> tuple[tuple[str, str], ...]:
    """Return the Highwire tags by which Zotero and Scholar read a paper's page."""
    tags = [("citation_title", title)]
    tags += [("citation_author", name) for name in paper.authors]
    if published := _certain_day(paper):
        tags.append(("citation_publication_date", published.isoformat().replace("-", "/")))
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
    texts = {
        "about": ("About this list", press.site.description),
        **{page.slug: (page.title, page.text) for page in pages},
    }
    followed = [(tag.name, f"tags/{tag.slug}") for tag in press.library.tags.values()]
    followed += [(path.title, f"collections/{path.slug}") for path in press.library.paths]
    for slug, (title, text) in texts.items():
        is_about = slug == "about"
        template, feeds = ("about.html", tuple(followed)) if is_about else ("page.html", ())
        yield press.page(template, f"{slug}.html", _show_text, slug, title, text, feeds)


def _show_text(
    site: Site, path: str, section: str, title: str, text: str, feeds: tuple[tuple[str, str], ...]
) -> TextView:
    made = render_notes(text)
    about = shorten(made.striptags(), META_DESCRIPTION) or f"{title}: {site.title}"
    page = head(path, title, about, section=section, feeds=(site.feed,))
    return TextView(site, page, title, made, feeds=tuple([FeedLink(*feed) for feed in feeds]))


def _tools(press: Press) -> Iterator[OutputFile]:
    """Plan the search page, and the page for addresses that lead nowhere."""
    yield press.page("search.html", "search.html", _show_tool, "search", "Search")
    yield press.page("404.html", "404.html", _show_tool, "404", "Page not found")


def _show_tool(site: Site, path: str, section: str, title: str) -> TextView:
    page = head(path, title, f"{title}: {site.title}", section=section, feeds=(site.feed,))
    return TextView(site, page, title, Markup(""))


def _redirects(press: Press) -> Iterator[OutputFile]:
    """Plan a page at each former address that leads to the present one."""
    library = press.library
    moved: list[tuple[str, str, str]] = [
        (f"papers/{alias}.html", f"papers/{brief.slug}.html", brief.title)
        for brief in library.papers.values()
        for alias in brief.aliases
        if alias not in library.papers
    ]
    moved += [
        (f"tags/{alias}.html", f"tags/{tag.slug}.html", tag.name)
        for tag in library.tags.values()
        for alias in tag.aliases
    ]
    for path, target, title in moved:
        yield press.page("redirect.html", path, _show_redirect, target, title)


def _show_redirect(site: Site, path: str, target: str, title: str) -> TextView:
    return TextView(site, head(path, title, f"This page has moved: {title}"), title, Markup(""), target=target)
