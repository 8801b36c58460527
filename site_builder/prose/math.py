"""Math in text: TeX to MathML, and finding TeX that lost its dollars and backslashes on the way.

In: TeX, or running text. Out: MathML that holds nothing else, or None where the text cannot safely be read as
math: then it stays the text that it is. Must not know where the text comes from.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree

import nh3
from math_core import LatexError, LatexToMathML

LONGEST_TEX = 1_000
DEEPEST_TEX = 20

MATH_TAGS = frozenset(
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd".split()
)
MATH_ATTRIBUTES = {
    "math": {"display"},
    "mi": {"mathvariant"},
    "mo": {"form", "lspace", "maxsize", "minsize", "movablelimits", "rspace", "stretchy", "symmetric"},
    "mspace": {"width"},
    "mfrac": {"linethickness"},
    "mtable": {"displaystyle", "scriptlevel"},
    "mover": {"accent"},
    "munder": {"accentunder"},
}
CHILDREN = {
    "mfrac": 2,
    "mroot": 2,
    "msub": 2,
    "msup": 2,
    "munder": 2,
    "mover": 2,
    "msubsup": 3,
    "munderover": 3,
}

RELATION_SIGNS = tuple("=<>≤≥≈≠∝→≪≫∈")

DOLLARS = re.compile(r"\$(?<![\\$]\$)(?![\s$])([^$\n]{1,300}?)(?<![\s\\])\$(?![\d$])")  # $n \geq 2$, not $5 and $10


UNSEEN = str.maketrans("", "", "\u2061\ufe00\ufe01")  # function application, and which script a letter is of
_converter = LatexToMathML()


@lru_cache(maxsize=4096)
def tex_to_mathml(tex: str, display: str = "inline") -> str | None:
    """Turn TeX into MathML. None when it is broken, unknown in part, or too large to be a formula."""
    depth = deepest = 0
    for character in tex:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    if depth or deepest > DEEPEST_TEX or len(tex) > LONGEST_TEX:
        return None
    try:
        made = _converter.convert_with_local_state(tex, displaystyle=display == "block")
    except LatexError:
        return None
    # Where an element had to go, its children may stand in another's place.
    clean = nh3.clean(made, tags=set(MATH_TAGS), attributes=MATH_ATTRIBUTES).translate(UNSEEN)
    clean = clean.replace("&nbsp;", "\u00a0")  # XML does not know its name
    for element in ElementTree.fromstring(clean).iter():
        if len(element) != CHILDREN.get(element.tag, len(element)):
            return None
    return clean


def mathml_to_text(mathml: str) -> str:
    """Write MathML in one line, as people type it: `O(ε^(-2.5))`, `10^139`, `1/2`."""
    return _as_text(ElementTree.fromstring(mathml)).strip()


def _as_text(element: ElementTree.Element) -> str:
    name = element.tag
    parts = [_as_text(child) for child in element]
    sign = {"msub": "_", "munder": "_", "msup": "^", "mover": "^", "mfrac": "/"}.get(name)
    if sign and len(parts) == 2:
        return f"{parts[0]}{sign}{_group(parts[1])}"
    if name in ("msubsup", "munderover"):
        return f"{parts[0]}_{_group(parts[1])}^{_group(parts[2])}"
    text = element.text or ""
    return ("√" if name == "msqrt" else "") + (f" {text} " if text in RELATION_SIGNS else text) + "".join(parts)


def _group(text: str) -> str:
    return text if len(text) == 1 or text.isalnum() else f"({text})"


# ---------------------------------------------------------------- math without dollars

COMMANDS = (
    "mathcal mathbb mathbf mathrm varepsilon epsilon ell geq leq neq gg ll propto approx infty min max log exp sqrt "
    "frac alpha beta gamma delta lambda sigma theta phi psi mu pi tau rho omega times cdot rightarrow leftarrow"
)
BARE_COMMAND = re.compile(rf"(?<![A-Za-z\\])({COMMANDS.replace(' ', '|')})(?![a-z])")
MATH_WORD = re.compile(  # a word that is surely math: mathcal{O}(1/n), V_{n}, 10^{139}, R^d, ell_2, epsilon
    r"mathcal\{|mathbb\{|[A-Za-z0-9)][_^]\{|(?<![\w/.])[A-Z]\^[a-z0-9](?!\w)|(?<![A-Za-z])ell_\w"
    r"|\\(?:alpha|beta|gamma|delta|lambda|sigma|theta|phi|psi|mu|pi|tau|rho|omega|ell|mathcal|mathbb)(?![a-z])"
    r"|(?<![A-Za-z])(?:var)?epsilon(?![a-z])|propto|(?<![A-Za-z])(?:geq|leq|infty)(?![a-z])"
)
MATH_SIGNS = ("{", "^", "ell_", "\\", "epsilon", "propto", "geq", "leq", "infty")  # one is in every such word
RELATION = re.compile(r"[<>=]|geq|leq|neq|propto|approx")
OPERAND = re.compile(r"[A-Za-z]|[\d.]*\d(?:/\d+)?")  # n, 2, 1/2
LOST_BRACE = re.compile(r"(?<![_^}A-Za-z]){|[A-Za-z]{")
MOST_WORDS = 8


def find_math(text: str) -> Iterator[tuple[int, int, str]]:
    """Find what can safely be read as math in running text: yields start, end and the TeX restored."""
    if not any(sign in text for sign in MATH_SIGNS) or not MATH_WORD.search(text):
        return
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    position = 0
    while position < len(words):
        start, end = words[position]
        if not MATH_WORD.search(text, start, end):
            position += 1
            continue
        first, last = _extend(text, words, position)
        start, end = _trim(text, words[first][0], words[last][1])
        tex = restore_tex(text[start:end])
        if tex and start < end:
            yield start, end, tex
        position = last + 1


def restore_tex(text: str) -> str | None:
    """Put the backslashes back into TeX that lost them. None when what is left cannot be told."""
    tex = re.sub(r"mathcal\{mathcal\{(\w)\} ?\}", r"mathcal{\1}", text)
    tex = re.sub(r"(propto)?\\?left([(\[])", r"\1\2", tex)
    tex = re.sub(r"\\?right([)\]])", r"\1", tex)
    tex = re.sub(r"\b(min|max)\{([^{}]*)\}", r"\1\\{\2\\}", tex)
    tex = re.sub(r"(?<![A-Za-z\\])([A-Z][a-z]+)(?=\()", r"\\mathrm{\1}", tex)  # Poly(S)
    tex = BARE_COMMAND.sub(lambda m: f"\\{m[1]}" + (" " if tex[m.end() : m.end() + 1].isalpha() else ""), tex)
    braces = re.sub(r"\\[a-z]+\{|\\[{}]", "", tex)
    if LOST_BRACE.search(braces) or re.search(r"\\frac(?!\{[^{}]*\}\{)", tex):
        return None
    return tex if tex_to_mathml(tex) else None


def _extend(text: str, words: list[tuple[int, int]], position: int) -> tuple[int, int]:
    """Take the neighbours that belong to a formula: until brackets close, and across a relation."""

    def word(index: int) -> str:
        return text[slice(*words[index])] if 0 <= index < len(words) else ""

    first = last = position
    while _open_brackets(text[words[first][0] : words[last][1]]) > 0 and last - first < MOST_WORDS and word(last + 1):
        last += 1
    if RELATION.fullmatch(word(first)) and OPERAND.fullmatch(word(first - 1)):
        first -= 1
    while (RELATION.fullmatch(word(last)) and OPERAND.fullmatch(word(last + 1).rstrip(".,;:)"))) or (
        RELATION.fullmatch(word(last + 1)) and OPERAND.fullmatch(word(last + 2).rstrip(".,;:)"))
    ):
        last += 1 if RELATION.fullmatch(word(last)) else 2
    return first, last


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out a sentence's own marks, brackets that do not close, and words behind a hyphen."""
    while end > start and (text[end - 1] in ".,;:" or (text[end - 1] == ")" and _open_brackets(text[start:end]) < 0)):
        end -= 1
    while start < end and text[start] == "(" and _open_brackets(text[start:end]) > 0:
        start += 1
    tail = re.search(r"-[a-z]{3,}[a-z-]*$", text[start:end])  # ell_2-norm, varepsilon-optimal
    return start, start + tail.start() if tail else end


def _open_brackets(text: str) -> int:
    return sum((c in "({[") - (c in ")}]") for c in text)
