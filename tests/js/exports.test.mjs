import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { HOSTILE_TEXTS, plain, runScripts } from "./scripts.mjs";

const { formats } = runScripts("exports.js").readingList.exports;
const ROOT = "https://site.example/list/";

/** Make a paper that has all there is, but for what is given. */
function makePaper({ slug = "a-paper", title = "A Paper", date = "2025-03-14", guessed = false, tags = [], abstract = "What it is about.", ...more } = {}) {
  return ["A", slug, title, date, guessed, tags, abstract, more];
}

const FULL = makePaper({
  slug: "meta-dt",
  title: "Meta-DT: Offline Meta-RL & 100% of $\\pi_0$",
  guessed: true,
  tags: [["offline-rl", "Offline RL"], ["meta-learning", "Meta-learning"]],
  authors: ["Zhi Wang", "Laurens van der Maaten", "Harry Connick Jr.", "Plato"],
  arxiv: "2410.11448",
  doi: "10.1000/x_y",
  links: [["code", "https://code.example/a_b"], ["pdf", "https://pdf.example/{1}"]],
  organization: "nju",
  comments: 3,
});

const HOSTILE_TITLES = [
  ...HOSTILE_TEXTS.filter((text) => text.length < 200),
  'He said "no", twice', "} unbalanced {", "{{{", "}", "a\nER  - \nTY  - GEN", "a\r\n\r\n@misc{b,}", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", " =1+1",
  "＝1", ",,,", '"', '""', "'", "שלום \u202eעולם", "🤖, 👩‍👩‍👧‍👦", "\\", "\\input{/etc/passwd}", "50% of #1 & $x_1^2$ ~ y", "%", "a; b", "null", "\u2028x\u2029y",
];

// ------------------------------------------------------------ small readers of what was written

/** Read BibTeX as BibTeX itself does: an entry and a value end where their braces do, escaped ones counted too. */
function readBibtex(text) {
  const entries = [];
  let at = 0;
  const expect = (/** @type {RegExp} */ pattern) => {
    const sticky = new RegExp(pattern.source, "y");
    sticky.lastIndex = at;
    const found = sticky.exec(text);
    assert.ok(found, `${pattern} at ${at}: ${text.slice(at, at + 60)}`);
    at = sticky.lastIndex;
    return found;
  };
  const braced = () => {
    const start = at;
    let depth = 0;
    do {
      if (text[at] === "{") depth++;
      if (text[at] === "}") depth--;
      at++;
    } while (depth && at < text.length);
    assert.equal(depth, 0, "the braces are balanced");
    return text.slice(start + 1, at - 1);
  };
  while (at < text.length) {
    const entry = { key: expect(/@misc\{([^\s,{}]+),\n/)[1] };
    while (text[at] !== "}") {
      const name = expect(/ {2}([a-z]+) = /)[1];
      entry[name] = text[at] === "{" ? braced() : expect(/[a-z]{3}/)[0];
      expect(/,\n/);
    }
    expect(/\}\n(\n|$)/);
    entries.push(entry);
  }
  return entries;
}

