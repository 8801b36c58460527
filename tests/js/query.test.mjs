import assert from "node:assert/strict";
import { test } from "node:test";

import { buildWhole, makeLoader, writeFiles } from "./pieces.mjs";
import { HOSTILE_TEXTS, makeRandom, plain, runScripts } from "./scripts.mjs";

const { lunr, readingList } = runScripts("terms.js", "shards.js", "words.js", "spelling.js", "query.js");
const { readQuery, markWords, snippet } = readingList.words;
const { search } = readingList.query;
const { termsOf } = readingList.terms;

const PAPERS = [
  ["Attention for Robots", "We study learning, learning and learning with attention."],
  ["OpenVLA: An Open Model", "A vision-language-action model for robots."],
  ["Learning to Learn", "Meta-learning, as a survey of policies sees it."],
  ["Grokking", "Delayed generalization: the model's behaviour after overfitting."],
  ["In-Context Learning", "What the context of a prompt tells, in short."],
  ["Competitive Pokémon", "A benchmark of teams, played offline."],
  ["Learning in Context", "Open problems of in-context learning; context and more context. Learning, again."],
  ["GPT-4V Meets Out-of-Distribution Data", "How well a model adapts."],
];

const termsOfPapers = PAPERS.map(([title, abstract], place) => ({
  number: place * 3 + 1, // numbers have gaps
  title: plain(termsOf(title)),
  tags: [],
  people: [],
  abstract: plain(termsOf(abstract)),
}));
const openIndex = (papers) => {
  const { load, asked } = makeLoader(writeFiles(papers));
  return { asked, shards: readingList.shards.openShards(load, "meta.js", () => 0) };
};
const { shards } = openIndex(termsOfPapers);

/** Search, and tell titles instead of references. */
async function find(text) {
  const { all, some, near, words } = await search(shards, text);
  const titles = (hits) => Array.from(hits, (hit) => PAPERS[(hit.reference - 1) / 3][0]);
  return { all: titles(all), some: titles(some), near, words };
}

const marked = (text, query) =>
  plain(markWords(text, readQuery(query)))
    .filter((piece) => piece.marked)
    .map((piece) => piece.text);

// ---------------------------------------------------------------- reading a query

test("the last word is unfinished until something follows it", () => {
  assert.deepEqual(plain(readQuery("deep learn").map((word) => word.prefix)), ["", "learn"]);
  assert.deepEqual(plain(readQuery("deep learn ").map((word) => word.prefix)), ["", ""]);
  assert.deepEqual(plain(readQuery("deep learn?").map((word) => word.prefix)), ["", ""]);
});

test("a word has its terms, and what its parts are joined", () => {
  const [word] = readQuery("out-of-distribution ");
  assert.deepEqual(plain(word.ways.map(({ terms }) => terms)), [["out", "distribution"], ["outofdistribution"]]);
});

test("an unfinished word knows what it may come to", () => {
  for (const [typed, term] of [
    ["learnin", "learn"], ["scali", "scal"], ["policie", "policy"], ["behaviou", "behavior"], ["optimisati", "optimization"],
  ]) assert.ok(readQuery(typed)[0].becoming.includes(term), typed);
  assert.deepEqual(plain(readQuery("learnin ")[0].becoming), []);
});

test("words that tell nothing are left out, and so is a word said twice", () => {
  assert.deepEqual(plain(readQuery("What is the theory of the theories of ").map((word) => word.ways[0].terms)), [["theory"]]);
  assert.deepEqual(plain(readQuery("of the")), []);
});

test("of a long text the forty longest words are asked for, as they stand in it", () => {
  const words = plain(readQuery(Array.from({ length: 500 }, (_, number) => `${"word".repeat(1 + (number % 5))}${number}`).join(" ")));
  assert.equal(words.length, 40);
  assert.deepEqual(words.map(({ start }) => start), words.map(({ start }) => start).sort((one, other) => one - other));
  assert.ok(words.every(({ typed }) => typed.startsWith("word".repeat(5))));
});

// ---------------------------------------------------------------- searching

test("papers with all words come first, and papers with some of them stand apart", async () => {
  const { all, some } = await find("robots attention ");
  assert.deepEqual(all, ["Attention for Robots"]);
  assert.deepEqual(some, ["OpenVLA: An Open Model"]);
});

