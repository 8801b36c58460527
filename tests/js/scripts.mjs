// The site's scripts as a browser runs them: one after the other in one global scope, with nothing of Node in it.

import { readFileSync } from "node:fs";
import vm from "node:vm";

// The scripts as they are written; or, where a folder is named, as readers load them.
const ASSETS = new URL(process.env.ASSETS ? `file://${process.env.ASSETS}/` : "../../templates/assets/", import.meta.url);
const LUNR = new URL("vendor/lunr.min.js", ASSETS);

/**
 * Run Lunr and these scripts; return the scope that they leave behind.
 * @param {...string} names
 */
export function runScripts(...names) {
  const scope = vm.createContext({});
  for (const url of [LUNR, ...names.map((name) => new URL(name, ASSETS))]) {
    vm.runInContext(readFileSync(url, "utf8"), scope, { filename: url.pathname });
  }
  return scope;
}

/**
 * Copy a value out of its scope, so that it can be compared with one of here.
 * @template Value
 * @param {Value} value
 */
export const plain = (value) => structuredClone(value);

/**
 * Make a source of chances that is the same in every run.
 * @param {number} seed
 */
export function makeRandom(seed) {
  const chance = (/** @type {number} */ below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const choose = (values) => values[chance(values.length)];
  return { chance, choose };
}

// What nobody should type, and somebody does.
export const HOSTILE_TEXTS = [
  "", " ", "-x", "foo:bar", "title:", "~", "a~9", "a^", "*", "*ing", "+a -b", '""', '"open', "%", "\0", "\ufffd\uffff",
  "🤖", "👩‍👩‍👧‍👦 🏳️‍🌈", "𝒪(n) 𝔘𝔫𝔦", "\ud83e", "\udd16 \ud83e", "<script>alert(1)</script>", "__proto__", "constructor",
  "toString valueOf hasOwnProperty", "(((([a-z]+)*)+$ \\", "e" + "\u0301".repeat(100), "\u202etxet", "التعلم العميق", "学习",
  "अधिगम", "' '' 's -'-", "-+._/", "a".repeat(5000), "the quick brown learner ".repeat(200), "a-".repeat(2500),
];
