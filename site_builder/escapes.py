r"""TeX in double quotes, where YAML reads `\t` of `\tau` as a tab.

In: a double-quoted scalar as it stands in a file, or as it is about to be written. Out: the escape that was hardly
meant, with a hint; or the same scalar without such escapes. Must not know which field it is the value of.
"""

import re
from typing import NamedTuple

LONGEST_HINT = 400  # characters; a value that is cut would do harm where it is copied

# What a short escape stands for.
SIGNS = {
    "a": (0x07, "a bell"), "b": (0x08, "a backspace"), "e": (0x1B, "an escape sign"), "f": (0x0C, "a page's end"),
    "v": (0x0B, "a vertical tab"), "N": (0x85, "a line's end"), "L": (0x2028, "a line's end"),
    "P": (0x2029, "a paragraph's end"), "_": (0xA0, "a blank"), "t": (0x09, "a tab"), "n": (0x0A, "a line's end"),
    "r": (0x0D, "a line's end"),
}  # fmt: skip
# Text has tabs and line ends: before these words alone they are hardly meant. No text has the other signs.
COMMANDS = (
    "nabla natural ncong ne nearrow neg neq newline nexists ngeq ni nleq nmid nonumber norm not notin nparallel nsim "
    "nsubseteq nu num nwarrow "
    "tan tanh tau tbinom text textbf textit textrm textsc textsf textsuperscript texttt textsubscript textup tfrac "
    "therefore theta thickapprox tilde times to top triangle triangleq tt "
    "raggedright rangle rank rbrace rceil real ref rfloor rho right rightarrow rightharpoonup rm root rtimes rule"
).split()
TEX = rf"(?:{'|'.join(COMMANDS)})(?![A-Za-z])|[tr]\{{[A-Za-z]\}}|[abefvNLP](?:[A-Za-z]+|\{{)|_"
ESCAPE = re.compile(rf"\\(?:(?P<tex>{TEX})|.)", re.DOTALL)


class Misread(NamedTuple):
    """An escape that was hardly meant: where it begins, what it does, and what to write in its place."""

    offset: int
    message: str
    hint: str


def find_misread(quoted: str, lead: str = "") -> Misread | None:
    """Find the first escape of a scalar that reads as TeX; `lead` is what stands before it in its line."""
    found = next((match for match in ESCAPE.finditer(quoted) if match["tex"]), None)
    if not found:
        return None
    command = found["tex"]
    message = f"the escape `\\{command[0]}` of `\\{command}` stands for {SIGNS[command[0]][1]} here"
    other = f"write `\\\\{command}`"
    single = f"{lead}{write_single(quoted)}"
    fits = "\n" not in quoted and "\r" not in quoted and len(single) <= LONGEST_HINT
    return Misread(found.start(), message, f"use single quotes: {single}" if fits else f"use single quotes, or {other}")


def write_single(quoted: str) -> str:
    """Write a double-quoted scalar in single quotes, with each backslash as it was typed."""
    inner = re.sub(r'\\(["\\])', r"\1", quoted[1:-1] if quoted[-1:] == '"' else quoted[1:])
    return "'" + inner.replace("'", "''") + "'"


def spell_out(quoted: str) -> str:
    r"""Write a scalar's escapes that would read as TeX by their numbers: `\x09au` for a tab before `au`."""

    def spell(match: re.Match[str]) -> str:
        if not match["tex"]:
            return match[0]
        number = SIGNS[match["tex"][0]][0]
        return (f"\\x{number:02X}" if number < 0x100 else f"\\u{number:04X}") + match["tex"][1:]

    return ESCAPE.sub(spell, quoted) if "\\" in quoted else quoted
