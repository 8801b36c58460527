import assert from "node:assert/strict";
import { test } from "node:test";

import { makeLoader, writeFiles } from "./pieces.mjs";
import { HOSTILE_TEXTS, makeRandom, plain, runScripts } from "./scripts.mjs";

const { readingList } = runScripts("terms.js", "shards.js", "words.js", "spelling.js", "query.js", "narrow.js", "filters.js", "engine.js");
const { termsOf } = readingList.terms;

const PAPERS = [
  ["Attention for Robots", "We study learning with attention, and what robots know.", { tags: ["robotics"], day: "2023-04-01", code: true }],
  ["OpenVLA: An Open Model", "A vision-language-action model for robots.", { tags: ["llm", "robotics"], day: "2024-06-01", organization: "acme" }],
  ["Learning to Learn", "Meta-learning, as a survey of policies sees it. ".repeat(12), { tags: ["meta"], day: "2024-01-01", comments: true }],
  ["Grokking", "Delayed generalization: the model's behaviour after overfitting.", { tags: ["llm"] }],
  ["A World Model of Robots", "Robots model the world.", { tags: ["robotics"], day: "2025-02-02", code: true }],
];

function writeSite(papers = PAPERS) {
  const terms = papers.map(([title, abstract, facets], place) => ({
    number: place * 2 + 1, title: plain(termsOf(title)), tags: [], people: [], abstract: plain(termsOf(abstract)), facets,
  }));
  const files = writeFiles(terms);
  papers.forEach(([title, abstract, { tags }], place) => {
    const paper = files.get(`d/${place * 2 + 1}.js`);
    [paper[1], paper[2], paper[5], paper[6]] = [title.toLowerCase().replaceAll(/\W+/g, "-"), title, tags.map((tag) => [tag, `Tag ${tag}`]), abstract];
  });
  return files;
}

function open(files = writeSite()) {
  const { load, asked } = makeLoader(files);
  return { engine: readingList.engine.openEngine((name, file) => load(name, file), "meta.js"), asked, files };
}

const request = (text, more = {}) => ({ text, literal: false, filters: {}, sort: "relevance", first: 0, count: 10, withCounts: false, ...more });
const titles = (answer) => Array.from(answer.results, ({ paper }) => paper[2]);
const glue = (pieces) => pieces.map(({ text, marked }) => (marked ? `[${text}]` : text)).join("");

// ---------------------------------------------------------------- answers

test("an answer tells how many papers have all the words, and what the others lack", async () => {
  const answer = await open().engine.ask(request("robots attention "));
  assert.equal(answer.papers, PAPERS.length);
  assert.equal(answer.whole, 1);
  assert.equal(answer.total, 3);
  assert.deepEqual(Array.from(answer.results, ({ missing }) => plain(missing)), [[], ["attention"], ["attention"]]);
  assert.equal(answer.said, "");
});

