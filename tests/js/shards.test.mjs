import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { buildWhole, findNear, isNear, makeLoader, writeFiles } from "./pieces.mjs";
import { makeRandom, plain, runScripts } from "./scripts.mjs";

const { lunr, readingList } = runScripts("terms.js", "shards.js");
const { openShards } = readingList.shards;

const PAPERS = [
  { number: 2, title: ["one", "two", "one"], tags: ["tag"], people: [], abstract: ["one", "three", "three"] },
  { number: 3, title: ["two"], tags: [], people: ["name"], abstract: ["onset"] },
  { number: 70, title: [], tags: ["tag", "tag"], people: [], abstract: ["only", "zero"] },
];

function open(files) {
  const { load, asked } = makeLoader(files);
  return { shards: openShards(load, "meta.js", () => 120_500), asked };
}

const termsOfIndex = (index) => Object.keys(index.invertedIndex);

// ---------------------------------------------------------------- reading

/** What Python writes, which tests/test_search_index.py holds too. */
const WRITTEN = JSON.parse(readFileSync(new URL("../data/postings.json", import.meta.url), "utf8"));

/** The files of an index of one term, of seven papers. */
const filesOf = (postings) =>
  new Map([
    ["meta.js", { papers: 7, average: [1, 1, 1, 1], boosts: [6, 2, 2, 1], pieces: "term key", lengths: "2", terms: "3" }],
    ["lengths.2.js", [WRITTEN.gaps, "BBBBBBB", "AAAAAAC", "abcdefg"]],
    ["t/key.js", `term\n${postings}`],
    ["terms.3.js", "term"],
  ]);

test("papers' numbers, lengths and letters are read as Python writes them", async () => {
  const list = await open(filesOf("AAABE")).shards.readList();
  assert.deepEqual([...list.keys()], WRITTEN.numbers);
  assert.deepEqual(plain(list.get(99999)), { lengths: [0, 0, 0, 129], letter: "g" });
});

test("postings are read as Python writes them", async () => {
  const index = await open(filesOf(WRITTEN.postings)).shards.makeIndex(["term"], []);
  assert.deepEqual(plain(index.invertedIndex.term), {
    _index: 0,
    title: { 0: { position: [0] }, 7: { position: [2, 5, 40] }, 5000: { position: [1] } },
    tags: { 3: {} },
    people: {},
    abstract: { 0: {}, 1: {}, 99999: {} },
  });
  const idf = Math.log(1 + Math.abs((7 - 7 + 0.5) / (7 + 0.5)));
  const weightOf = (count, boost, length) => Math.round(((idf * (2.2 * count)) / (1.2 * (1 - 0.75 + 0.75 * length) + count)) * boost * 1000) / 1000;
  for (const [reference, ...known] of [["title/7", 3, 6, 41], ["title/0", 1, 6, 5], ["tags/3", 1, 2, 2], ["abstract/0", 4, 1, 1], ["abstract/99999", 33, 1, 129]]) {
    assert.deepEqual(plain(index.fieldVectors[reference].elements), [0, weightOf(...known)], reference);
  }
});

test("a paper's title has its length when one of its terms was met", async () => {
  const { shards } = open(writeFiles(PAPERS));
  await shards.makeIndex(["two"], []);
  const list = await shards.readList();
  assert.deepEqual([2, 3, 70].map((number) => list.get(number).lengths[0]), [3, 1, 0]);
});

test("an index without papers has no terms", async () => {
  const { shards } = open(writeFiles([]));
  assert.deepEqual(termsOfIndex(await shards.makeIndex(["one"], ["on"])), []);
  assert.deepEqual(plain(await findNear(shards, "oned")), []);
});

// ---------------------------------------------------------------- loading

test("only the pieces of the wanted terms are loaded, each once, and all at once", async () => {
  const { shards, asked } = open(writeFiles(PAPERS, 2)); // name one, only onset, tag three, two zero
  const [one] = await Promise.all([shards.makeIndex(["one", "aardvark"], []), shards.makeIndex(["one", "zzz"], [])]);
  assert.deepEqual(termsOfIndex(one), ["one"]);
  await shards.makeIndex(["one", "name"], []);
  assert.deepEqual(asked, ["meta.js?2", "t/piece0.js", "t/piece6.js", "lengths.2.js"]);
});

test("all terms that begin alike are there, whatever pieces they stand in", async () => {
  const { shards, asked } = open(writeFiles(PAPERS, 1));
  assert.deepEqual(termsOfIndex(await shards.makeIndex(["tag"], ["on"])), ["one", "only", "onset", "tag"]);
  assert.equal(asked.filter((file) => file.startsWith("t/")).length, 5); // the fifth might end with terms in `on`
});