test("a paper whose title holds the words in a row comes before one that only has them more often", async () => {
  assert.equal((await find("learning in context")).all[0], "Learning in Context");
  assert.equal((await find("in-context learning")).all[0], "In-Context Learning");
});

test("every paper is the first for its own title", async () => {
  for (const [title] of PAPERS) assert.equal((await find(title)).all[0], title);
});

test("a joined name is found however its parts are written", async () => {
  for (const text of ["openvla", "open vla", "open-vla", "OpenVLA", "open vla "]) {
    assert.equal((await find(text)).all[0], "OpenVLA: An Open Model", text);
  }
  for (const text of ["gpt4v", "gpt-4v", "GPT 4V", "gpt-4v "]) {
    assert.equal((await find(text)).all[0], "GPT-4V Meets Out-of-Distribution Data", text);
  }
});

test("a hyphened word finds its parts where they stand alone", async () => {
  assert.ok((await find("meta-attention ")).some.includes("Attention for Robots"));
  assert.ok((await find("context-model ")).some.includes("Grokking"));
});

test("every spelling and inflection of a word finds the same papers", async () => {
  for (const family of [
    ["policy ", "policies ", "polici", "policie"],
    ["behaviour ", "behavior ", "behaviours ", "behaviou", "BEHAVIOUR "],
    ["generalization ", "generalisation ", "generalisations ", "generalisatio"],
    ["learn ", "learns ", "learned ", "learning ", "learnin", "learni"],
    ["overfit ", "overfits ", "overfitted ", "overfitting ", "overfittin"],
    ["pokemon ", "Pokémon ", "Poke\u0301mon ", "POKÉMON "],
  ]) {
    const expected = (await find(family[0])).all;
    assert.notEqual(expected.length, 0);
    for (const text of family) {
      const { all, near } = await find(text);
      assert.deepEqual([...all].sort(), [...expected].sort(), text);
      assert.equal(near, false, text);
    }
  }
});

test("an unfinished word finds what it begins; a finished one only where it is told as missing", async () => {
  assert.deepEqual((await find("benchm")).all, ["Competitive Pokémon"]);
  assert.equal((await search(shards, "benchm")).correction, "");
  assert.deepEqual((await find("benchm ")).some, ["Competitive Pokémon"]);
  assert.deepEqual(plain((await search(shards, "benchm ")).some[0].missing), ["benchm"]);
  assert.deepEqual(plain(await search(shards, "benchm ", true)).all, []);
});

test("the beginning of a word that tells nothing takes no paper away", async () => {
  for (const text of ["grokking t", "grokking th", "grokking wit", "grokking with"]) assert.deepEqual((await find(text)).all, ["Grokking"], text);
});

test("words of the same root help when few papers have all words, and are told as missing", async () => {
  const { some } = await search(shards, "generalizing behaviours ");
  const grokking = Array.from(some).find((hit) => hit.reference === 10);
  assert.deepEqual(plain(grokking.missing), ["generalizing"]);
  assert.equal(some[0].reference, 10);
});

test("a slip is a letter swapped, missing or twice, of longer words one other or too many; not another short word", () => {
  const { isSlip } = readingList.spelling;
  const slips = { polcy: "policy", modle: "model", robto: "robot", overfittting: "overfitting", diffsion: "diffusion", transformar: "transformer", reinforcecment: "reinforcement", ptokemon: "pokemon" };
  for (const [typed, meant] of Object.entries(slips)) assert.equal(isSlip(typed, meant), true, typed);
  const words = { lung: "long", nurse: "curse", phone: "hone", emotion: "motion", lawyer: "layer", sports: "short", song: "strong", drone: "drop", same: "same", a: "", "": "a", abc: "abd" };
  for (const [typed, meant] of Object.entries(words)) assert.equal(isSlip(typed, meant), false, typed);
});

