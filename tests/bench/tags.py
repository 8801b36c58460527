"""How well suggested tags agree with the curated ones: `python -m tests.bench.tags`.

Each paper's tags are suggested by a model that learned from all the others. `--fit` fits the weights of the
evidence anew, by logistic regression, and tells what agreement weights give that were fitted without the paper's
tenth of the list.
"""

import json
import math
import random
import sys
from collections.abc import Callable
from pathlib import Path

from site_builder.content.store import load_content
from site_builder.library.tags import THRESHOLD, WEIGHTS, learn_tags, weigh_evidence
from site_builder.paper import Paper, Tag

READINGS = Path(__file__).parent.parent / "data" / "readings.json"  # five readings of every abstract

Row = dict[str, float]
Evidence = list[dict[str, Row]]


def main() -> None:
    content = load_content(Path("content"))
    papers = [entry.paper for entry in content.entries]
    evidence = gather_evidence(papers, content.tags)
    print(f"{len(papers)} papers, {len(content.tags)} tags, {sum(len(p.tags) for p in papers)} tags given\n")
    if "--fit" in sys.argv:
        report_fit(papers, evidence)
    else:
        report_agreement(papers, content.tags, evidence)


def gather_evidence(papers: list[Paper], tags: tuple[Tag, ...]) -> Evidence:
    """Weigh the evidence for each paper by a model that never saw it."""
    evidence = []
    for index, paper in enumerate(papers):
        model = learn_tags(papers[:index] + papers[index + 1 :], tags)
        evidence.append(weigh_evidence(model, paper))
    return evidence


def report_agreement(papers: list[Paper], tags: tuple[Tag, ...], evidence: Evidence) -> None:
    suggested = [choose(rows, WEIGHTS, THRESHOLD) for rows in evidence]
    print(f"{'tag':<30}{'papers':>7}{'precision':>11}{'recall':>8}{'F1':>7}")
    for tag in sorted(tags, key=lambda tag: -sum(tag.slug in paper.tags for paper in papers)):
        mine = [{tag.slug} & chosen for chosen in suggested]
        theirs = [{tag.slug} & set(paper.tags) for paper in papers]
        precision, recall, f1 = agreement(mine, theirs)
        print(f"{tag.slug:<30}{sum(map(len, theirs)):>7}{precision:>11.2f}{recall:>8.2f}{f1:>7.2f}")
    curated = [set(paper.tags) for paper in papers]
    precision, recall, f1 = agreement(suggested, curated)
    print(f"\nall, counted together: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}\n")
    readings = json.loads(READINGS.read_text())
    for number in range(5):
        reading = [set(readings[paper.slug][number]) for paper in papers]
        mine, theirs = agreement(curated, reading)[2], agreement(suggested, reading)[2]
        print(f"reading {number + 1}: F1 with the curated tags {mine:.3f}, with the suggested ones {theirs:.3f}")


def report_fit(papers: list[Paper], evidence: Evidence) -> None:
    rows = [
        (row, slug in paper.tags) for paper, found in zip(papers, evidence, strict=True) for slug, row in found.items()
    ]
    weights = fit(rows)
    print("weights:", {name: round(value, 3) for name, value in weights.items()})
    curated = [set(paper.tags) for paper in papers]
    best = best_threshold(curated, lambda t: [choose(found, weights, t) for found in evidence])
    print(f"threshold {best[1]:.2f}: F1 {best[0]:.3f}")
    order = list(range(len(papers)))
    random.Random(1).shuffle(order)
    held_out: list[set[str]] = [set() for _ in papers]
    for tenth in range(10):
        out = set(order[tenth::10])
        known = [(row, slug in papers[i].tags) for i in order if i not in out for slug, row in evidence[i].items()]
        part = fit(known)
        rest = [i for i in order if i not in out]
        threshold = best_threshold(
            [curated[i] for i in rest], lambda t, p=part, r=rest: [choose(evidence[i], p, t) for i in r]
        )[1]
        for i in out:
            held_out[i] = choose(evidence[i], part, threshold)
    print(f"with weights and threshold fitted without the paper's tenth: F1 {agreement(held_out, curated)[2]:.3f}")


def best_threshold(curated: list[set[str]], suggest: Callable[[float], list[set[str]]]) -> tuple[float, float]:
    return max((agreement(suggest(step / 50), curated)[2], step / 50) for step in range(10, 36))


def choose(rows: dict[str, Row], weights: dict[str, float], threshold: float) -> set[str]:
    return {slug for slug, row in rows.items() if chance(row, weights) >= threshold}


def chance(row: Row, weights: dict[str, float]) -> float:
    return 1 / (1 + math.exp(-sum(weights[name] * value for name, value in row.items())))


def agreement(suggested: list[set[str]], curated: list[set[str]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over all pairs of paper and tag."""
    both = sum(len(mine & theirs) for mine, theirs in zip(suggested, curated, strict=True))
    mine, theirs = sum(map(len, suggested)), sum(map(len, curated))
    return both / mine if mine else 0.0, both / theirs if theirs else 0.0, 2 * both / ((mine + theirs) or 1)


def fit(rows: list[tuple[Row, bool]], rounds: int = 12, ridge: float = 0.01) -> dict[str, float]:
    """Fit the weights by logistic regression: Newton's method, a few rounds are plenty for six weights."""
    names = list(WEIGHTS)
    table = [([row[name] for name in names], float(carried)) for row, carried in rows]
    weights = [0.0] * len(names)
    for _ in range(rounds):
        gradient = [ridge * w for w in weights]
        hessian = [[ridge if i == j else 0.0 for j in range(len(names))] for i in range(len(names))]
        for values, carried in table:
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, sum(w * v for w, v in zip(weights, values, strict=True))))))
            spread = p * (1 - p)
            for i, value in enumerate(values):
                gradient[i] += (p - carried) * value
                for j in range(i + 1):
                    hessian[i][j] += spread * value * values[j]
        for i in range(len(names)):
            for j in range(i):
                hessian[j][i] = hessian[i][j]
        weights = [w - s for w, s in zip(weights, solve(hessian, gradient), strict=True)]
    return dict(zip(names, weights, strict=True))


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve a small system of linear equations by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        pivot = max(range(i, len(rows)), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(len(rows)):
            if k != i:
                factor = rows[k][i] / rows[i][i]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    return [row[-1] / row[i] for i, row in enumerate(rows)]


if __name__ == "__main__":
    main()