test("a result shows why it was found: marked title, marked snippet", async () => {
  const { results } = await open().engine.ask(request("survey learn "));
  const [{ title, snippet, slug, number }] = results;
  assert.equal(glue(title), "[Learning] to [Learn]");
  assert.match(glue(snippet), /Meta-\[?learning/i);
  assert.match(glue(snippet), /\[survey\]/);
  assert.deepEqual([slug, number], ["learning-to-learn", 5]);
});

test("a misspelt query is answered as corrected, says so, and has a way back", async () => {
  const { engine } = open();
  for (const [typed, corrected] of [
    ["grokkign", "grokking"], ["atention robots ", "attention robots "], ["openvlaa", "openvla"], ["wrold model", "world model"],
    ["overfiting behavior", ""], ["generalizatoin", "generalization"], ["attentio robts", "attention robots"],
  ]) {
    const answer = await engine.ask(request(typed));
    assert.equal(answer.correction, corrected.trim() && answer.correction.trim() ? answer.correction : corrected, typed);
    if (corrected) assert.equal(answer.correction.trim(), corrected.trim(), typed);
    assert.ok(answer.whole > 0, typed);
  }
  const literal = await engine.ask(request("grokkign", { literal: true }));
  assert.deepEqual([literal.total, literal.correction], [0, ""]);
});

test("what was corrected finds the same when it is typed", async () => {
  const { engine } = open();
  for (const typed of ["grokkign", "atention robots", "generalizatoin model", "openvlaa "]) {
    const { correction, results } = await engine.ask(request(typed));
    const again = await engine.ask(request(correction));
    assert.equal(again.correction, "", typed);
    assert.deepEqual(plain(again.results), plain(results), typed);
  }
});

test("a quoted phrase is a phrase, in title and abstract", async () => {
  const { engine } = open();
  const answer = await engine.ask(request('"world model" robots'));
  assert.deepEqual([answer.whole, titles(answer)[0]], [1, "A World Model of Robots"]);
  const abstract = await engine.ask(request('"for robots"'));
  assert.equal(abstract.whole, 2);
  const swapped = await engine.ask(request('"robots attention"'));
  assert.equal(swapped.whole, 0);
  assert.deepEqual(plain(swapped.results[0].missing), ['"robots attention"']);
  assert.equal((await engine.ask(request('"what robots know"'))).whole, 1);
  assert.equal((await engine.ask(request('"open quote robots'))).said, "");
});

test("operators narrow, and stand in the answer's filters", async () => {
  const answer = await open().engine.ask(request("robots tag:llm"));
  assert.deepEqual(titles(answer), ["OpenVLA: An Open Model"]);
  assert.deepEqual(plain(answer.filters.tags), ["llm"]);
  const corrected = await open().engine.ask(request("tag:robotics atention"));
  assert.equal(corrected.correction, "attention tag:robotics");
  assert.deepEqual(titles(corrected), ["Attention for Robots"]);
});

test("an operator that was read is told, and so is a tag that there is not, whose name is looked for", async () => {
  const { engine } = open();
  const read = await engine.ask(request("robots tag:llm -tag:nosuch"));
  assert.deepEqual([plain(read.operators), plain(read.unknown), read.whole], [["tag:llm"], ["nosuch"], 1]);
  const unknown = await engine.ask(request("tag:surveys"));
  assert.deepEqual([plain(unknown.unknown), titles(unknown)], [["surveys"], ["Learning to Learn"]]);
});

test("a word with a minus puts papers behind those without it, and they are told to lack that", async () => {
  const { engine } = open();
  const ask = async (text) => {
    const answer = await engine.ask(request(text));
    return { ...answer, first: titles(answer).slice(0, answer.whole).sort() };
  };
  const { first, results } = await ask("robots -attention");
  assert.deepEqual(first, ["A World Model of Robots", "OpenVLA: An Open Model"]);
  assert.deepEqual(plain(results[2].missing), ["-attention"]);
  assert.deepEqual((await ask("-world-model robots")).first, ["Attention for Robots", "OpenVLA: An Open Model"]);
  assert.equal((await ask("atention -vla")).correction, "attention -vla");
  assert.equal((await ask("-robots")).whole, 3, "by itself it is a word like others");
  assert.equal((await ask('"robots -attention"')).whole, 0, "in a phrase it is a mark like others");
  assert.equal(titles(await ask("+openvla -model"))[0], "OpenVLA: An Open Model", "and nothing is lost");
});

test("a title that is mostly words which the index leaves out is found as it begins", async () => {
  const papers = [...Array(9).keys()].map((number) => [`Learning ${"to learn ".repeat(number)}`, "Learning.", { tags: [] }]);
  const answer = await open(writeSite([...papers, ["When to Learn What: A Curriculum", "Nothing.", { tags: [] }]])).engine.ask(request("when to learn what"));
  assert.equal(titles(answer)[0], "When to Learn What: A Curriculum");
});

test("where too many papers may hold a phrase to read them all, it is told that there may be more", async () => {
  const { engine } = open(writeSite([...Array(260).keys()].map((number) => [`Paper ${number}`, "A language model.", { tags: [] }])));
  const answer = await engine.ask(request('"language model"'));
  assert.deepEqual([answer.isOpen, answer.whole, answer.total], [true, 250, 260]);
  assert.equal((await engine.ask(request('"language model" 259'))).isOpen, false);
});

test("without a query filters list papers, newest first", async () => {
  const answer = await open().engine.ask(request("", { filters: { tags: ["robotics"] }, withCounts: true }));
  assert.deepEqual(titles(answer), ["A World Model of Robots", "OpenVLA: An Open Model", "Attention for Robots"]);
  assert.deepEqual([answer.said, answer.whole, answer.total], ["", 3, 3]);
  assert.deepEqual(plain(answer.counts.tags), { llm: 1, meta: 0, robotics: 3 });
  assert.deepEqual(plain(answer.facets.years), [2025, 2024, 2023]);
  assert.deepEqual(plain(answer.facets.organizations), [["acme", "Name of acme"]]);
});

test("it is said why there is nothing to show", async () => {
  const { engine } = open();
  assert.deepEqual((await engine.ask(request(" "))).said, "nothing typed");
  assert.deepEqual((await engine.ask(request("!?"))).said, "no word");
  assert.deepEqual((await engine.ask(request("what is the "))).said, "common words");
  for (const text of ["!?", "what is the ", "zzyzx"]) assert.equal((await engine.ask(request(text))).total, 0, text);
});

test("results are sorted within those that have all words, and within the others", async () => {
  const { engine } = open();
  const newest = await engine.ask(request("robots model ", { sort: "newest" }));
  assert.deepEqual(titles(newest), ["A World Model of Robots", "OpenVLA: An Open Model", "Attention for Robots", "Grokking"]);
  assert.equal(newest.whole, 2);
  const byTitle = await engine.ask(request("robots ", { sort: "title" }));
  assert.deepEqual(titles(byTitle), ["Attention for Robots", "OpenVLA: An Open Model", "A World Model of Robots"]);
});

test("a page of results is a part of the list, and papers are those of the numbers", async () => {
  const { engine } = open();
  const numbers = await engine.list(request("robots model"));
  const all = await engine.ask(request("robots model"));
  assert.deepEqual(plain(numbers), Array.from(all.results, ({ number }) => number));
  const part = await engine.ask(request("robots model", { first: 1, count: 2 }));
  assert.deepEqual(plain(part.results), plain(all.results).slice(1, 3));
  assert.equal(part.total, all.total);
  assert.deepEqual(plain(await engine.papers(numbers)), Array.from(all.results, ({ paper }) => plain(paper)));
});

test("facets are loaded only when filters, counts or the order need them", async () => {
  const { engine, asked } = open();
  await engine.ask(request("robots"));
  await engine.ask(request('robots "world model" atention'));
  assert.ok(!asked.some((file) => file.startsWith("facets")));
  await engine.ask(request("robots", { withCounts: true }));
  assert.ok(asked.some((file) => file.startsWith("facets")));
});

// ---------------------------------------------------------------- whatever is typed

test("whatever is typed has an answer, of papers that are there once", async () => {
  const { engine } = open();
  const { chance, choose } = makeRandom(3);
  const parts = [...HOSTILE_TEXTS.filter((text) => text.length < 300), ...PAPERS.flatMap(([title]) => title.split(" ")), '"', "“", "tag:robotics", "-tag:llm", "year:2024-", "https://arxiv.org/abs/2410.11448v2"];
  const texts = Array.from({ length: 300 }, () => Array.from({ length: 1 + chance(5) }, () => choose(parts)).join(choose([" ", "", "-", '"'])));
  for (const text of [...HOSTILE_TEXTS, ...texts]) {
    const answer = await engine.ask(request(text, { withCounts: true, count: 100 }));
    const numbers = Array.from(answer.results, ({ number }) => number);
    assert.equal(new Set(numbers).size, numbers.length, text);
    assert.equal(answer.total, numbers.length, text);
    assert.ok(answer.whole <= answer.total, text);
    for (const { title, paper } of answer.results) assert.equal(title.map((piece) => piece.text).join(""), paper[2], text);
  }
});

test("the same request has the same answer, whatever was asked before", async () => {
  const { chance, choose } = makeRandom(5);
  const words = PAPERS.flatMap(([title, abstract]) => `${title} ${abstract}`.split(" "));
  const texts = Array.from({ length: 60 }, () => {
    const typed = Array.from({ length: 1 + chance(3) }, () => choose(words));
    const place = chance(typed[0].length);
    return choose([typed.join(" "), typed[0].slice(0, place) + typed[0].slice(place + 1), `"${typed.join(" ")}"`, `${typed[0]} tag:llm`]);
  });
  const used = open().engine;
  for (const text of texts) await used.ask(request(text));
  for (const text of texts) assert.deepEqual(plain(await used.ask(request(text))), plain(await open().engine.ask(request(text))), text);
});

// ---------------------------------------------------------------- files that fail

test("a file that fails once is loaded again with all others, and nobody is told", async () => {
  for (const begin of ["meta", "lengths", "t/", "d/", "terms"]) {
    const files = writeSite();
    const { load } = makeLoader(files);
    let failed = 0;
    const flaky = (name, file) => (file.startsWith(begin) && !failed++ ? Promise.reject(new Error("offline")) : load(name, file));
    const engine = readingList.engine.openEngine(flaky, "meta.js");
    assert.deepEqual(titles(await engine.ask(request("grokkign"))), ["Grokking"], begin);
    assert.ok(failed > 0, begin);
  }
});

test("a file that does not load is an error with a name, and asking again helps when it is there", async () => {
  const files = writeSite();
  const lost = files.get("d/7.js");
  files.delete("d/7.js");
  const { engine } = open(files);
  await assert.rejects(engine.ask(request("grokking")), { name: "Unloaded" });
  files.set("d/7.js", lost);
  assert.deepEqual(titles(await engine.ask(request("grokking"))), ["Grokking"]);
});

test("when the list has changed, the new one answers", async () => {
  const files = writeSite();
  const { engine } = open(files);
  const numbers = await engine.list(request("robots"));
  for (const [file, value] of writeSite(PAPERS.slice(1))) files.set(file, value); // every paper has another number
  const answer = await engine.ask(request("grokking"));
  assert.deepEqual(titles(answer), ["Grokking"]);
  assert.equal(answer.papers, PAPERS.length - 1);
  await assert.rejects(engine.papers(numbers), { name: "OtherBuild" }, "numbers of the old list");
});

test("a paper's file of another build, again and again, is an error with a name", async () => {
  const files = writeSite();
  files.get("d/7.js")[0] = "other";
  const { engine } = open(files);
  await assert.rejects(engine.ask(request("grokking")), { name: "OtherBuild" });
  assert.deepEqual(titles(await engine.ask(request("attention "))), ["Attention for Robots"]);
});

test("one who asked while all was forgotten is answered from one build", async () => {
  const files = writeSite();
  const { load } = makeLoader(files);
  let isOld = true;
  const engine = readingList.engine.openEngine(async (name, file) => {
    if (file.startsWith("d/") && isOld) {
      isOld = false;
      for (const [address, value] of writeSite(PAPERS.slice(1))) files.set(address, value);
    }
    return structuredClone(await load(name, file));
  }, "meta.js");
  const answers = await Promise.all(["grokking", "openvla", "world "].map((text) => engine.ask(request(text))));
  assert.deepEqual(answers.map(titles), [["Grokking"], ["OpenVLA: An Open Model"], ["A World Model of Robots"]]);
});