test("terms stand in the order of their units, which is not that of their characters", async () => {
  const terms = ["z", "\u{1d4aa}", "\uff41", "\ue000", "\u{1d4aa}x"];
  const { shards } = open(writeFiles([{ number: 0, title: terms, tags: [], people: [], abstract: [] }], 1));
  assert.deepEqual(termsOfIndex(await shards.makeIndex(terms, [])), ["z", "\u{1d4aa}", "\u{1d4aa}x", "\ue000", "\uff41"]);
  for (const term of terms) assert.deepEqual(termsOfIndex(await shards.makeIndex([], [term])), term === "\u{1d4aa}" ? [term, "\u{1d4aa}x"] : [term]);
});

test("a file that is missing or broken is an error, and is asked for again", async () => {
  const whole = writeFiles(PAPERS);
  const asks = {
    "meta.js": (shards) => shards.readList(),
    "lengths.2.js": (shards) => shards.readList(),
    "t/piece0.js": (shards) => shards.makeIndex(["one"], []),
    "terms.3.js": (shards) => findNear(shards, "onse"),
    "d/70.js": (shards) => shards.readPapers([2, 70]),
    "facets.4.js": (shards) => shards.readFacets(),
  };
  for (const [file, ask] of Object.entries(asks)) {
    for (const broken of [undefined, null, 7]) {
      const files = new Map(whole);
      if (broken === undefined) files.delete(file);
      else files.set(file, broken);
      const { shards } = open(files);
      await assert.rejects(ask(shards), { name: "Unloaded" }, file);
      await assert.rejects(ask(shards), { name: "Unloaded" }, file);
      files.set(file, whole.get(file));
      assert.ok(await ask(shards), file);
    }
  }
});

test("a piece that lacks its end, and a number of foreign letters, are errors", async () => {
  for (const [file, change] of [
    ["t/piece0.js", (text) => text.slice(0, text.lastIndexOf(" "))],
    ["t/piece0.js", (text) => text.slice(0, -1)],
    ["t/piece0.js", (text) => `${text}A`],
    ["t/piece0.js", (text) => `${text}!`],
    ["lengths.2.js", ([gaps, ...columns]) => [`é${gaps}`, ...columns]],
  ]) {
    const files = writeFiles(PAPERS);
    files.set(file, change(files.get(file)));
    await assert.rejects(open(files).shards.makeIndex([], ["o", "t"]), { name: "Unloaded" }, file);
  }
});

test("papers are loaded once, by an address that changes with them", async () => {
  const { shards, asked } = open(writeFiles(PAPERS));
  assert.deepEqual(plain(await shards.readPapers([70, 2])).map((paper) => paper[1]), ["slug-70", "slug-2"]);
  await shards.readPapers([2]);
  assert.deepEqual(asked.slice(2), ["d/70.js?G.2", "d/2.js?C.3"]);
});

test("a paper of another build is none", async () => {
  const files = writeFiles(PAPERS);
  files.get("d/3.js")[0] = "x";
  const { shards } = open(files);
  await assert.rejects(shards.readPapers([2, 3]), { name: "OtherBuild" });
});

test("an index that was forgotten is loaded anew, by an address that no cache has, and none of the old one is left", async () => {
  const files = writeFiles(PAPERS);
  const { load, asked } = makeLoader(files);
  let time = 120_500;
  const shards = openShards(load, "meta.js", () => time++);
  await Promise.all([shards.readPapers([2]), shards.makeIndex(["one", "two"], []), findNear(shards, "onse")]);
  const late = shards.makeIndex(["two"], []); // asked of the old one, answered when there is a new one
  for (const [file, value] of writeFiles(PAPERS.slice(1))) files.set(file, value);
  shards.forget();
  assert.deepEqual(Object.keys((await late).invertedIndex.two.title), ["2", "3"]);
  assert.deepEqual(Object.keys((await shards.makeIndex(["two"], [])).invertedIndex.two.title), ["3"]);
  assert.deepEqual(termsOfIndex(await shards.makeIndex(["one"], [])), []);
  await assert.rejects(shards.readPapers([2]), { name: "OtherBuild" });
  assert.deepEqual(asked.filter((file) => file.startsWith("meta")), ["meta.js?2", "meta.js?120501"]);
});

test("facets are read as they are written", async () => {
  const given = [
    { day: "2023-12-31", tags: ["b", "a"], organization: "lab", code: true, comments: false },
    { tags: ["b"], code: true, comments: true },
    { day: "2024-01-01", organization: "lab" },
  ];
  const { shards, asked } = open(writeFiles(PAPERS.map((paper, place) => ({ ...paper, facets: given[place] }))));
  const facets = plain(await shards.readFacets());
  assert.deepEqual(facets.tags, [
    { slug: "a", name: "Tag a", papers: new Set([2]) },
    { slug: "b", name: "Tag b", papers: new Set([2, 3]) },
  ]);
  assert.deepEqual(facets.organizations, [{ handle: "lab", name: "Name of lab", papers: new Set([2, 70]) }]);
  assert.deepEqual(facets.papers.get(2), { year: 2023, day: 1, order: 0, code: true, comments: false });
  assert.deepEqual(facets.papers.get(3), { year: 0, day: 0, order: 1, code: true, comments: true });
  assert.deepEqual(facets.papers.get(70), { year: 2024, day: 2, order: 2, code: false, comments: false });
  await shards.readFacets();
  assert.deepEqual(asked, ["meta.js?2", "lengths.2.js", "facets.4.js"]);
});

