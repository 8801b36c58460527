r"""TeX in a bibliography: its accents and signs <-> the characters that they stand for.

In: the text of a field. Out: plain text in which math (`$…$`) and commands without a character (`{\LaTeX}`) stay as
they were typed; or text escaped so that TeX, and this module, read it as it is.
Must not know which field it is.
"""

import re
import unicodedata
from functools import cache, lru_cache

# BibTeX counts braces, escaped or not: one that has no other would end the entry.
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "&": r"\&", "%": r"\%",
    "$": r"\$", "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
ESCAPES = str.maketrans(SPECIAL)
NAMED = {
    **{written[1:-2]: sign for sign, written in SPECIAL.items() if written.endswith("{}")},
    "lbrace": "{", "rbrace": "}", "textunderscore": "_", "textdollar": "$", "slash": "/", "textquotedbl": '"',
    "textless": "<", "textgreater": ">", "textbar": "|", "textquotesingle": "'", "textasciigrave": "`",
    "textasteriskcentered": "*", "nobreakspace": " ", "space": " ", "quad": " ", "qquad": " ", "newline": " ",
    "protect": "", "relax": "", "copyright": "©", "textcopyright": "©", "S": "§", "P": "¶", "pounds": "£", "euro": "€",
}  # fmt: skip
SIGNS = {
    **{sign: sign for sign in "&%$#_{}"}, **dict.fromkeys(" \n\t,;:\\", " "), **dict.fromkeys("-/@!", ""),
}  # fmt: skip
# Commands that only say how their words look: \emph{…}, {\bf …}, \noopsort{…}.
LOOKS = frozenset(
    "emph textbf textit textrm textsc textsl textsf texttt textup textmd textnormal text mbox hbox underline uppercase "
    "url nolinkurl path bf it rm sc sl sf tt em bfseries itshape scshape slshape sffamily ttfamily rmfamily upshape "
    "mdseries normalfont small footnotesize bibstring ensuremath NoCaseChange MakeUppercase".split()
)
ACCENTS = "[\"'`^~=.]|[uvHtcdbrk](?![A-Za-z])"


def escape_tex(text: str) -> str:
    """Escape what TeX would read as a command."""
    return text.translate(ESCAPES)


def decode_tex(text: str) -> str:
    """Turn TeX into the text that it stands for; braces that only group or protect case go away."""
    if not any(sign in text for sign in "\\{}~"):
        return text
    kept: list[bool] = []  # for each open brace, whether it stays
    arguments: set[int] = set()  # places where an open brace begins an argument of a command that stays

    def decode(token: re.Match[str]) -> str:
        kind, typed = token.lastgroup, token[0]
        if kind == "open":
            kept.append(token.start() in arguments)
            return typed if kept[-1] else ""
        if kind == "close":
            if not (kept and kept.pop()):
                return ""
            arguments.add(token.end())
            return typed
        if kind in ("name", "lone"):
            decoded = decode_command(token[kind])
            if decoded is None and kind == "name":
                arguments.add(token.end())
            return typed if decoded is None else decoded
        if kind == "accent":
            return _accented(typed)
        if kind == "sign" and token["sign"] not in SIGNS:
            arguments.add(token.end())
        return typed if kind == "math" else SIGNS.get(token["sign"] or "", typed) if kind == "sign" else OTHER[kind]

    return _tokens().sub(decode, text)


def find_unknown(text: str) -> str:
    """Return the first command of a text that `decode_tex` keeps as it is typed, math aside; nothing when none is."""
    if "\\" not in text:
        return ""
    for token in _tokens().finditer(text):
        kind = token.lastgroup or ""
        is_command = kind in ("name", "lone") and decode_command(token[kind]) is None
        if is_command or (kind == "sign" and token["sign"] not in SIGNS):
            return token[0].strip()
    return ""


OTHER = {"tie": " ", "sorting": "", None: ""}


def decode_command(name: str) -> str | None:
    """Return the character that a command stands for, nothing for one of looks only; None for any other."""
    if name in LOOKS:
        return ""
    if name in NAMED:
        return NAMED[name]
    return _symbol(name)


@lru_cache(maxsize=1024)
def _accented(tex: str) -> str:
    r"""Return a letter with its accent; an accent without a letter (`\~{}`) is the sign itself."""
    from pylatexenc.latex2text import LatexNodes2Text  # it takes long to load

    made = unicodedata.normalize("NFC", str(LatexNodes2Text().latex_to_text(tex)))
    return made or ("" if tex[1].isalpha() else tex[1])


@lru_cache(maxsize=1024)
def _symbol(name: str) -> str | None:
    from pylatexenc.latex2text import get_default_latex_context_db

    spec = get_default_latex_context_db().get_macro_spec(name)
    written = spec.simplify_repl if spec else None
    return written if isinstance(written, str) and len(written) == 1 and written.isprintable() else None


@cache
def _tokens() -> re.Pattern[str]:
    letter = r"(?:\\[ij](?![A-Za-z])|[^\W\d_])"
    single = rf"\\(?:{ACCENTS})\s*(?:\{{\s*{letter}?(?:\{{\}})?\s*\}}|{letter})"
    inner = rf"\\(?:{ACCENTS})\s*(?:\{{\s*{letter}\s*\}}|{letter})"
    double = rf"\\(?:{ACCENTS})\s*\{{\s*(?:{inner}|\{{\s*{inner}\s*\}})\s*\}}"  # \~{\^e}: ễ
    return re.compile(
        r"(?P<math>\$\$?[^$\\]*(?:\\.[^$\\]*)*\$\$?|\\\((?:[^\\]|\\(?!\))){0,200}\\\))"
        rf"|(?P<accent>{double}|{single})"
        r"|\{\s*\\(?P<lone>[A-Za-z]+)\s*(?:\{\})?\s*\}"
        r"|(?P<sorting>\\noopsort\s*\{[^{}]*\})"
        r"|\\(?P<name>[A-Za-z]+)(?:\*|(?:\{\}|\s+)(?!\{))?"
        r"|\\(?P<sign>[^A-Za-z])|(?P<open>\{)|(?P<close>\})|(?P<tie>~)",
        re.DOTALL,
    )
