"""The arXiv API: papers by title, and by identifier.

In: titles, identifiers. Out: Papers as arXiv describes them, or why it could not be asked.
Must not know the entries, nor how an answer travels.
"""

import html
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from site_builder.formats.arxiv import read_arxiv
from site_builder.lookup.answers import find_answer, keep_answer
from site_builder.lookup.client import MOST_FAILURES, Client, Failure, end_asking
from site_builder.lookup.titles import title_query, wide_query
from site_builder.paper import Paper

ADDRESS = "https://export.arxiv.org/api/query"
ADDRESS_VARIABLE = "SITE_BUILDER_ARXIV_API"
MOST_IDS = 100  # in one request
MOST_TITLES = 10
REFUSAL = re.compile(r"<id>\s*https?://arxiv\.org/api/errors.*?<summary[^>]*>(.*?)</summary>", re.DOTALL)

Found = list[Paper] | Failure


class Arxiv(NamedTuple):
    """Where answers come from: the API, and those that are kept in a folder and were given not long before today."""

    client: Client
    folder: Path
    today: date
    fresh: bool = False


def find_by_title(arxiv: Arxiv, title: str) -> Found:
    """Find papers whose title has the words of this one in their order."""
    query = title_query(title)
    return _find(arxiv, {"search_query": query, "max_results": str(MOST_TITLES)}) if query else []


def find_like_title(arxiv: Arxiv, title: str) -> Found:
    """Find papers whose titles share words with this one, the most alike first."""
    query = wide_query(title)
    return _find(arxiv, {"search_query": query, "max_results": str(MOST_TITLES)}) if query else []


def find_by_ids(arxiv: Arxiv, ids: Sequence[str]) -> tuple[dict[str, Paper], dict[str, Failure]]:
    """Find papers by identifier, up to MOST_IDS at once; one that arXiv refuses costs the others a request more.

    Returns what was found, and why which of the others could not be asked for.
    """
    found: dict[str, Paper] = {}
    failed: dict[str, Failure] = {}
    waiting = [list(ids)] if ids else []
    in_row = 0
    while waiting:
        part = waiting.pop(0)
        answer = _find(arxiv, {"id_list": ",".join(part), "max_results": str(len(part))})
        in_row = in_row + 1 if isinstance(answer, Failure) and not answer.refuses else 0
        if isinstance(answer, Failure) and in_row == MOST_FAILURES and not answer.ends:
            answer = end_asking(answer)
        if isinstance(answer, list):
            found.update((paper.arxiv, paper) for paper in answer if paper.arxiv in part)
        elif answer.ends:
            failed.update(dict.fromkeys([*part, *(one for rest in waiting for one in rest)], answer))
            break
        elif len(part) > 1:
            waiting[:0] = [part[: len(part) // 2], part[len(part) // 2 :]]
        else:
            failed[part[0]] = answer
    return found, failed


def _find(arxiv: Arxiv, parameters: dict[str, str]) -> Found:
    """Ask for papers, unless the answer is kept; an answer that can be read is."""
    client, folder, today, fresh = arxiv
    question = f"{client.manner.address}?{urlencode(parameters)}"
    kept = None if fresh else find_answer(folder, question, today)
    if kept is not None and isinstance(papers := read_answer(kept), list):
        return papers
    answer = client.ask(parameters)
    if isinstance(answer, Failure):
        return answer
    found = read_answer(answer)
    if isinstance(found, list):
        keep_answer(folder, question, answer, today)
    return found


def read_answer(text: str) -> Found:
    """Read an answer of the API. One without papers is an answer; one that is broken, or refuses, is none."""
    refused = REFUSAL.search(text)
    if refused:
        return Failure(f"the API refuses the question: {' '.join(html.unescape(refused[1]).split())}", refuses=True)
    if "<feed" not in text or not text.rstrip().endswith("</feed>"):
        return Failure("the API's answer is broken, or no Atom")
    if "<entry" not in text:
        return []
    drafts, problems = read_arxiv(text, "arXiv")
    if not drafts:
        return Failure(
            f"the API's answer cannot be read: {problems[0].message}" if problems else "the API's answer is empty"
        )
    return [draft.paper for draft in drafts]
