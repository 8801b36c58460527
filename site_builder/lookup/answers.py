"""Answers that are kept, so that nobody is asked the same twice in a month.

In: a folder, a question. Out: the answer's text, while it is young. Must not know what it says.

A file that is damaged, or cannot be written, costs a question and nothing else.
"""

import json
from contextlib import suppress
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path

from site_builder.errors import SiteBuilderError
from site_builder.files import read_text, write_atomic

KEPT = timedelta(days=30)


def find_answer(folder: Path, question: str, today: date) -> str | None:
    """Return the answer that a question had within the last 30 days."""
    path = _path_of(folder, question)
    text, problem = read_text(path)
    try:
        kept = json.loads(text) if not problem else {}
        age = today - date.fromisoformat(kept["day"])
        is_good = kept["question"] == question and isinstance(kept["answer"], str)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return kept["answer"] if is_good and timedelta(0) <= age <= KEPT else None


def keep_answer(folder: Path, question: str, answer: str, today: date) -> None:
    """Keep an answer."""
    kept = {"question": question, "day": today.isoformat(), "answer": answer}
    with suppress(SiteBuilderError, OSError):
        write_atomic(_path_of(folder, question), json.dumps(kept, ensure_ascii=False).encode())
        ignore = folder.parent / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")


def _path_of(folder: Path, question: str) -> Path:
    return folder / f"{blake2b(question.encode(), digest_size=16).hexdigest()}.json"