test("facets of a list without papers, or without days, are none", async () => {
  assert.deepEqual(plain(await open(writeFiles([])).shards.readFacets()), { tags: [], organizations: [], papers: new Map() });
  const { papers } = await open(writeFiles(PAPERS)).shards.readFacets();
  assert.deepEqual([...papers.values()].map(({ day, year }) => [day, year]), [[0, 0], [0, 0], [0, 0]]);
});

// ---------------------------------------------------------------- answering

const { chance, choose } = makeRandom(1);

// Small, so that terms begin alike and are near each other; astral letters have units below those of \uff.. and \ue...
const LETTERS = [
  "a", "b", "c", "e", "0", "学", "é", "\u0301", "\ue000", "\uff9e", "\uffdc", "\u{1d4aa}", "\u{1d518}", "\u{20000}", "ﬁ".normalize("NFKC"),
];
const makeTerm = () => Array.from({ length: 1 + chance(6) }, () => choose(LETTERS.slice(0, choose([4, LETTERS.length])))).join("");
const VOCABULARY = [...Array.from({ length: 900 }, makeTerm), "__proto__", "constructor", "toString", "hasOwnProperty", "_index", "0", "17"]
  .filter((term) => term === term.toLowerCase()); // Lunr's tokenizer would change the others
// The first of the vocabulary are in many papers, the last in few.
const makeTerms = (most) => Array.from({ length: chance(most + 1) }, () => VOCABULARY[chance(1 + chance(VOCABULARY.length))]);
const MANY = Array.from({ length: 250 }, (_, place) => ({
  number: place * 5 + chance(5),
  title: makeTerms(12),
  tags: makeTerms(4),
  people: makeTerms(3),
  abstract: makeTerms(50),
}));

function misspell(term) {
  const place = chance(term.length);
  const rest = term.slice(place + 1);
  return choose([
    term.slice(0, place) + rest,
    term.slice(0, place) + choose(LETTERS) + rest,
    term.slice(0, place) + choose(LETTERS) + term.slice(place),
    term.slice(0, place) + rest.slice(0, 1) + term[place] + rest.slice(1),
  ]);
}

function makeClauses() {
  const clauses = Array.from({ length: 1 + chance(4) }, () => {
    const term = choose(VOCABULARY);
    const boost = choose([1, 0.4, 0.2]);
    const kind = chance(4);
    if (kind === 0) return { term: term.slice(0, 1 + chance(term.length)), boost, wildcard: lunr.Query.wildcard.TRAILING };
    if (kind === 1 && term.length > 3) return { term: misspell(term), boost, editDistance: 1 };
    return { term: kind === 2 ? misspell(term) : term, boost };
  }).filter(({ term, editDistance }) => term && !(editDistance && term.length < 4));
  return clauses.length ? clauses : makeClauses(); // without any, Lunr answers with all papers
}

test("a part of the index answers exactly as the whole index of Lunr", async () => {
  const whole = buildWhole(lunr, MANY);
  const { shards } = open(writeFiles(MANY, 7));
  let found = 0;
  for (let count = 0; count < 2000; count++) {
    const clauses = makeClauses();
    const near = await Promise.all(clauses.filter(({ editDistance }) => editDistance).map(({ term }) => findNear(shards, term)));
    const exact = clauses.filter(({ wildcard, editDistance }) => !wildcard && !editDistance).map(({ term }) => term);
    const prefixes = clauses.filter(({ wildcard }) => wildcard).map(({ term }) => term);
    const part = await shards.makeIndex([...exact, ...near.flat()], prefixes);
    const answers = [whole, part].map((index) =>
      index.query((query) => {
        for (const { term, ...clause } of clauses) query.term(term, { ...clause, usePipeline: false });
      })
    );
    const [wanted, given] = answers.map((answer) => answer.map(({ ref, score, matchData }) => [ref, score, Object.keys(matchData.metadata)]));
    assert.equal(JSON.stringify(given), JSON.stringify(wanted), JSON.stringify(clauses));
    found += given.length;
  }
  assert.ok(found > 100_000);
});

test("terms are near where Lunr's edit distance says so", () => {
  const tokens = lunr.TokenSet.fromArray([...new Set(VOCABULARY)].sort());
  for (let count = 0; count < 300; count++) {
    const term = misspell(choose(VOCABULARY));
    if (term.length < 4) continue;
    const expected = tokens.intersect(lunr.TokenSet.fromFuzzyString(term, 1)).toArray();
    assert.deepEqual([...new Set(VOCABULARY)].filter((other) => isNear(term, other)).sort(), [...expected].sort(), term);
  }
});
