"""What readers see: TeX repaired, math as MathML, addresses live, and nothing that could run."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from site_builder.content.store import load_content
from site_builder.prose.math import tex_to_mathml
from site_builder.prose.notes import render_notes
from site_builder.prose.repair import broken_math, plain_text, rich_text, rich_title
from tests.builders import ROOT

DATA = Path(__file__).parent / "data"
REPAIRS = json.loads((DATA / "repairs.json").read_text())
HOSTILE = (DATA / "hostile.txt").read_text().split("\n---\n")


@pytest.mark.parametrize(("raw", "shown"), REPAIRS)
def test_captured_text_is_repaired(raw, shown):
    assert plain_text(raw) == shown


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (r"at $n \geq 2$ steps", "<mo>≥</mo><mn>2</mn>"),
        ("bound of mathcal{O}(1/n).", "<mi>𝒪</mi>"),
        ("unknown V_{n} remains", "<msub><mi>V</mi><mi>n</mi></msub>"),
        ("a small ell_2-norm and", "<msub><mi>ℓ</mi><mn>2</mn></msub></math>-norm"),
        ("see https://a.org/b_c.", '<a href="https://a.org/b_c" rel="nofollow noopener">https://a.org/b_c</a>.'),
        (r"broken $\frac{1$ here", "<code>\\frac{1</code>"),
        ("O(1{1-2epsilon}frac{d{n}})", "O(1{1-2epsilon}frac{d{n}})"),
        ("it costs $5 and $10.", "it costs $5 and $10."),
    ],
)
def test_math_and_addresses_become_what_they_are(raw, part):
    assert part in rich_text(raw)


def test_a_title_holds_no_link():
    assert "<a" not in rich_title("A title with https://a.org/b in it")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("render", [rich_text, rich_title, render_notes], ids=lambda render: render.__name__)
def test_hostile_text_cannot_run(render, text):
    made = str(render(text)).lower()
    tags = [part.split(">")[0] for part in made.split("<")[1:]]
    assert not any(tag.startswith(("script", "iframe", "object", "style", "form", "base", "meta")) for tag in tags), (
        made
    )
    assert not any(f" {name}" in f" {tag}" for tag in tags for name in ("onerror", "onclick", "style=", "srcset")), made
    assert not any("javascript:" in tag or "data:" in tag for tag in tags), made


def test_there_is_hostile_text_to_render():
    assert len(HOSTILE) >= 15


@example("$~$")
@given(st.text() | st.text("$\\{}_^`'\"~-()a1 mathclfrgeqn%.<>&", max_size=80))
def test_any_text_is_rendered_without_a_fault(text):
    rich_text(text), rich_title(text), plain_text(text)


@given(st.text(max_size=200))
def test_any_notes_are_rendered_without_a_fault(text):
    render_notes(text)


def test_no_word_of_a_real_abstract_is_lost():
    """Letters of every abstract survive its repair, but for commands of TeX and keys of citations."""
    dropped = {"mathcal", "textbf", "footnote", "wortsman2021robust"}
    for entry in load_content(ROOT / "content").entries:
        words = [word for word in entry.paper.abstract.split() if word.isalpha() and word not in dropped]
        shown = plain_text(entry.paper.abstract)
        missing = [
            word for word in words if word not in shown and word not in ("geq", "varepsilon", "epsilon", "ge", "le")
        ]
        assert [word for word in missing if word not in ("rightarrow", "ngg")] == [], entry.path


def test_the_real_list_has_no_formula_that_cannot_be_shown():
    for entry in load_content(ROOT / "content").entries:
        assert broken_math(entry.paper.abstract) == broken_math(entry.paper.title) == []


def test_mathml_is_whole_or_nothing():
    assert tex_to_mathml(r"\frac{1}{2}")
    for broken in (r"\frac{d{n}}", r"\nosuchmacro", "{" * 30 + "}" * 30, "x^", "{", "a" * 5000, r"\begin{matrix}a"):
        assert tex_to_mathml(broken) is None


def test_math_cannot_carry_a_link():
    assert "javascript" not in (tex_to_mathml(r"\href{javascript:alert(1)}{x}") or "")


def test_notes_are_markdown_with_math():
    made = render_notes("# Why\n\n*Read* this: $E = mc^2$.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    for part in ("<h3>Why</h3>", "<em>Read</em>", "<msup>", "<li>one</li>", "<td>1</td>"):
        assert part in made


def test_notes_load_nothing_from_elsewhere():
    made = render_notes("![a picture](https://elsewhere.org/a.png) ![mine](../figures/a.png)")
    assert "elsewhere.org" not in made.split("<img")[1].split(">")[0]
    assert 'src="../figures/a.png"' in made


@pytest.mark.parametrize(
    "source",
    [
        "https://a.org/x.png",
        "//a.org/x.png",
        "\\\\a.org/x.png",
        "/\\a.org/x.png",
        " //a.org/x.png",
        "&#9;//a.org/x",
        "data:x",
    ],
)
def test_no_spelling_of_an_address_brings_a_picture_from_elsewhere(source):
    assert "a.org" not in render_notes(f'<img src="{source}">') and "src" not in render_notes(f"![a]({source})")


def test_footnotes_lead_to_their_notes_and_back():
    made = render_notes("Text[^1].\n\n[^1]: The note.\n")
    ids = re.findall(r'id="([^"]+)"', made)
    assert sorted(ids) == sorted(link for link in re.findall(r'href="#([^"]+)"', made)) and len(ids) == 2
