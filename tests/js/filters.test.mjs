import assert from "node:assert/strict";
import { test } from "node:test";

import { HOSTILE_TEXTS, plain, runScripts } from "./scripts.mjs";

const { narrow, filters } = runScripts("terms.js", "narrow.js", "filters.js").readingList;
const { hasOperators, isActive, noFilters } = narrow;
const { readOperators, makeFilter, countFilters, sortPapers } = filters;
const NONE = noFilters();

const FACETS = {
  tags: [
    { slug: "robotics", name: "Robotics", papers: new Set([1, 2]) },
    { slug: "llm", name: "Large language models", papers: new Set([2, 3, 4]) },
    { slug: "meta-learning", name: "Meta-learning", papers: new Set() },
  ],
  organizations: [
    { handle: "acme", name: "Acme", papers: new Set([1]) },
    { handle: "zeta", name: "Zeta", papers: new Set([2, 4]) },
  ],
  papers: new Map([
    [1, { year: 2023, day: 10, order: 4, code: true, comments: false }],
    [2, { year: 2024, day: 30, order: 1, code: true, comments: true }],
    [3, { year: 2025, day: 50, order: 2, code: false, comments: false }],
    [4, { year: 0, day: 0, order: 3, code: false, comments: false }],
  ]),
};
const ALL = [...FACETS.papers.keys()];

const read = (text, filters = NONE) => plain(readOperators(text, filters, FACETS));
const pass = (filters) => ALL.filter(makeFilter(FACETS, { ...NONE, ...filters }));

// ---------------------------------------------------------------- operators

test("an operator becomes a filter, and blanks take its place", () => {
  const { text, filters, operators } = read("open tag:robotics vla year:2024");
  assert.equal(text, "open              vla          ");
  assert.deepEqual(filters, { ...plain(NONE), tags: ["robotics"], from: 2024, to: 2024 });
  assert.deepEqual(operators, ["tag:robotics", "year:2024"]);
});

test("a tag is named by its slug or its name, in any case, with hyphens or blanks", () => {
  for (const text of ['tag:"large language models"', "tag:LLM", "tag:“Large Language Models”", "tag:large-language-models", "TAG:llm"]) {
    assert.deepEqual(read(text).filters.tags, ["llm"], text);
  }
  assert.deepEqual(read("tag:metalearning").filters.tags, []);
  assert.deepEqual(read("tag:meta-learning tag:meta-learning").filters.tags, ["meta-learning"]);
});

test("a minus excludes a tag", () => {
  assert.deepEqual(read("-tag:robotics x").filters.not, ["robotics"]);
  assert.equal(read("-tag:robotics x").text.trim(), "x");
});

test("years are one, or from one to another, or open at an end", () => {
  for (const [text, from, to] of [
    ["year:2024", 2024, 2024], ["year:2023-2025", 2023, 2025], ["year:2025-2023", 2023, 2025], ["year:2023-", 2023, 0],
    ["year:-2025", 0, 2025], ["year:2023..2024", 2023, 2024], ["year:2020-2024 year:2023-2026", 2023, 2024],
  ]) {
    const { filters } = read(text);
    assert.deepEqual([filters.from, filters.to], [from, to], text);
  }
});

test("what is no operator stays as words", () => {
  const texts = ["foo:bar", "tag:", "year:", "year:-", "year:later", "year:20234", "-year:2024", "xtag:robotics", 'tag:""', "year:20232024", ...HOSTILE_TEXTS];
  for (const text of texts) {
    assert.deepEqual(read(text), { text, filters: plain(NONE), operators: [], unknown: [] }, text);
  }
});

test("of a tag that there is not the name stays as a word, where it was, unless it was not wanted", () => {
  assert.deepEqual(read("x tag:nosuch"), { text: "x     nosuch", filters: plain(NONE), operators: [], unknown: ["nosuch"] });
  assert.equal(read('tag:"no such" x').text, "      no such x");
  assert.deepEqual(read("-tag:nosuch x"), { text: `${" ".repeat(11)} x`, filters: plain(NONE), operators: [], unknown: ["nosuch"] });
});

test("the request's own filters stay as they were, and the operators' are added", () => {
  const before = { ...NONE, tags: ["llm"], code: true };
  const { filters } = read("tag:robotics", before);
  assert.deepEqual(filters, { ...plain(NONE), tags: ["llm", "robotics"], code: true });
  assert.deepEqual(before.tags, ["llm"]);
});

test("a text without an operator is known without the facets", () => {
  assert.equal(hasOperators("open vla"), false);
  assert.equal(hasOperators("open tag:x"), true);
  assert.equal(isActive(NONE), false);
  assert.equal(isActive({ ...NONE, comments: true }), true);
});

// ---------------------------------------------------------------- filters

test("every filter narrows, and all must hold", () => {
  assert.deepEqual(pass({}), [1, 2, 3, 4]);
  assert.deepEqual(pass({ tags: ["llm"] }), [2, 3, 4]);
  assert.deepEqual(pass({ tags: ["llm", "robotics"] }), [2]);
  assert.deepEqual(pass({ not: ["robotics"] }), [3, 4]);
  assert.deepEqual(pass({ from: 2024 }), [2, 3]);
  assert.deepEqual(pass({ to: 2024 }), [1, 2]);
  assert.deepEqual(pass({ organization: "zeta" }), [2, 4]);
  assert.deepEqual(pass({ code: true }), [1, 2]);
  assert.deepEqual(pass({ comments: true, tags: ["llm"] }), [2]);
});

test("a filter that the list does not know lets nothing pass, and excludes nothing", () => {
  assert.deepEqual(pass({ tags: ["gone"] }), []);
  assert.deepEqual(pass({ organization: "gone" }), []);
  assert.deepEqual(pass({ not: ["gone"] }), ALL);
});

test("a count says how many papers there would be with that filter", () => {
  for (const filters of [{}, { tags: ["llm"] }, { from: 2024, to: 2024 }, { organization: "zeta" }, { not: ["robotics"], code: true }]) {
    const now = { ...NONE, ...filters };
    const counts = plain(countFilters(FACETS, now, ALL));
    for (const { slug } of FACETS.tags) assert.equal(counts.tags[slug], pass({ ...now, tags: [...now.tags, slug] }).length, slug);
    for (const { handle } of FACETS.organizations) assert.equal(counts.organizations[handle], pass({ ...now, organization: handle }).length);
    for (const year of [2023, 2024, 2025]) assert.equal(counts.years[year] || 0, pass({ ...now, from: year, to: year }).length, `${year}`);
    assert.equal(counts.code, pass({ ...now, code: true }).length);
    assert.equal(counts.comments, pass({ ...now, comments: true }).length);
  }
});

test("counts are of the papers that were found only", () => {
  assert.equal(countFilters(FACETS, NONE, [3]).tags.llm, 1);
  assert.equal(countFilters(FACETS, NONE, [3]).code, 0);
});

// ---------------------------------------------------------------- order

test("papers come by relevance as they are, newest first with unknown days last, or by title", () => {
  assert.deepEqual(plain(sortPapers(FACETS, "relevance", [3, 1, 4])), [3, 1, 4]);
  assert.deepEqual(plain(sortPapers(FACETS, "newest", ALL)), [3, 2, 1, 4]);
  assert.deepEqual(plain(sortPapers(FACETS, "title", ALL)), [2, 3, 4, 1]);
});
