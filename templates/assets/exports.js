// A list of papers as a file for other programs: BibTeX, RIS, CSL-JSON, CSV; or as one cites them. Loaded when first asked for.
//
// In: papers as the index's files hold them, and the site's address ("" where it has none that others can open).
// Out: a text, or a file that the reader downloads. It must not know the page. An entry of BibTeX is the one that the
// paper's own page shows: site_builder/formats/bibtex.py is the twin.
"use strict";

var readingList = globalThis.readingList || {};
globalThis.readingList = readingList;

/** @typedef {{name: string, ending: string, type: string, write: (papers: Paper[], root: string) => string}} Format */

(function () {
  const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
  const STOP_WORDS = new Set("a an and are as at by do does for from how in is it of on or the to via what when why with".split(" "));
  const CITED = ["paper", "pdf", "project", "code"]; // the kinds of links that stand for a paper, best first
  const KINDS = ["paper", "pdf", "code", "project", "data", "video"];
  const INFERRED = "The year is inferred";
  const SAVED = 1000; // papers that a file has at most
  /** @type {Record<string, string>} */
  const TEX = {
    "\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "&": "\\&", "%": "\\%", $: "\\$", "#": "\\#", _: "\\_",
    "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
  };

  /** @type {Record<string, Format>} */
  const formats = {
    bibtex: { name: "BibTeX", ending: "bib", type: "application/x-bibtex", write: writeBibtex },
    ris: { name: "RIS", ending: "ris", type: "application/x-research-info-systems", write: writeRis },
    csl: { name: "CSL-JSON", ending: "json", type: "application/vnd.citationstyles.csl+json", write: writeCsl },
    csv: { name: "CSV", ending: "csv", type: "text/csv", write: writeCsv },
    text: { name: "text", ending: "txt", type: "text/plain", write: writeText },
  };

  // ------------------------------------------------------------ BibTeX

  /**
   * Write papers as BibTeX; no two entries of a file have the same key.
   * @param {Paper[]} papers
   */
  function writeBibtex(papers) {
    const taken = new Set();
    return papers
      .map((paper) => {
        const key = citationKey(paper);
        let own = key;
        for (let more = 2; taken.has(own); more++) own = `${key}-${more}`;
        taken.add(own);
        return writeEntry(paper, own);
      })
      .join("\n");
  }

  /**
   * @param {Paper} paper
   * @param {string} key
   */
  function writeEntry([, , title, date, guessed, , , more], key) {
    const [year, month] = date.split("-");
    const fields = {
      title: `{${escapeTex(title)}}`,
      author: (more.authors || []).map(writeName).join(" and "),
      year,
      month: month ? MONTHS[Number(month) - 1] : "",
      eprint: more.arxiv,
      archiveprefix: more.arxiv && "arXiv",
      doi: more.doi && encodeBraces(more.doi),
      url: encodeBraces(findUrl(more.links)),
      note: date && guessed ? INFERRED : "",
    };
    const lines = Object.entries(fields)
      .filter(([, value]) => value)
      .map(([name, value]) => `  ${name} = ` + (name === "month" ? value : `{${value}}`) + ",");
    return ["@misc{" + key + ",", ...lines, "}", ""].join("\n");
  }

  /**
   * Make the key of an entry: first author's last name, year, first telling word of the title; without authors, three
   * telling words stand for the name.
   * @param {Paper} paper
   */
  function citationKey([, slug, title, date, , , , { authors = [] }]) {
    const words = ascii(title).toLowerCase().match(/[a-z0-9]+/g) || [];
    const all = words.filter((word) => !STOP_WORDS.has(word));
    const telling = all.length ? all : [slug];
    const year = date.split("-")[0];
    const last = authors.length ? ascii(authors[0].trim().split(/\s+/).pop() || "").toLowerCase().replace(/[^a-z]/g, "") : "";
    return last ? last + year + telling[0] : telling.slice(0, 3).join("") + year;
  }

  /** @param {string} text */
  const ascii = (text) => text.normalize("NFKD").replace(/[^\0-\x7f]/g, "");

  /** @param {string} text */
  const escapeTex = (text) => oneLine(text).replace(/[\\{}&%$#_~^]/g, (letter) => TEX[letter]);

  /**
   * Write a name in reading order; one that would be read as several, turned or parted is held together by braces.
   * @param {string} name
   */
  function writeName(name) {
    const text = oneLine(name);
    return BODY.test(text.slice(text.lastIndexOf(" ") + 1)) || /,|(^|\s)and(\s|$)|^(others|et al\.?)$/i.test(text) ? `{${escapeTex(text)}}` : escapeTex(text);
  }

  /** @param {string} address */
  const encodeBraces = (address) => oneLine(address).replace(/[{}\\]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

  // ------------------------------------------------------------ RIS

  /**
   * @param {Paper[]} papers
   * @param {string} root
   */
  function writeRis(papers, root) {
    return papers.map((paper) => writeRecord(paper, root)).join("\r\n");
  }

  /**
   * @param {Paper} paper
   * @param {string} root
   */
  function writeRecord([, slug, title, date, guessed, tags, abstract, more], root) {
    /** @type {[string, string | undefined][]} */
    const rows = [
      ["TY", "GEN"],
      ["TI", title],
      ...(more.authors || []).map((name) => row("AU", turnName(name))),
      ["PY", date.split("-")[0]],
      ["DA", date.replaceAll("-", "/")],
      ["AB", abstract],
      ...tags.map(([, name]) => row("KW", name)),
      ["DO", more.doi],
      ["AN", more.arxiv && `arXiv:${more.arxiv}`],
      ["UR", findUrl(more.links) || pageOf(slug, root)],
      ["N1", date && guessed ? INFERRED : ""],
    ];
    const lines = rows.flatMap(([name, value]) => (value ? [`${name}  - ${oneLine(value)}`] : []));
    return [...lines, "ER  - ", ""].join("\r\n");
  }

  /**
   * @param {string} name
   * @param {string} value
   * @returns {[string, string]}
   */
  const row = (name, value) => [name, value];

  /**
   * Turn a name as lists want it: last name, first names, what stands behind (Jr., III). Commas of a name that has
   * no such parts are written twice.
   * @param {string} name
   */
  function turnName(name) {
    const { literal, family, given, suffix } = splitName(name);
    return (literal && doubleCommas(literal)) || [family, given, suffix].filter(Boolean).join(", ");
  }

  // ------------------------------------------------------------ CSL-JSON

  /**
   * @param {Paper[]} papers
   * @param {string} root
   */
  function writeCsl(papers, root) {
    return `${JSON.stringify(papers.map((paper) => makeItem(paper, root)), null, 2)}\n`;
  }

  /**
   * @param {Paper} paper
   * @param {string} root
   */
  function makeItem([, slug, title, date, guessed, tags, abstract, more], root) {
    const item = {
      id: slug,
      type: "article",
      title,
      author: more.authors?.length ? more.authors.map(splitName) : undefined,
      issued: date && { "date-parts": [date.split("-").map(Number)], ...(guessed ? { circa: true } : {}) },
      abstract,
      keyword: tags.map(([, name]) => name).join(", "),
      DOI: more.doi,
      archive: more.arxiv && "arXiv",
      archive_location: more.arxiv,
      URL: findUrl(more.links) || pageOf(slug, root),
      note: date && guessed ? INFERRED : "",
    };
    return Object.fromEntries(Object.entries(item).filter(([, value]) => value));
  }

  /**
   * Split a full name; particles in small letters (van der) belong to the last name. An organization is told by its last
   * word, or by a comma that no Jr. stands behind.
   * @param {string} name
   * @returns {{literal?: string, family?: string, given?: string, suffix?: string}}
   */
  function splitName(name) {
    const text = oneLine(name);
    const [before, ...behind] = text.split(/\s*,\s*/);
    const words = before.split(" ");
    const suffix = behind.length ? behind[0] : words.length > 2 && isSuffix(words[words.length - 1]) ? words.pop() : "";
    const isBody = behind.length > 1 || (behind.length && !isSuffix(behind[0])) || BODY.test(words[words.length - 1]);
    if (isBody || words.length < 2) return { literal: text };
    let start = words.length - 1;
    while (start > 1 && /^\p{Ll}+$/u.test(words[start - 1])) start--;
    const family = words.slice(start).join(" ");
    const given = words.slice(0, start).join(" ");
    return suffix ? { family, given, suffix } : { family, given };
  }

  // What the name of an organization ends with: it has no last name.
  const BODY = /^(team|group|consortium|collaboration|collaborators|committee|initiative|foundation|institute|university|association|society|laboratory|labs|investigators)$/i;

  /**
   * Write a name in reading order; commas that part nothing are written twice.
   * @param {string} name
   */
  const holdName = (name) => doubleCommas(splitName(name).literal || "") || name;

  /** @param {string} name */
  const doubleCommas = (name) => name.replaceAll(",", ",,");

  const SUFFIX = /^(jr|sr|ii|iii|iv)\.?$/i;

  /** @param {string} word */
  const isSuffix = (word) => SUFFIX.test(word);

  // ------------------------------------------------------------ CSV

  /**
   * Write papers as CSV (RFC 4180). A cell that a table program would reckon as a formula has an apostrophe before it.
   * @param {Paper[]} papers
   * @param {string} root
   */
  function writeCsv(papers, root) {
    const head = ["title", "authors", "organization", "date", "year_inferred", "tags", "arxiv", "doi", ...KINDS.map((kind) => `${kind}_url`), "comments", "abstract", "page"];
    const rows = papers.map(([, slug, title, date, guessed, tags, abstract, more]) => [
      title,
      (more.authors || []).map(holdName).join("; "),
      more.organization,
      date,
      date && guessed ? "yes" : "",
      tags.map(([, name]) => name).join("; "),
      more.arxiv,
      more.doi,
      ...KINDS.map((kind) => (more.links || []).filter((link) => link[0] === kind).map((link) => link[1]).join(" ")),
      more.comments,
      abstract,
      pageOf(slug, root),
    ]);
    return [head, ...rows].map((cells) => `${cells.map(writeCell).join(",")}\r\n`).join("");
  }

  /** @param {string | number | undefined} value */
  function writeCell(value = "") {
    const text = String(value);
    const safe = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  // ------------------------------------------------------------ plain text

  /**
   * Write papers as one cites them in a text, a line each: Authors (year). Title. arXiv:…, DOI or address.
   * @param {Paper[]} papers
   * @param {string} root
   */
  function writeText(papers, root) {
    const lines = papers.map(([, slug, title, date, guessed, , , more]) => {
      const year = date && ` (${date.split("-")[0]}${guessed ? ", year inferred" : ""})`;
      const where = more.arxiv ? `arXiv:${more.arxiv}` : more.doi ? `https://doi.org/${more.doi}` : findUrl(more.links) || pageOf(slug, root);
      const who = (more.authors || []).map(oneLine).join(", ");
      return [who && `${who}${year}.`, `${oneLine(title)}${who ? "" : year}.`, where].filter(Boolean).join(" ");
    });
    return lines.map((line) => `${line}\n`).join("");
  }

  // ------------------------------------------------------------ what they share

  /** @param {[kind: string, url: string][]} [links] */
  function findUrl(links = []) {
    const found = CITED.map((kind) => links.find((link) => link[0] === kind)).find(Boolean);
    return found ? found[1] : "";
  }

  /**
   * @param {string} slug
   * @param {string} root
   */
  const pageOf = (slug, root) => root && `${root}papers/${slug}.html`;

  /** @param {string} text */
  const oneLine = (text) => text.replace(/[\s\p{Cc}]+/gu, " ").trim();

  // ------------------------------------------------------------ saving

  /**
   * Hand the reader a text as a file that was downloaded.
   * @param {string} name without an ending
   * @param {Format} format
   * @param {string} text
   */
  function hand(name, { ending, type }, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    link.download = `${name}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /**
   * Hand the reader a file of papers; return what can be said of it.
   * @param {string} key of a format
   * @param {number[]} numbers
   */
  async function saveList(key, numbers) {
    const papers = await readingList.client.papers(numbers.slice(0, SAVED));
    const format = formats[key];
    const root = location.protocol === "file:" ? "" : new URL(".", location.href).href;
    hand("papers", format, format.write(papers, root));
    const [count, all] = [papers.length, numbers.length].map((number) => number.toLocaleString("en"));
    const told = numbers.length > SAVED ? `The first ${count} papers of ${all} are` : papers.length === 1 ? "1 paper is" : `${count} papers are`;
    return `${told} in the ${format.name} file.`;
  }

  readingList.exports = { formats, hand, saveList };
})();
