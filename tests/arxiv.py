"""A stand-in for the arXiv API: the same questions, the same Atom, and what goes wrong with a server."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from site_builder.lookup.client import Manner

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <link href="http://arxiv.org/api/query?{question}" rel="self" type="application/atom+xml"/>
  <title type="html">ArXiv Query: {question}</title>
  <id>http://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <updated>2026-01-05T00:00:00-05:00</updated>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{total}</opensearch:totalResults>
  <opensearch:startIndex xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">0</opensearch:startIndex>
  <opensearch:itemsPerPage xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{most}</opensearch:itemsPerPage>
{entries}</feed>
"""
ENTRY = """  <entry>
    <id>http://arxiv.org/abs/{id}v{version}</id>
    <updated>{updated}T17:59:03Z</updated>
    <published>{published}T12:01:44Z</published>
    <title>{title}</title>
    <summary>  {abstract}
</summary>
{authors}
{doi}    <link href="http://arxiv.org/abs/{id}v{version}" rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/{id}v{version}" rel="related" type="application/pdf"/>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
"""
ERROR = """  <entry>
    <id>http://arxiv.org/api/errors#{slug}</id>
    <title>Error</title>
    <summary>{said}</summary>
    <updated>2026-01-05T00:00:00-05:00</updated>
    <link href="http://arxiv.org/api/errors#{slug}" rel="alternate" type="text/html"/>
    <author>
      <name>arXiv api core</name>
    </author>
  </entry>
"""


class Record(NamedTuple):
    """A paper as arXiv holds it."""

    id: str
    title: str
    authors: tuple[str, ...] = ("Ada Lovelace", "Emmy Noether")
    published: str = "2024-10-15"
    updated: str = "2024-10-15"
    abstract: str = "What arXiv says that it is about."
    doi: str = ""

    def write(self) -> str:
        authors = "\n".join(f"    <author>\n      <name>{escape(name)}</name>\n    </author>" for name in self.authors)
        doi = f'    <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">{escape(self.doi)}</arxiv:doi>\n'
        texts = {"title": escape(self.title), "abstract": escape(self.abstract), "authors": authors}
        version = 1 if self.updated == self.published else 2
        return ENTRY.format(**{**self._asdict(), **texts, "doi": doi if self.doi else "", "version": version})


class Reply(NamedTuple):
    """What a faulty server answers instead: a status, headers, a body; `cut` promises more than there is."""

    status: int = 200
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    kind: str = "application/atom+xml; charset=UTF-8"
    cut: bool = False
    hang: bool = False


@dataclass(slots=True)
class StandIn:
    """A server of records; `faults` are the replies to the next requests, `later` one to all that follow."""

    records: list[Record] = field(default_factory=list)
    faults: list[Reply] = field(default_factory=list)
    later: Reply | None = None
    questions: list[dict[str, str]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    now: float = 0.0
    takes: float = 0.0
    address: str = ""
    on_question: Callable[[], None] | None = None
    released: Event = field(default_factory=Event)

    def wait(self, seconds: float) -> None:
        """Be waited for, in no time."""
        self.waits.append(seconds)
        self.now += seconds

    def manner(self, **changed: Any) -> Manner:
        """Ask this server; the clock is its own."""
        told = Manner(self.address, "test", wait=self.wait, clock=lambda: self.now)
        return told._replace(**changed)

    def answer(self, asked: dict[str, str]) -> Reply:
        most = int(asked.get("max_results", "10"))  # the API's own default, for identifiers too
        if "id_list" in asked:
            ids = asked["id_list"].split(",")
            for one in ids:
                if not re.fullmatch(r"\d{2}(0[1-9]|1[0-2])\.\d{4,5}(v\d+)?|[a-z-]+(\.[A-Z]{2})?/\d{7}", one):
                    return Reply(
                        400, self._feed(asked, [], ERROR.format(slug=one, said=f"incorrect id format for {one}"))
                    )
            found = [record for one in ids for record in self.records if record.id == one]
        else:
            query = asked.get("search_query", "")
            if not query.isascii():
                return Reply(400, self._feed(asked, [], ERROR.format(slug="query", said="cannot be parsed")))
            found = search(self.records, query)
        return Reply(200, self._feed(asked, found[:most], ""))

    def _feed(self, asked: dict[str, str], found: list[Record], error: str) -> str:
        question = escape("&".join(f"{key}={value}" for key, value in asked.items()), {'"': "&quot;"})
        entries = error or "".join(record.write() for record in found)
        return FEED.format(question=question, total=len(found), most=len(found), entries=entries)


def search(records: list[Record], query: str) -> list[Record]:
    """Search as arXiv does: phrases with AND, words with OR; a minus takes the word behind it away."""
    if '"' not in query:
        words = [part.removeprefix("ti:") for part in query.split(" OR ")]
        ranked = [(sum(word in words_of(record.title) for word in words), record) for record in records]
        return [record for number, record in sorted(ranked, key=lambda row: -row[0]) if number]
    phrases = re.findall(r'ti:"([^"]*)"', query)
    assert phrases and query == " AND ".join(f'ti:"{phrase}"' for phrase in phrases), query
    return [
        record
        for record in records
        if all(f" {phrase} " in f" {' '.join(words_of(record.title))} " for phrase in phrases)
        and not re.search(r"-\w", query)
    ]


def words_of(title: str) -> list[str]:
    """Split a title as arXiv's index does: `GPT-4` is one word, `world-model` two."""
    tokens = [token.strip(".,:;!?()'\"") for token in title.lower().split()]
    return [word for t in tokens for word in ([t] if re.search(r"\d", t) else re.findall(r"[^\W_]+", t)) if word]


@contextmanager
def serve_arxiv(*records: Record) -> Iterator[StandIn]:
    """Serve records as arXiv does, on a free port of this machine."""
    served = StandIn(list(records))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
            served.questions.append(asked)
            served.agents.append(self.headers["User-Agent"])
            served.now += served.takes
            if served.on_question:
                served.on_question()
            fault = served.faults.pop(0) if served.faults else served.later
            reply = fault or served.answer(asked)
            if reply.hang:
                served.released.wait(30)
                return
            body = reply.body.encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + 100 * reply.cut))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        served.address = f"http://127.0.0.1:{server.server_port}/api/query"
        yield served
        served.released.set()
        server.shutdown()
        thread.join()
