// How well papers are found: our engine, with the site's own scripts and files, beside stock lunr.js, MiniSearch and
// Fuse.js, on the same papers and queries. In: a built site. Out: a table, or, with --json, the figures.
//
//     node tests/bench/findability.mjs SITE [--json] [--misses] [--only=ours]

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";

import Fuse from "fuse.js";
import lunr from "lunr";
import MiniSearch from "minisearch";

const HELD_OUT = 3; // every third query was not looked at while ranking was tuned
const GOAL = { first: 0.96, five: 0.99, rank: 0.97, recall: 0.97 };
const MOST = 10; // results that are looked at

/**
 * @typedef {{query: string, kind: string, right: string[]}} Query
 * @typedef {{first: number, five: number, rank: number, recall: number}} Figures
 */

/** Run the site's scripts as a browser does, over the site's files. */
function openOurs(site) {
  const scope = vm.createContext({ console });
  const run = (code, filename) => vm.runInContext(code, scope, { filename });
  const assets = path.join(site, "assets");
  const runAsset = (script) => {
    const file = readdirSync(assets).find((name) => name.startsWith(`${script}.`) && name.endsWith(".js"));
    run(readFileSync(path.join(assets, file), "utf8"), file);
  };
  runAsset("engine");
  scope.readingList.loadSpelling = () => runAsset("spelling");
  const received = new Map();
  scope.readingList.receive = (name, value) => received.set(name, value);
  const load = async (name, file) => {
    run(readFileSync(path.join(site, "search", file.replace(/[?].*/, "")), "utf8"), file);
    const value = received.get(name);
    received.delete(name);
    return value;
  };
  return scope.readingList.engine.openEngine(load, "meta.js");
}

const ask = (engine, text, count = MOST) =>
  engine.ask({ text, literal: false, sort: "relevance", first: 0, count, withCounts: false });

/** Take all papers out of our own result files, as a reader sees them. */
async function readPapers(engine) {
  const numbers = await engine.list({ text: "", sort: "title" });
  const papers = await engine.papers(numbers);
  return papers.map(([, slug, title, , , tags, abstract, more]) => ({
    slug,
    title,
    abstract,
    tags: tags.map(([, name]) => name).join(", "),
    people: [...(more.authors || []), more.organization || "", more.people || "", more.arxiv || "", more.doi || ""].join(" "),
  }));
}

/** The engines by their names: each gives slugs for a text, best first. */
function openEngines(engine, papers) {
  const fields = ["title", "tags", "people", "abstract"];
  const stock = lunr(function () {
    this.ref("slug");
    for (const field of fields) this.field(field, { boost: field === "title" ? 10 : 1 });
    for (const paper of papers) this.add(paper);
  });
  const mini = new MiniSearch({ idField: "slug", fields, searchOptions: { boost: { title: 6, tags: 2 }, prefix: true, fuzzy: 0.2 } });
  mini.addAll(papers);
  const keys = [{ name: "title", weight: 6 }, { name: "tags", weight: 2 }, { name: "people", weight: 2 }, { name: "abstract", weight: 1 }];
  const fuse = new Fuse(papers, { keys, ignoreLocation: true });
  return {
    "Site Builder": async (text) => Array.from((await ask(engine, text)).results, ({ slug }) => slug),
    "lunr.js, title boosted": async (text) => stock.search(text).map(({ ref }) => ref),
    "MiniSearch, prefix and fuzzy": async (text) => mini.search(text).map(({ id }) => id),
    "Fuse.js": async (text) => fuse.search(text.slice(0, 1000), { limit: MOST }).map(({ item }) => item.slug),
  };
}

/**
 * Find the places of the right papers among the first ten; an engine that throws finds nothing.
 * @returns {Promise<(Query & Figures & {given: string[], threw: boolean})[]>}
 */
async function measure(search, queries) {
  const rows = [];
  for (const { query, kind, right } of queries) {
    let [given, threw] = [/** @type {string[]} */ ([]), false];
    try {
      given = (await search(query)).slice(0, MOST);
    } catch {
      threw = true;
    }
    const place = given.findIndex((slug) => right.includes(slug));
    const recalled = given.filter((slug) => right.includes(slug)).length;
    rows.push({
      query, kind, right, given, threw,
      first: place === 0 ? 1 : 0,
      five: place >= 0 && place < 5 ? 1 : 0,
      rank: place < 0 ? 0 : 1 / (place + 1),
      recall: recalled / Math.min(right.length, MOST),
    });
  }
  return rows;
}

/** @returns {Figures & {queries: number, threw: number}} */
function summarize(rows) {
  const mean = (name) => rows.reduce((sum, row) => sum + row[name], 0) / rows.length;
  return {
    queries: rows.length, first: mean("first"), five: mean("five"), rank: mean("rank"), recall: mean("recall"),
    threw: rows.filter(({ threw }) => threw).length,
  };
}

async function main([site, ...options]) {
  const queries = JSON.parse(readFileSync(new URL("../data/queries.json", import.meta.url), "utf8"));
  const ours = openOurs(site);
  const papers = await readPapers(ours);
  const only = options.find((option) => option.startsWith("--only="));
  const engines = Object.entries(openEngines(ours, papers)).slice(0, only ? 1 : undefined);
  const report = {};
  for (const [name, search] of engines) {
    const rows = await measure(search, queries);
    const titles = await measure(search, papers.map(({ slug, title }) => ({ query: title, kind: "title", right: [slug] })));
    const isHeldOut = (_, place) => place % HELD_OUT === HELD_OUT - 1;
    const kinds = [...new Set(queries.map(({ kind }) => kind))];
    report[name] = {
      all: summarize(rows),
      tuned: summarize(rows.filter((row, place) => !isHeldOut(row, place))),
      heldOut: summarize(rows.filter(isHeldOut)),
      titles: titles.filter(({ first }) => first).length,
      papers: papers.length,
      kinds: Object.fromEntries(kinds.map((kind) => [kind, summarize(rows.filter((row) => row.kind === kind))])),
    };
    // Those that are held out stay unseen.
    if (options.includes("--misses") && name === "Site Builder") {
      for (const row of [...rows.filter((row, place) => !isHeldOut(row, place)), ...titles].filter((row) => row.first < 1 || row.recall < 1)) {
        console.log(`${row.kind}: ${row.query.slice(0, 90)}\n  given ${row.given.slice(0, 6).map((slug) => slug.slice(0, 32)).join(" ")}\n  lacks ${row.right.filter((slug) => !row.given.includes(slug)).join(" ")}`);
      }
    }
  }
  if (options.includes("--json")) console.log(JSON.stringify(report));
  else print(report);
}

function print(report) {
  const number = (value) => value.toFixed(3).padStart(9);
  const line = (name, { queries, first, five, rank, recall }, more = "") =>
    console.log(`${name.padEnd(30)}${String(queries).padStart(8)}${[first, five, rank, recall].map(number).join("")}  ${more}`);
  const head = (name) => console.log(`\n${name.padEnd(30)} queries    first  in five      MRR   recall  own title first`);
  head("engine");
  for (const [name, { all, titles, papers }] of Object.entries(report)) {
    line(name, all, `${titles} of ${papers}${all.threw ? `; threw at ${all.threw}` : ""}`);
  }
  line("goal", { queries: "", ...GOAL }, "all");
  for (const [name, { kinds, tuned, heldOut }] of Object.entries(report)) {
    head(name);
    for (const [kind, figures] of Object.entries(kinds)) line(kind, figures);
    line("  two thirds, to tune with", tuned);
    line("  one third, held out", heldOut);
  }
}

await main(process.argv.slice(2));