/** Read what TeX shows of an escaped text. */
function readTex(text) {
  const names = { textbackslash: "\\", textbraceleft: "{", textbraceright: "}", textasciitilde: "~", textasciicircum: "^" };
  return text.replace(/^\{|\}$/g, "").replace(/\\([a-z]+)\{\}|\\([&%$#_])/g, (_, name, sign) => sign || names[name]);
}

function readRis(text) {
  const records = [];
  for (const line of text.split("\r\n").filter(Boolean)) {
    const [, tag, value] = /^([A-Z][A-Z0-9]) {2}- (.*)$/u.exec(line) || assert.fail(`not a line of RIS: ${line}`);
    if (tag === "TY") records.push({});
    const record = records[records.length - 1];
    assert.ok(record && !record.ER, "every line is of a record");
    (record[tag] ||= []).push(value);
  }
  for (const record of records) assert.deepEqual(record.ER, [""]);
  return records;
}

/** Read CSV by the grammar of RFC 4180. */
function readCsv(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  for (let found; cell.lastIndex < text.length; ) {
    const at = cell.lastIndex;
    found = cell.exec(text);
    assert.ok(found, `not CSV at ${at}: ${text.slice(at, at + 60)}`);
    rows[rows.length - 1].push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (found[3] === "\r\n") rows.push([]);
  }
  const [head, ...body] = rows.slice(0, -1);
  return body.map((cells) => {
    assert.equal(cells.length, head.length);
    return Object.fromEntries(cells.map((value, place) => [head[place], value]));
  });
}

const oneLine = (text) => text.replace(/[\s\p{Cc}]+/gu, " ").trim();
const hostilePapers = HOSTILE_TITLES.map((title, number) => makePaper({ slug: `h${number}`, title, abstract: title, authors: [title || "Nobody"], tags: [["t", title]] }));

// ------------------------------------------------------------ tests

test("a paper's entry of BibTeX says all that is known, escaped for TeX", () => {
  assert.equal(
    formats.bibtex.write([FULL], ROOT),
    String.raw`@misc{wang2025meta,
  title = {{Meta-DT: Offline Meta-RL \& 100\% of \$\textbackslash{}pi\_0\$}},
  author = {Zhi Wang and Laurens van der Maaten and Harry Connick Jr. and Plato},
  year = {2025},
  month = mar,
  eprint = {2410.11448},
  archiveprefix = {arXiv},
  doi = {10.1000/x_y},
  url = {https://pdf.example/%7B1%7D},
  note = {The year is inferred},
}
`
  );
});

test("an entry of BibTeX is the one that the paper's own page shows", () => {
  const cases = JSON.parse(readFileSync(new URL("../data/bibtex.json", import.meta.url), "utf8"));
  assert.ok(cases.length > 5);
  for (const { slug, title, date, guessed, more, bibtex } of cases) {
    assert.equal(formats.bibtex.write([makePaper({ slug, title, date, guessed, ...more })], ROOT), bibtex);
  }
});

test("what is not known of a paper is left out of every format", () => {
  const bare = makePaper({ date: "", abstract: "" });
  assert.equal(formats.bibtex.write([bare], ""), "@misc{paper,\n  title = {{A Paper}},\n}\n");
  assert.equal(formats.ris.write([bare], ""), "TY  - GEN\r\nTI  - A Paper\r\nER  - \r\n");
  assert.deepEqual(JSON.parse(formats.csl.write([bare], "")), [{ id: "a-paper", type: "article", title: "A Paper" }]);
  const [row] = readCsv(formats.csv.write([bare], ""));
  assert.deepEqual(Object.keys(row).filter((name) => row[name]), ["title"]);
});

test("no two entries of a file have the same key", () => {
  const papers = ["", "", "-2", ""].map((ending, number) => makePaper({ slug: `s${number}`, title: `Robots${ending}`, date: ending ? "" : "2025-01-01" }));
  const keys = readBibtex(formats.bibtex.write(papers, "")).map((entry) => entry.key);
  assert.equal(new Set(keys).size, papers.length, keys.join());
});

test("a title without a letter gives a key all the same", () => {
  const [entry] = readBibtex(formats.bibtex.write([makePaper({ slug: "ai-2", title: "学习" })], ""));
  assert.equal(entry.key, "ai-22025");
});

test("hostile titles come back from BibTeX as they were", () => {
  const entries = readBibtex(formats.bibtex.write(hostilePapers, ROOT));
  assert.deepEqual(entries.map((entry) => readTex(entry.title)), HOSTILE_TITLES.map(oneLine));
});

test("hostile titles come back from RIS as they were, each record with its end", () => {
  const records = readRis(formats.ris.write(hostilePapers, ROOT));
  assert.equal(records.length, HOSTILE_TITLES.length);
  assert.deepEqual(records.map((record) => record.TI?.[0] ?? ""), HOSTILE_TITLES.map(oneLine));
});

test("hostile titles come back from CSL-JSON as they were", () => {
  const items = JSON.parse(formats.csl.write(hostilePapers, ROOT));
  assert.deepEqual(items.map((item) => item.title ?? ""), HOSTILE_TITLES);
});

test("hostile titles come back from CSV as they were, but for an apostrophe before what would be a formula", () => {
  const rows = readCsv(formats.csv.write(hostilePapers, ROOT));
  assert.deepEqual(rows.map((row) => row.title.replace(/^'(?=[\s\0]*[=+\-@＝]|[\t\r\n])/, "")), HOSTILE_TITLES);
  for (const row of rows) for (const [name, value] of Object.entries(row)) assert.doesNotMatch(value, /^[\s\0]*[=+\-@＝＋－＠]/, name);
  assert.equal(rows[HOSTILE_TITLES.indexOf("+1")].title, "'+1");
});

test("RIS has names the way round that lists want them, the day, the words, and the best address", () => {
  const [record] = readRis(formats.ris.write([FULL], ROOT));
  assert.deepEqual(record.AU, ["Wang, Zhi", "van der Maaten, Laurens", "Connick, Harry, Jr.", "Plato"]);
  assert.deepEqual([record.PY, record.DA, record.KW], [["2025"], ["2025/03/14"], ["Offline RL", "Meta-learning"]]);
  assert.deepEqual([record.DO, record.AN, record.UR, record.N1], [["10.1000/x_y"], ["arXiv:2410.11448"], ["https://pdf.example/{1}"], ["The year is inferred"]]);
  const [linkless] = readRis(formats.ris.write([makePaper()], ROOT));
  assert.deepEqual(linkless.UR, [`${ROOT}papers/a-paper.html`]);
});

test("CSL-JSON has dates in parts, a guessed year as circa, and names in parts", () => {
  const [item] = JSON.parse(formats.csl.write([FULL], ROOT));
  assert.deepEqual(item.issued, { "date-parts": [[2025, 3, 14]], circa: true });
  assert.deepEqual(item.author, [
    { family: "Wang", given: "Zhi" },
    { family: "van der Maaten", given: "Laurens" },
    { family: "Connick", given: "Harry", suffix: "Jr." },
    { literal: "Plato" },
  ]);
  assert.deepEqual([item.id, item.DOI, item.archive_location], ["meta-dt", "10.1000/x_y", "2410.11448"]);
  assert.equal("circa" in JSON.parse(formats.csl.write([makePaper()], ROOT))[0].issued, false);
});

test("CSV has a column for each kind of link, and the paper's page where the site has an address", () => {
  const [row] = readCsv(formats.csv.write([FULL], ROOT));
  assert.deepEqual(
    [row.authors, row.tags, row.year_inferred, row.code_url, row.pdf_url, row.video_url, row.comments, row.page],
    ["Zhi Wang; Laurens van der Maaten; Harry Connick Jr.; Plato", "Offline RL; Meta-learning", "yes", "https://code.example/a_b", "https://pdf.example/{1}", "", "3", `${ROOT}papers/meta-dt.html`]
  );
  assert.equal(readCsv(formats.csv.write([FULL], ""))[0].page, "");
});

test("every format has a name, an ending and a type, and writes nothing as a whole file", () => {
  assert.deepEqual(Object.values(formats).map(({ ending }) => ending), ["bib", "ris", "json", "csv", "txt"]);
  const written = Object.values(plain(Object.fromEntries(Object.entries(formats).map(([name, { write }]) => [name, write([], "")]))));
  assert.deepEqual(written.map((text) => text.split("\r\n")[0].slice(0, 14)), ["", "", "[]\n", "title,authors,", ""]);
});

test("a plain citation has who, when, what and where, as far as they are known", () => {
  const write = (paper) => formats.text.write([paper], ROOT).trimEnd();
  assert.equal(write(FULL), "Zhi Wang, Laurens van der Maaten, Harry Connick Jr., Plato (2025, year inferred). Meta-DT: Offline Meta-RL & 100% of $\\pi_0$. arXiv:2410.11448");
  assert.equal(write(makePaper({ authors: ["A B"], doi: "10.1000/1" })), "A B (2025). A Paper. https://doi.org/10.1000/1");
  assert.equal(write(makePaper({ links: [["code", "https://c.example"]] })), "A Paper (2025). https://c.example");
  assert.equal(write(makePaper({ date: "", title: " A\nB " })), `A B. ${ROOT}papers/a-paper.html`);
  assert.equal(formats.text.write([makePaper({ date: "2024" }), makePaper({ date: "" })], ""), "A Paper (2024).\nA Paper.\n");
});