test("a word that no paper has is respelled as the term that stands beside the other words", async () => {
  const correct = async (text) => plain(await search(shards, text)).correction;
  assert.equal(await correct("atention robots"), "attention robots");
  assert.equal(await correct("grokkign"), "grokking", "swapped letters in the ending");
  assert.equal(await correct("generalizatoin delay"), "generalization delay");
  assert.equal(await correct("distribtuion"), "distribution");
  assert.equal(await correct("overfittting"), "overfitting");
  assert.equal(await correct("openmodel"), "open model", "a blank is missing");
  assert.equal(await correct("gpt4w"), "", "of few letters one other makes another name");
  assert.equal(await correct("vla-model"), "", "all parts are there");
  assert.equal(await correct("penvla"), "openvla", "a name that ends so");
  assert.equal(await correct("out-of-distributoin data"), "out-of-distribution data");
  assert.equal(await correct("benchmrk pokemno "), "benchmark pokemon ");
});

test("what no near term helps, numbers and long texts are not respelled", async () => {
  for (const text of ["zzyzxq grokking", "2410.11448", "atention one two three four five six seven eight nine ten eleven"]) {
    assert.equal(plain(await search(shards, text)).correction, "", text);
  }
});

test("an address is what it names", () => {
  const partsOf = (text) => plain(readQuery(`${text} `).map((word) => word.parts));
  for (const text of [
    "2410.11448", "2410.11448v2", "arXiv:2410.11448v1", "https://arxiv.org/abs/2410.11448", "http://www.arxiv.org/pdf/2410.11448v3.pdf",
    "arxiv.org/pdf/2410.11448?x=1", "<https://arxiv.org/abs/2410.11448>", "https://export.arxiv.org/abs/2410.11448#s",
  ]) assert.deepEqual(partsOf(text), [["2410", "11448"]], text);
  for (const text of ["10.1000/xyz.5", "doi:10.1000/xyz.5", "https://doi.org/10.1000/xyz.5", "http://dx.doi.org/10.1000/XYZ.5"]) {
    assert.deepEqual(partsOf(text), [["10", "1000", "xyz", "5"]], text);
  }
  for (const text of ["https://github.com/Owner/Na-me", "github.com/owner/na-me.git", "https://github.com/owner/na-me/tree/main/x?y#z"]) {
    assert.deepEqual(partsOf(text), [["owner", "na", "me"]], text);
  }
  for (const text of ["https://x.org/list/papers/grokking-and-robots.html?q=x#top", "papers/grokking-and-robots.html"]) {
    assert.deepEqual(partsOf(text), [["grokking"], ["robots"]], text);
  }
});

test("a last word of one letter is not asked for before a blank follows it", async () => {
  assert.deepEqual((await find("grokking x")).all, ["Grokking"]);
  assert.deepEqual((await find("grokking x ")).all, []);
});

test("a stop word at the end of a joined name is not a beginning", async () => {
  assert.deepEqual((await find("out-of")).all, ["GPT-4V Meets Out-of-Distribution Data"]);
});

test("near spellings help when there are few papers, after those that have the words themselves", async () => {
  assert.deepEqual({ ...(await find("pokmon ")), words: 0 }, { all: ["Competitive Pokémon"], some: [], near: true, words: 0 });
  for (const text of ["grocking ", "grokkking ", "gorkking "]) assert.equal((await find(text)).all[0], "Grokking", text);
  const { all, near } = await find("attention ");
  assert.deepEqual({ all, near }, { all: ["Attention for Robots"], near: false });
});

test("a word that is nowhere finds nothing", async () => {
  assert.deepEqual({ ...(await find("zzyzx ")), words: 0 }, { all: [], some: [], near: false, words: 0 });
});

test("equal hits come in the order of their numbers", async () => {
  const papers = [0, 1, 7, 30].map((number) => ({ number, title: ["word"], tags: [], people: [], abstract: [] }));
  const { all } = await search(openIndex(papers).shards, "word ");
  assert.deepEqual(Array.from(all, (hit) => hit.reference), [0, 1, 7, 30]);
});

test("a title's rank does not hang on how often its words stand in it", async () => {
  const titles = [["robot", "water", "robot"], ["water", "robot", "robot"], ["water", "x", "robot"], ["water", "robot"]];
  const papers = titles.map((title, number) => ({ number, title, tags: [], people: [], abstract: [] }));
  const { all } = await search(openIndex(papers).shards, "water robot ");
  assert.deepEqual(Object.fromEntries(Array.from(all, (hit) => [hit.reference, hit.row])), { 0: 1, 1: 1, 2: 0, 3: 2 });
  assert.equal(all[0].reference, 3);
});

