"""What filters and sorting need of every paper, in columns of numbers; templates/assets/shards.js reads them.

In: each paper's number, day, tags, organization. Out: one plain value. Must not know how a filter works.

A paper stands here by its place among all papers by number, so that the numbers need not be said again.
"""

from collections.abc import Collection, Mapping
from datetime import date

from site_builder.library.model import Library
from site_builder.paper import parse_day
from site_builder.search.postings import write_numbers


def write_facets(library: Library, numbers: Mapping[str, int]) -> dict[str, object]:
    """Write the facets of the papers, given by their numbers, which are in order.

    A day is counted from the first one, 0 is an unknown day; `titles` are the papers in the order of their titles.
    """
    places = {slug: place for place, slug in enumerate(numbers)}
    papers = [library.papers[slug] for slug in numbers]
    days = [parse_day(brief.published).toordinal() if brief.published else 0 for brief in papers]
    first = min(filter(None, days), default=1)
    tags = [(tag.slug, tag.name, library.by_tag[tag.slug]) for tag in library.tags.values()]
    organizations = [
        (handle, library.organizations[handle][1], slugs) for handle, slugs in sorted(library.by_organization.items())
    ]

    def list_papers(slugs: Collection[str]) -> str:
        return _write_places(sorted([places[slug] for slug in slugs]))

    return {
        "tags": [[slug, name, list_papers(slugs)] for slug, name, slugs in tags if slugs],
        "organizations": [[handle, name, list_papers(slugs)] for handle, name, slugs in organizations],
        "code": list_papers([brief.slug for brief in papers if any(kind == "code" for kind, _ in brief.links)]),
        "comments": list_papers([brief.slug for brief in papers if brief.comments]),
        "first": date.fromordinal(first).isoformat(),
        "days": write_numbers([day - first + 1 if day else 0 for day in days]),
        "titles": write_numbers([places[slug] for slug in library.papers]),
    }


def _write_places(places: list[int]) -> str:
    """Write places in order: the gap before each."""
    return write_numbers([place - before - 1 for before, place in zip([-1, *places], places, strict=False)])
