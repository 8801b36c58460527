// Asks an index in pieces, and the whole index that Lunr builds of the same terms, the same chance queries: their answers
// must be the same, references, order, scores and matched terms. Run by tests/test_identity.py:
// node identity.mjs INDEX.json QUERIES

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { FIELDS, findNear, makeLoader, plantTerms, startWhole } from "./pieces.mjs";
import { makeRandom, runScripts } from "./scripts.mjs";

const [file, count] = process.argv.slice(2);
const { papers, files } = JSON.parse(readFileSync(file, "utf8"));
const { lunr, readingList } = runScripts("terms.js", "shards.js");
const { load, asked } = makeLoader(new Map(Object.entries(files)));
const shards = readingList.shards.openShards(load, "meta.js");
const { chance, choose } = makeRandom(papers.length);

const terms = files["terms.1.js"].split(" ");
const whole = startWhole(lunr);
plantTerms(whole, terms);
for (const [id, ...fields] of papers) whole.add({ id, ...Object.fromEntries(fields.map((field, at) => [FIELDS[at], field])) });
const index = whole.build();

/** Choose a term: one that is anywhere, most are rare; one that a chance paper says, most are frequent; a strange one. */
const STRANGE = [...terms.filter((term) => /[^a-z0-9]/.test(term)), "__proto__", "constructor", "\ue000", "\u{1d4aa}x", "nowhere"];
const chooseTerm = () => choose([() => choose(terms), () => choose(choose(papers)[choose([1, 4, 4])]) || "x", () => choose(STRANGE)])();

function misspell(term) {
  const place = chance(term.length);
  const rest = term.slice(place + 1);
  const letter = choose(["a", "e", "s", "\u00e9", "\u5b66", "\u{1d4aa}"]);
  return term.slice(0, place) + choose([rest, letter + rest, letter + term.slice(place), rest.slice(0, 1) + term[place] + rest.slice(1)]);
}

const { REQUIRED, PROHIBITED, OPTIONAL } = lunr.Query.presence;

function makeClause(_, place) {
  const term = chooseTerm();
  const clause = { term, boost: choose([1, 1, 0.4, 0.2, 3]), presence: choose([OPTIONAL, OPTIONAL, OPTIONAL, REQUIRED, PROHIBITED]) };
  if (place === 0 && clause.presence === PROHIBITED) clause.presence = OPTIONAL; // by itself it asks for all other papers
  if (chance(4) === 0) clause.fields = FIELDS.filter(() => chance(2));
  if (!clause.fields?.length) delete clause.fields;
  const kind = chance(5);
  if (kind === 0) return { ...clause, term: term.slice(0, 2 + chance(term.length)), wildcard: lunr.Query.wildcard.TRAILING };
  if (kind === 1 && term.length > 4) return { ...clause, term: misspell(term), editDistance: 1 };
  return kind === 2 ? { ...clause, term: misspell(term) || "x" } : clause;
}

async function findPart(clauses) {
  const near = await Promise.all(clauses.map(({ term, editDistance }) => (editDistance ? findNear(shards, term) : [])));
  const exact = clauses.filter(({ wildcard }) => !wildcard).map(({ term }) => term);
  return shards.makeIndex([...exact, ...near.flat()], clauses.filter(({ wildcard }) => wildcard).map(({ term }) => term));
}

let found = 0;
for (let turn = 0; turn < Number(count); turn++) {
  const clauses = Array.from({ length: 1 + chance(choose([1, 5])) }, makeClause);
  const [wanted, given] = [index, await findPart(clauses)].map((one) =>
    one.query((query) => clauses.forEach(({ term, ...clause }) => query.term(term, { ...clause, usePipeline: false })))
  );
  found += wanted.length;
  assert.equal(given.length, wanted.length, JSON.stringify(clauses));
  for (const [place, { ref, score, matchData }] of wanted.entries()) {
    const { ref: otherRef, score: otherScore, matchData: otherData } = given[place];
    const isSame = ref === otherRef && score === otherScore && Object.keys(matchData.metadata).join(" ") === Object.keys(otherData.metadata).join(" ");
    if (!isSame) assert.fail(`result ${place} is ${ref} ${score}, and of the part ${otherRef} ${otherScore}: ${JSON.stringify(clauses)}`);
  }
}
assert.ok(found > Number(count), "most queries find something");
console.log(`${papers.length} papers, ${terms.length} terms, ${count} queries, ${found} results, ${new Set(asked).size} files`);