test("pieces of the index answer as the whole of it does, whatever is typed", async () => {
  const { chance, choose } = makeRandom(7);
  const whole = { ...shards, makeIndex: async () => buildWhole(lunr, termsOfPapers) };
  const words = PAPERS.flat().join(" ").split(" ");
  for (let count = 0; count < 400; count++) {
    const typed = Array.from({ length: 1 + chance(4) }, () => {
      const word = choose(words);
      const place = chance(word.length);
      return choose([word, word, word.slice(0, place + 1), word.slice(0, place) + word.slice(place + 1)]);
    });
    const text = typed.join(" ") + choose(["", " "]);
    assert.deepEqual(plain(await search(shards, text)), plain(await search(whole, text)), text);
  }
});

test("a query asks for the pieces of its words only, and for all terms when it finds little", async () => {
  const { shards, asked } = openIndex(termsOfPapers);
  await search(shards, "learning ");
  const pieces = asked.filter((file) => file.startsWith("t/"));
  assert.deepEqual(asked.filter((file) => !file.startsWith("t/")), ["meta.js?0", "lengths.2.js"]);
  assert.equal(pieces.length, 1);
  await search(shards, "x");
  assert.equal(asked.length, 4, "one letter is no beginning to ask for");
  await search(shards, "pokmon ");
  assert.ok(asked.includes("terms.3.js"));
});

test("whatever is typed is legal, and each paper is found once at most", async () => {
  for (const text of HOSTILE_TEXTS) {
    const { all, some } = await find(text);
    assert.equal(new Set([...all, ...some]).size, all.length + some.length, text);
  }
});

// ---------------------------------------------------------------- marking

test("found words are marked, whole and in every inflection", () => {
  assert.deepEqual(marked("Learning to learn: a learner's policies", "learned policy "), ["Learning", "learn", "policies"]);
});

test("the words that an unfinished word begins are marked", () => {
  assert.deepEqual(marked("Benchmarks and benches", "benchm"), ["Benchmarks"]);
});

test("a joined name is marked however it was typed", () => {
  for (const query of ["openvla ", "open vla ", "open-vla ", "open vla"]) {
    assert.ok(marked("We train OpenVLA.", query).includes("OpenVLA"), query);
  }
});

test("words are marked by a page that has loaded terms.js and words.js only", () => {
  const { words } = runScripts("terms.js", "words.js").readingList;
  assert.deepEqual(plain(words.markWords("We train OpenVLA.", words.readQuery("open vla ")).filter(({ marked }) => marked)), [{ text: "OpenVLA", marked: true }]);
});

test("marks stand in the text as it is: accents, quotes and ligatures stay", () => {
  assert.deepEqual(marked("The ‘Pokémon’ eﬃciency", "pokemon efficiency "), ["Pokémon", "eﬃciency"]);
});

test("the pieces of a marked text are the text", () => {
  for (const text of [...HOSTILE_TEXTS, ...PAPERS.flat()]) {
    for (const query of ["learning", "a x", text]) {
      assert.equal(markWords(text, readQuery(query)).map((piece) => piece.text).join(""), text);
    }
  }
});

// ---------------------------------------------------------------- snippets

const LONG = `${"Nothing of note is said here. ".repeat(20)}Then grokking meets attention. ${"And so it ends. ".repeat(20)}`;

test("a short text is its own snippet", () => {
  assert.equal(snippet("A short text.", readQuery("text ")), "A short text.");
});

test("a snippet is the stretch with the most words, cut between words", () => {
  const cut = snippet(LONG, readQuery("grokking attention note "), 120);
  assert.match(cut, /^… .*grokking meets attention.* …$/);
  assert.ok(cut.length <= 124);
  assert.ok(LONG.includes(cut.slice(2, -2)));
  assert.match(LONG, new RegExp(`\\s${cut.slice(2, -2).trim()}\\s`));
});

test("a snippet is the beginning when no word stands in the text", () => {
  assert.match(snippet(LONG, readQuery("zzyzx "), 120), /^Nothing of note.* …$/);
});

test("a snippet at the end of a text does not go on", () => {
  assert.match(snippet(`${LONG}finis`, readQuery("finis "), 120), /^… .*finis$/);
});

test("a text without blanks is cut all the same", () => {
  assert.ok(snippet("学习".repeat(1000), readQuery("学习"), 120).length < 250);
});
