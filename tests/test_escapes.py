"""Escapes: TeX in double quotes is told and never shown as tabs; what the program writes reads back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.content.entry import read_entry, write_entry
from site_builder.escapes import COMMANDS, SIGNS, find_misread, spell_out
from site_builder.kinds import quote
from tests.builders import make_paper

TEX = r"\tau \nu \beta \frac{a}{b} \alpha \rho \epsilon \varepsilon \nabla \theta \times \text{a} \bar{x} \bf"
SLIPS = [*TEX.split(), r"\rightarrow", r"\vec{v}", r"\v{c}", r"\r{a}", r"a\_b", r"\Pi", r"\Lambda_0", r"\\\tau"]


@pytest.mark.parametrize("text", SLIPS)
def test_tex_in_double_quotes_is_a_fault_and_in_single_ones_is_none(text):
    entry, (problem,) = read_entry(f'---\ntitle: T\nabstract: "On {text}."\n---\n', "x.md", "x")
    assert entry.paper.abstract == "" and (problem.line, problem.column) == (3, 15 + text.rindex("\\"))
    single = problem.hint.removeprefix("use single quotes: ")
    mended, problems = read_entry(f"---\ntitle: T\n{single}\n---\n", "x.md", "x")
    assert problems == [] and mended.paper.abstract == f"On {text}.".replace("\\\\\\", "\\\\")


def test_the_fault_stands_where_the_escape_does_and_says_what_to_write():
    _, (problem,) = read_entry('---\nauthors: [A, "P. Erd\\\\H{o}s and\n  it\'s \\tau"]\ntitle: x\n---\n', "x.md", "x")
    assert problem[1:5] == (
        3, 8, "the escape `\\t` of `\\tau` stands for a tab here", "use single quotes, or write `\\\\tau`",
    )  # fmt: skip
    _, (problem,) = read_entry('---\r\ntitle: "It\'s \\"a\\" \\nu"\r\n---\r\n', "x.md", "x")
    assert problem[1:3] == (2, 20) and problem.hint == "use single quotes: title: 'It''s \"a\" \\nu'"


@pytest.mark.parametrize("text", [r"one\ntwo", r"a\ttab", r"\\tau", r"a\\\\nu", r"\x09au", r"\ntwo\n\nthree", r"a\"b"])
def test_escapes_that_are_meant_are_none_of_tex(text):
    assert find_misread(f'"{text}"') is None


commands = [word[1:] for word in COMMANDS]
signs = st.sampled_from(["\\", '"', " ", "\n", *[chr(number) for number, _ in SIGNS.values()], *commands])


@given(st.lists(signs | st.characters(exclude_categories=["Cs"]), min_size=1).map("".join))
def test_any_text_that_is_written_reads_back(text):
    entry, problems = read_entry(write_entry(make_paper(abstract=text)), "x.md", "x")
    assert problems == [] and entry.paper.abstract == text


def test_a_tab_before_letters_that_make_a_command_is_written_by_its_number():
    assert quote("a\tau b\ntwo") == r'"a\x09au b\ntwo"'
    assert spell_out(r'"\\tau \Pi"') == r'"\\tau \u2029i"'
