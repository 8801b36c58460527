"""Captured text as readers see it: TeX repaired, links live, math as MathML. The raw text stays in the entry.

In: a title or an abstract as captured. Out: plain text, or safe HTML. Must not know which paper it is of.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from markupsafe import Markup, escape

from site_builder.formats.links import ADDRESS_IN_TEXT, clean_address, trim_address
from site_builder.kinds import is_web_address
from site_builder.prose.math import DOLLARS, find_math, mathml_to_text, restore_tex, tex_to_mathml

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

# ---------------------------------------------------------------- repairs: a chain of plain functions

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]")  # and what turns the text after it around
LONGEST_TEXT = 50_000
FOOTNOTE = re.compile(r"\\footnote\{((?:[^{}]|\{[^{}]*\})*)\}?")  # \footnote{The code is at …}
CITATION_KEY = re.compile(r"~[a-z]+(?:19|20)\d\d[a-z]+|~?\\cite[tp]?\{[^{}]*\}")  # ~wortsman2021robust
ACCENT = re.compile(  # \'e, \"{i}, \v{c}, \ss
    r"""\\(?:["'`^~=.](?:\{\\?[A-Za-z]\}|\\?[A-Za-z])|[uvHtcdbrk]\{\\?[A-Za-z]\}"""
    r"""|(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)(?![A-Za-z])(?:\{\}|\ )?)"""
)
STYLED = re.compile(r"\\?(text(?:bf|it|rm|sc|tt|sf)|emph|mbox)\{((?:[^{}]|\{[^{}]*\})*)\}")  # textbf{specialist}
# \method, a name that the paper's own preamble defines
MACRO = re.compile(r"(?<![\w:\\])\\([A-Za-z]+)(?:\{\})?(?![A-Za-z])")
ARROW = re.compile(r"\\?(?:[Ll]ong)?(leftright|Leftright|right|left|Right|Left)arrow")
ARROWS = {"right": "→", "left": "←", "Right": "⇒", "Left": "⇐", "leftright": "↔", "Leftright": "⇔"}
# In this order, each with the sign that it needs. What stands before a quote is looked at behind it: a pattern that
# begins with a letter is found much faster.
QUOTES = tuple(
    (sign, re.compile(pattern), replacement)
    for sign, pattern, replacement in (
        ("``", r"``(\w[^`'\"\n]{0,80}?)``", r"“\1”"),
        ("``", r"``(?<![\w`]``)(?=\S)", "“"),
        ("''", r"''(?<!\S'')(?=\w)", "“"),
        ("''", r"''(?<=\S'')(?!\()", "”"),
        ("`", r"`(?<![\w`]`)(?=\w)([^`'\n]{0,80})'(?!\w)", r"‘\1’"),
        ('"', r"\"(?<![^\s(\[{—–/-]\")(?=\S)", "“"),
        ('"', r"\"(?<=\S\")", "”"),
        ("'", r"'(?<![^\s(\[{—–“]')(?=\w[^']*\w'(?!\w))", "‘"),
        ("'", r"'(?<=[\w.,!?)“”]')(?!['(])", "’"),
    )
)
URL_MACRO = re.compile(r"\\(?:url\{([^{}]*)\}|href\{([^{}]*)\}\{([^{}]*)\})")


@cache
def _latex() -> "LatexNodes2Text":
    from pylatexenc.latex2text import LatexNodes2Text  # few texts need it, and it takes long to load

    return LatexNodes2Text(math_mode="verbatim", keep_comments=True)


def unwrap_footnotes(text: str) -> str:
    """Show a footnote in parentheses behind its sentence."""
    return FOOTNOTE.sub(lambda m: f" ({m[1].strip()})", text)


def unwrap_addresses(text: str) -> str:
    r"""Show the address of `\url{…}`, and that of `\href{…}{text}` behind its text."""
    return URL_MACRO.sub(lambda m: m[1] if m[1] is not None else f"{m[3]} ({m[2]})", text)


def unify_math(text: str) -> str:
    r"""Write all math between single dollars: `$$…$$` and `\(…\)` too."""
    text = re.sub(r"\$\$([^$]+)\$\$", lambda m: f"${m[1].strip()}$", text)
    return re.sub(r"\\\((.+?)\\\)", lambda m: f"${m[1].strip()}$", text)


def drop_citation_keys(text: str) -> str:
    """Take away citation keys that stand for nothing here, and the blank they leave before a bracket."""
    return re.sub(r"(?<=\w) \)", ")", CITATION_KEY.sub("", text))


def decode_accents(text: str) -> str:
    r"""Turn TeX accents and letters into characters: `Pok\'emon` into `Pokémon`."""
    return ACCENT.sub(lambda m: str(_latex().latex_to_text(m[0])), text)


def drop_styles(text: str) -> str:
    """Keep the words of `textbf{…}` and its like."""
    return STYLED.sub(r"\2", text)


def restore_signs(text: str) -> str:
    r"""Turn escaped signs, lost relations and arrows into characters: `88.4\%`, `(ge 175B)`, `→`."""
    text = re.sub(r"\\([%$&#_{}])", r"\1", text)
    text = ARROW.sub(lambda m: ARROWS[m[1]], text)
    text = re.sub(r"(?<=[\s(])\\?(ge|le)q? (?=\d)", lambda m: "≥\u202f" if m[1] == "ge" else "≤\u202f", text)
    return re.sub(r"\b([nmNMdk])gg ([a-zA-Z])\b", r"\1 ≫ \2", text)


def set_quotes(text: str) -> str:
    """Set quotes as a printer does, TeX's and typewriter ones, balanced or not."""
    for sign, pattern, replacement in QUOTES:
        if sign in text:
            text = pattern.sub(replacement, text)
    return text


def set_dashes(text: str) -> str:
    """Set dashes: `---` and ` -- `."""
    return re.sub(r"(?<=\d)--(?=\d)| -- ", lambda m: "–" if m[0] == "--" else " – ", re.sub(r" ?--- ?", "—", text))


def set_ties(text: str) -> str:
    """Turn TeX's tie `~` into a space that does not break; `~3%` is about 3%, `3~5` is a range, and they stay."""
    return re.sub(r"(?<=[A-Za-z).,:])~(?=\w)|(?<=\d)~(?=[A-Za-z])", "\u00a0", text)


def name_macros(text: str) -> str:
    r"""Show an unknown macro by its name: `\method` as `method`."""
    return MACRO.sub(r"\1", text)


# Each step with the signs of which it needs one: most texts have none of them, and are passed by at once.
Step = tuple[Callable[[str], str], tuple[str, ...]]

UNWRAPPING: tuple[Step, ...] = (
    (unwrap_footnotes, ("\\footnote",)),
    (unwrap_addresses, ("\\url", "\\href")),
    (unify_math, ("$$", "\\(")),
    (drop_citation_keys, ("~", "\\cite", " )")),
)
REPAIRS: tuple[Step, ...] = (
    (decode_accents, ("\\",)),
    (drop_styles, ("{",)),
    (restore_signs, ("\\", "arrow", " ge ", " le ", "(ge ", "(le ", "\nge ", "\nle ", "geq ", "leq ", "gg ")),
    (set_ties, ("~",)),
    (set_quotes, ("`", "'", '"')),
    (set_dashes, ("--",)),
    (name_macros, ("\\",)),
)
ADDRESS_STARTS = ("www.", ".io")
ADDRESS_SLASHES = ("://", *[f".{end}/" for end in "com org net ai edu dev me".split()])


def run_steps(steps: tuple[Step, ...], text: str) -> str:
    """Run steps over a text, those that find one of their signs in it."""
    for step, signs in steps:
        for sign in signs:
            if sign in text:
                text = step(text)
                break
    return text


# ---------------------------------------------------------------- pieces of a text


class Piece(NamedTuple):
    """A stretch of repaired text: `text`, a `url`, or `math`, whose `source` is TeX."""

    kind: Literal["text", "url", "math"]
    text: str
    source: str = ""


@lru_cache(maxsize=64)  # a text is repaired for its HTML and, right after that, for its plain words
def repair(raw: str) -> tuple[Piece, ...]:
    """Repair captured text for display: its pieces in order. No character of the text is hidden by a fault."""
    if len(raw) > LONGEST_TEXT:  # no abstract: shown as it is
        return (Piece("text", raw),)
    shown = raw if raw.isprintable() else CONTROL.sub("", raw)
    return tuple(_join_text(_split_addresses(run_steps(UNWRAPPING, shown))))


def _split_addresses(text: str) -> Iterator[Piece]:
    position = 0
    for match in _find_addresses(text):
        shown, url = trim_address(match.group()), clean_address(match.group())
        if not is_web_address(url):
            continue
        yield from _split_dollars(text[position : match.start()])
        yield Piece("url", shown, url)
        position = match.start() + len(shown)
    yield from _split_dollars(text[position:])


def _find_addresses(text: str) -> Iterator[re.Match[str]]:
    """Find addresses; no word is looked at closely that has none of their signs."""
    lowered = text.lower()
    signs = ADDRESS_STARTS + ADDRESS_SLASHES if "/" in lowered else ADDRESS_STARTS
    if any(sign in lowered for sign in signs):
        for word in re.finditer(r"\S+", text):
            if "." in word[0][:-1] or "://" in word[0]:
                yield from ADDRESS_IN_TEXT.finditer(text, word.start(), word.end())


def _split_dollars(text: str) -> Iterator[Piece]:
    position = 0
    for match in DOLLARS.finditer(text):
        tex = match[1] if "\\" in match[1] else restore_tex(match[1]) or match[1]
        yield from _split_lost_math(text[position : match.start()])
        position = match.end()
        if STYLED.search(match[1]) and _is_words(match[1]):
            yield Piece("text", match[1])
        elif _is_words(match[1]):  # dollars that are money
            yield Piece("text", match[0])
        else:
            yield Piece("math", match[1], tex)
    yield from _split_lost_math(text[position:])


def _is_words(tex: str) -> bool:
    """Tell whether dollars hold words, not math: `$textbf{one} and textbf{two}$`, `$5M vs. 10$`."""
    outside = STYLED.sub("", tex)
    return " " in tex and not re.search(r"[_^=\\<>+*/|]|geq|leq", outside)


def _split_lost_math(text: str) -> Iterator[Piece]:
    position = 0
    for start, end, tex in find_math(text):
        yield Piece("text", text[position:start])
        yield Piece("math", text[start:end], tex)
        position = end
    yield Piece("text", text[position:])


def _join_text(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join neighbouring text and run the repairs over it."""
    waiting = ""
    for piece in pieces:
        if piece.kind == "text":
            waiting += piece.text
            continue
        if waiting:
            yield Piece("text", run_steps(REPAIRS, waiting))
            waiting = ""
        yield piece
    if waiting:
        yield Piece("text", run_steps(REPAIRS, waiting))


# ---------------------------------------------------------------- what readers get


def plain_text(raw: str) -> str:
    """Return captured text repaired, without markup: for titles, feeds, search and machines."""
    return "".join(_plain_math(piece) if piece.kind == "math" else piece.text for piece in repair(raw))


def _plain_math(piece: Piece) -> str:
    mathml = tex_to_mathml(piece.source)
    return mathml_to_text(mathml) if mathml else piece.text


def rich_text(raw: str) -> Markup:
    """Return captured text repaired, as HTML: addresses are links, math is MathML, else `<code>`."""
    return Markup("").join(map(_rich_piece, repair(raw)))


def rich_title(raw: str) -> Markup:
    """Return a title as HTML: like `rich_text`, but without links, since a title stands in one."""
    return Markup("").join(escape(piece.text) if piece.kind == "url" else _rich_piece(piece) for piece in repair(raw))


def _rich_piece(piece: Piece) -> Markup:
    if piece.kind == "url":
        return Markup(f'<a href="{escape(piece.source)}" rel="nofollow noopener">{escape(piece.text)}</a>')
    if piece.kind == "math":
        mathml = tex_to_mathml(piece.source)
        return Markup(mathml or f"<code>{escape(piece.text)}</code>")
    return escape(piece.text)


def broken_math(raw: str) -> list[str]:
    """Return the formulas of a text, between dollars, that cannot be shown as math."""
    return [p.text for p in repair(raw) if p.kind == "math" and not tex_to_mathml(p.source)]
