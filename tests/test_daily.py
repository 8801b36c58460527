"""Replies of the Daily Papers' API: lists, searches and single papers."""

import json
from datetime import date

from site_builder.formats.daily import read_daily
from site_builder.paper import Organization


def test_a_paper_is_dated_by_its_day_in_utc() -> None:
    reply = [{"paper": {"id": "2406.09246", "title": "T", "publishedAt": "2024-06-13T23:46:55.000-04:00"}}]
    [draft], problems = read_daily(json.dumps(reply), "x.json")
    assert (draft.paper.published, problems) == (date(2024, 6, 14), [])


def test_an_organization_has_its_handle_and_its_name() -> None:
    for given in ({"name": "kaist-ai", "fullname": "KAIST AI"}, {"name": "kaist-ai", "fullname": "KAIST AI", "x": 1}):
        for reply in ({"paper": {"title": "T", "organization": given}}, {"title": "T", "organization": given}):
            [draft], _ = read_daily(json.dumps([reply]), "x.json")
            assert draft.paper.organization == Organization("kaist-ai", "KAIST AI")


def test_authors_whom_the_listing_hides_are_left_out() -> None:
    authors = [{"name": "A B", "hidden": False}, {"name": "Project Page", "hidden": True}, {"name": "C D"}, None, "E F"]
    [draft], _ = read_daily(json.dumps({"title": "T", "authors": authors}), "x.json")
    assert draft.paper.authors == ("A B", "C D")
