"""Questions to an API over http, asked politely.

In: a question's parameters. Out: the text of the answer, or why there is none. Must not know what is asked.

One request at a time, with a pause after each; one that is to come again later is asked again when it may be, a few
times. An answer is read up to a bound, in a bounded time.
"""

import time
from collections.abc import Callable, Mapping
from http.client import HTTPException, HTTPResponse
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPDefaultErrorHandler, HTTPErrorProcessor, HTTPRedirectHandler, Request

from site_builder.errors import cut_short
from site_builder.network import make_opener, read_body, read_wait

MOST_FAILURES = 3  # in a row, after which nobody is asked any more
MOST_BYTES = 5_000_000
COME_AGAIN = (429, 500, 502, 503, 504)
READ_ANYWAY = (200, 400)  # arXiv explains what it refuses


class Failure(NamedTuple):
    """Why a question has no answer. `ends` says that asking on is of no use now, `again` that a second try may help.

    `refuses` says that it is this question's own fault: another one may be answered.
    """

    message: str
    ends: bool = False
    again: bool = False
    after: float = 0.0
    refuses: bool = False


def end_asking(failure: Failure) -> Failure:
    """End the asking after failures in a row, of which this is the last."""
    return failure._replace(
        message=f"asking ended after {MOST_FAILURES} failures in a row: {failure.message}", ends=True
    )


class Manner(NamedTuple):
    """How to ask: where, as whom, how patiently. Times are seconds; `pause` counts from the end of a request."""

    address: str
    agent: str = "site-builder"
    pause: float = 3.0
    timeout: float = 30.0
    tries: int = 3
    longest_wait: float = 120.0
    wait: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


class Client:
    """Asks one question after the other, and counts the requests."""

    def __init__(self, manner: Manner) -> None:
        """Be ready to ask in this manner."""
        self.manner, self.requests = manner, 0
        self._ended: float | None = None
        self._opener = make_opener(HTTPDefaultErrorHandler(), HTTPRedirectHandler(), HTTPErrorProcessor())

    def ask(self, parameters: Mapping[str, str]) -> str | Failure:
        """Ask a question, again when that may help; return the answer's text."""
        manner, least = self.manner, 0.0
        answer: str | Failure = Failure("nothing was asked")
        for number in range(manner.tries):
            self._rest(max(least, manner.pause))
            answer = self._ask_once(f"{manner.address}?{urlencode(parameters)}")
            if isinstance(answer, str) or not answer.again:
                return answer
            if answer.after > manner.longest_wait:
                return answer._replace(ends=True)
            least = answer.after or manner.pause * 2 ** (number + 1)
        return answer

    def _rest(self, seconds: float) -> None:
        """Wait until so many seconds have passed since the last request ended."""
        if self._ended is not None:
            left = self._ended + seconds - self.manner.clock()
            if left > 0:
                self.manner.wait(left)

    def _ask_once(self, url: str) -> str | Failure:
        self.requests += 1
        request = Request(url, headers={"User-Agent": self.manner.agent, "Accept": "application/atom+xml"})
        try:
            with self._open(request) as response:
                explains = response.status in READ_ANYWAY and "xml" in response.headers.get_content_type()
                return (
                    self._refusal(response)
                    if isinstance(response, HTTPError) and not explains
                    else self._read(response)
                )
        except URLError as error:
            reason = error.reason
            if isinstance(reason, TimeoutError):
                return Failure(f"no answer within {self.manner.timeout:g} s", again=True, ends=True)
            return Failure(f"the API cannot be reached: {getattr(reason, 'strerror', None) or reason}", ends=True)
        except TimeoutError:
            return Failure(f"no answer within {self.manner.timeout:g} s", again=True, ends=True)
        except (OSError, HTTPException, ValueError) as error:  # ValueError: an address that none can ask
            return Failure(f"the connection broke: {str(error) or type(error).__name__}", again=True)
        finally:
            self._ended = self.manner.clock()

    def _open(self, request: Request) -> HTTPResponse | HTTPError:
        """Send a request; a refusal is an answer too."""
        try:
            response: HTTPResponse = self._opener.open(request, timeout=self.manner.timeout)
        except HTTPError as error:
            return error
        return response

    def _refusal(self, error: HTTPError) -> Failure:
        reason = "".join(c for c in " ".join(str(error.reason).split()) if c.isprintable())
        said = f"the API answers {error.code} {cut_short(reason)}".rstrip()
        if error.code not in COME_AGAIN:
            return Failure(said)
        after = read_wait(error.headers.get("Retry-After", ""), time.time()) or 0.0
        asks = f", and asks to come again in {after:.0f} s" if after else ""
        return Failure(said + asks, ends=True, again=True, after=after)

    def _read(self, response: HTTPResponse | HTTPError) -> str | Failure:
        """Read an answer whole: what is no XML, too long, too slow or cut is no answer."""
        headers = response.headers
        if "xml" not in headers.get_content_type():
            hint = "is there a login page in between?"
            return Failure(f"the API answers with {headers.get_content_type()}, not with Atom; {hint}")
        data = read_body(response, MOST_BYTES, self.manner.timeout, self.manner.clock)
        if data is None:
            return Failure(f"the API's answer took longer than {self.manner.timeout:g} s", again=True)
        if len(data) > MOST_BYTES:
            return Failure(f"the API's answer is longer than {MOST_BYTES:,} bytes")
        if len(data) < int(headers.get("Content-Length") or 0):
            return Failure("the API's answer was cut off", again=True)
        return data.decode("utf-8", "replace")
