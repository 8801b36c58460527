// What a query says: its words, and what each may be found by; and which words of a text are these. Pure; of the other
// scripts terms.js is enough. Must not know what papers there are.
"use strict";

/**
 * @typedef {{terms: string[], prefix: string}} Way all these terms, and one that begins so, are the word
 * @typedef {{typed: string, start: number, end: number, parts: string[], ways: Way[], becoming: string[], prefix: string, root: string, optional: boolean}} Word
 *   typed from start to end of the query; becoming: terms that it may come to; prefix: "" for a finished word; root:
 *   what words derived from it begin with, or ""; optional: the beginning of a word that tells nothing, perhaps
 * @typedef {{text: string, marked: boolean}} Piece
 * @typedef {{typed: string, parts: string[]}} Phrase
 */

(function () {
  const { STOP_WORDS, splitWords, stem, termsOf, fold } = readingList.terms;
  const MOST_WORDS = 40; // of a pasted text, the longest; it is no better found by more
  const MOST_JOINED = 8; // words; in longer texts names are not looked for that a blank has split
  const LONGEST_TITLE = 50; // terms; who types more has not typed a title
  const SHORTEST_ROOT = 5; // letters; what begins with fewer is mostly another word
  const ONE_LETTER = /^[a-z0-9]$/; // begins too many words to be looked up, or to be asked for
  const QUOTED = /["“”„«»]([^"“”„«»]*)["“”«»]/gu;
  // What may be missing of a word whose end will be cut or respelled: learni(ng), polici(es), behaviou(r), optimisa(tion).
  const MISSING_ENDS = ["g", "ng", "s", "es", "r", "e", "n", "on", "ion", "tion"];
  const DERIVED = /(?:ization|isation)$|(?:ation|ition|ion|ment|ness|ity|al|or|er|ic|ics|ive|ly|able)$/;

  // ---------------------------------------------------------------- reading

  /**
   * Read a query: its words, the last one unfinished until something follows it. Whatever is typed is legal.
   * @param {string} text
   * @returns {Word[]}
   */
  function readQuery(text) {
    const isUnfinished = /[\p{L}\p{N}\p{M}]$/u.test(text);
    const groups = [...text.matchAll(/\S+/gu)].flatMap(({ 0: chunk, index }) => readChunk(chunk, index));
    const words = groups.map((group, place) => readWord(group, isUnfinished && place === groups.length - 1));
    if (groups.length <= MOST_JOINED) addJoined(words);
    const telling = words.filter(({ ways }) => ways.length);
    if (telling.length === 1) telling[0].optional = false;
    const unique = uniqueWords(telling);
    if (unique.length <= MOST_WORDS) return unique;
    const longest = new Set([...unique].sort((a, b) => b.typed.length - a.typed.length).slice(0, MOST_WORDS));
    return unique.filter((word) => longest.has(word));
  }

  /**
   * Split what stands between two blanks into words, each with what was typed, and where.
   * @param {string} chunk
   * @param {number} start
   */
  function readChunk(chunk, start) {
    const groups = splitWords(readIdentifier(chunk));
    const bare = /[\p{L}\p{N}\p{M}](?:.*[\p{L}\p{N}\p{M}+])?/su.exec(chunk) || { 0: chunk, index: 0 };
    const [from, to] = [start + bare.index, start + bare.index + bare[0].length];
    return groups.map((parts) => ({ parts, typed: groups.length > 1 ? parts.join("-") : bare[0], start: from, end: groups.length > 1 ? from : to }));
  }

  /**
   * Take an address for what it names: a paper at arXiv, without its version, whoever shows it; a DOI; a repository; a
   * paper's own page.
   * Of what is joined of many parts, such as the name of a page, each is a word.
   * @param {string} chunk
   */
  function readIdentifier(chunk) {
    const bare = chunk.replace(/^[<(["“]+|[>)\]"”,;.]+$/gu, "");
    const path = bare.replace(/^[a-z]+:\/\//iu, "").replace(/^www\./iu, "").replace(/^git@([^:/]+):/iu, "$1/");
    const doi = /^(?:(?:dx\.)?doi\.org\/|doi:)?(10\.\d{4,}\/.+)$/iu.exec(path);
    const place = (doi ? doi[1] : path).replace(/^10\.48550\/arxiv\./iu, "arxiv:");
    const arxiv = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\/(?:\S*\/)?|arxiv:)?([a-z.-]+\/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?\/?(?:[?#].*)?$/iu.exec(place);
    if (arxiv && (!doi || place !== doi[1])) return arxiv[1];
    if (doi) return doi[1];
    const repository = /^(?:github|gitlab)\.com\/([^/?#]+\/[^/?#]+?)(?:\.git)?(?:[/?#].*)?$/iu.exec(path);
    if (repository) return repository[1];
    const page = /(?:^|\/)papers\/([^/?#]+?)\.html(?:[?#].*)?$/u.exec(path);
    if (page) return page[1].replaceAll("-", " ");
    if (path !== bare) return path.replace(/[?#].*$/u, "");
    return splitWords(chunk).some((parts) => parts.length > 4) && !/^10\.\d/u.test(chunk) ? chunk.replace(/[-_/]/gu, " ") : chunk;
  }

  /**
   * @param {{parts: string[], typed: string, start: number, end: number}} group
   * @param {boolean} isUnfinished
   * @returns {Word}
   */
  function readWord({ parts, typed, start, end }, isUnfinished) {
    const last = parts[parts.length - 1];
    const prefix = isUnfinished && !STOP_WORDS.has(last) ? last : "";
    const telling = parts.filter((part) => !STOP_WORDS.has(part));
    const [terms, joined] = [telling.map(stem), parts.join("")];
    const becoming = completeWord(prefix);
    /** @type {Way[]} */
    const ways = terms.length ? [{ terms, prefix: "" }] : [];
    if (parts.length > 1) ways.push({ terms: [stem(joined)], prefix: "" });
    for (const term of becoming) ways.push({ terms: [...terms.slice(0, -1), term], prefix: "" });
    const isShort = ONE_LETTER.test(prefix);
    if (prefix && !isShort) {
      ways.push({ terms: terms.slice(0, -1), prefix });
      if (parts.length > 1) ways.push({ terms: [], prefix: joined });
    }
    if (isShort && parts.length > 1) ways.push({ terms: terms.slice(0, -1), prefix: "" });
    const optional = prefix !== "" && parts.length === 1 && (isShort || [...STOP_WORDS].some((word) => word.startsWith(prefix)));
    return { typed, start, end, parts, ways, becoming, prefix, root: parts.length === 1 ? findRoot(terms[0] || "") : "", optional };
  }

  /**
   * Return the terms that an unfinished word may come to and that it is no beginning of: `learnin` comes to `learn`.
   * @param {string} prefix
   */
  function completeWord(prefix) {
    const terms = prefix ? MISSING_ENDS.map((end) => stem(prefix + end)) : [];
    return [...new Set(terms)].filter((term) => !term.startsWith(prefix));
  }

  /**
   * Return what a term and those derived from it begin with, or "": `memoriz` for memorization and memorize.
   * @param {string} term
   */
  function findRoot(term) {
    if (/\d/.test(term)) return term.length < SHORTEST_ROOT - 1 ? "" : term;
    const root = stem(term.replace(DERIVED, (end) => (end.endsWith("ization") ? "iz" : "")));
    if (root.length >= SHORTEST_ROOT) return root;
    return term.length >= SHORTEST_ROOT ? term : "";
  }

  /**
   * Let words be found joined that a blank has split: `open vla` is OpenVLA.
   * @param {Word[]} words
   */
  function addJoined(words) {
    for (let place = 1; place < words.length; place++) {
      const pair = [words[place - 1], words[place]];
      const joined = pair.flatMap(({ parts }) => parts).join("");
      const prefix = pair[1].prefix && joined.length > 3 ? joined : "";
      for (const word of pair) {
        if (!word.ways.length) continue;
        word.ways.push({ terms: [stem(joined)], prefix: "" });
        if (prefix) word.ways.push({ terms: [], prefix });
      }
    }
  }

  /** @param {Word[]} words */
  function uniqueWords(words) {
    /** @type {Map<string, Word>} */
    const seen = new Map();
    for (const word of words) {
      const key = word.ways[0].terms.join(" ");
      // The unfinished one of two equal words is kept: it finds what the other finds.
      if (!seen.has(key) || word.prefix) seen.set(key, word);
    }
    return [...seen.values()];
  }

  /**
   * Return the quoted phrases of a query, their words as the papers' words will be compared.
   * @param {string} text
   * @returns {Phrase[]}
   */
  function readPhrases(text) {
    const quoted = [...text.matchAll(QUOTED)].slice(0, MOST_WORDS);
    const phrases = quoted.map(([typed, inside]) => ({ typed, parts: splitWords(inside).flat().map(stem) }));
    return phrases.filter(({ parts }) => parts.some((part) => !STOP_WORDS.has(part)));
  }

  /**
   * Return the query's terms as they would stand in a title; the last may be unfinished.
   * @param {string} text
   * @param {Word[]} words
   */
  function readRow(text, words) {
    const terms = termsOf([...text.matchAll(/\S+/gu)].map(([chunk]) => readIdentifier(chunk)).join(" "));
    const last = words[words.length - 1];
    const isBegun = last.prefix !== "" && last.parts.length === 1 && !ONE_LETTER.test(last.prefix);
    return { terms: terms.length > LONGEST_TITLE ? [] : terms, prefix: isBegun ? last.prefix : "" };
  }

  // ---------------------------------------------------------------- showing why

  /**
   * Cut the words out of a text that a query found, to be marked: returns pieces, marked or not.
   * @param {string} text
   * @param {Word[]} words
   * @returns {Piece[]}
   */
  function markWords(text, words) {
    const ways = words.flatMap((word) => word.ways);
    const wanted = new Set(ways.flatMap(({ terms }) => terms));
    const prefixes = [...new Set(ways.map(({ prefix }) => prefix).filter((prefix) => prefix.length > 1))];
    /** @type {Piece[]} */
    const pieces = [];
    for (const chunk of text.split(/([\p{L}\p{N}\p{M}]+(?:[-+._/'’][\p{L}\p{N}\p{M}]+)*)/u)) {
      const isWanted = readParts(chunk).some(({ part, term }) => wanted.has(term) || prefixes.some((prefix) => part.startsWith(prefix)));
      const last = pieces[pieces.length - 1];
      if (last && last.marked === isWanted) last.text += chunk;
      else pieces.push({ text: chunk, marked: isWanted });
    }
    return pieces.filter((piece) => piece.text);
  }

  /** @type {Map<string, {part: string, term: string}[]>} */
  const chunks = new Map();

  /**
   * Return the parts of a word as it stands in a text, and what they are joined, each with its term. They are kept:
   * every answer asks for the same words again.
   * @param {string} chunk
   */
  function readParts(chunk) {
    const known = chunks.get(chunk);
    if (known) return known;
    const parts = splitWords(chunk).flatMap((group) => (group.length > 1 ? [...group, group.join("")] : group));
    const read = parts.map((part) => ({ part, term: stem(part) }));
    chunks.set(chunk, read);
    return read;
  }

  /**
   * Choose the stretch of a text that holds the most different words of a query.
   * @param {string} text
   * @param {Word[]} words
   * @param {number} most characters
   */
  function snippet(text, words, most = 260) {
    if (text.length <= most) return text;
    const places = [];
    let place = 0;
    for (const piece of markWords(text, words)) {
      if (piece.marked) places.push({ place, term: fold(piece.text) });
      place += piece.text.length;
    }
    let best = { start: 0, count: 0 };
    for (const { place: from } of places) {
      const within = places.filter((one) => one.place >= from && one.place < from + most - 40);
      const count = new Set(within.map((one) => one.term)).size;
      if (count > best.count) best = { start: from, count };
    }
    let start = Math.max(0, best.start - 30);
    if (start > 0) start = text.indexOf(" ", start) + 1;
    let end = Math.min(text.length, start + most);
    if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + most / 2);
    return `${start > 0 ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
  }

  readingList.words = { readQuery, readPhrases, readRow, markWords, snippet };
})();
