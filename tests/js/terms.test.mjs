import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { HOSTILE_TEXTS, plain, runScripts } from "./scripts.mjs";

const { STOP_WORDS, fold, splitWords, stem, termsOf } = runScripts("terms.js").readingList.terms;

test("terms are what the vectors say, which hold for the twin in Python too", () => {
  const vectors = JSON.parse(readFileSync(new URL("../data/terms.json", import.meta.url), "utf8"));
  assert.ok(vectors.length > 80);
  assert.deepEqual(vectors.map(({ text }) => ({ text, terms: plain(termsOf(text)) })), vectors);
});

test("whatever the text, its terms are short, folded and not empty", () => {
  for (const text of HOSTILE_TEXTS) {
    for (const term of termsOf(text)) {
      assert.ok(term.length > 0, text);
      assert.ok(Array.from(term).length <= 40, text);
      assert.equal(fold(term), term, text);
      assert.doesNotMatch(term, /[\s'+_/.-]/, text);
    }
  }
});

test("folding twice is folding once", () => {
  for (const text of [...HOSTILE_TEXTS, "Ångström ﬁne ＧＰＴ４ ĲĲ ſ ẞ ŉ ΐ İ"]) assert.equal(fold(fold(text)), fold(text));
});

test("a name of joined parts is one word of several parts", () => {
  assert.deepEqual(plain(splitWords("GPT-4V and LLM+P, v2.5")), [["gpt", "4v"], ["and"], ["llm", "p"], ["v2", "5"]]);
});

test("only words of four or more Latin letters are stemmed", () => {
  for (const word of ["ges", "sed", "4ks", "моделs", "gpt4s"]) assert.equal(stem(word), word);
  assert.equal(stem("maps"), "map");
});

test("no stop word stands in the terms of a text by itself", () => {
  assert.ok(STOP_WORDS.size > 50);
  assert.deepEqual(plain(termsOf([...STOP_WORDS].join(" "))), []);
});
