// From what a reader types to ranked papers: no page, no network, so that it can be tested alone.
// It asks shards.js for the part of the index that a query needs.
//
// Lunr scores; what is added is this, and no more: papers that have all words come before those that have some,
// and among equals those whose title holds the words in a row come first.
"use strict";

/** @typedef {{parts: string[], terms: string[], whole: string, prefix: string, becoming: string[]}} Word */
/** @typedef {{reference: number, score: number, found: number, whole: boolean, row: number}} Hit */
/** @typedef {{words: Word[], all: Hit[], some: Hit[], near: boolean}} Found */
/** @typedef {{text: string, marked: boolean}} Piece */

(function () {
  const { STOP_WORDS, splitWords, stem, termsOf, fold } = readingList.terms;
  const { isNear } = readingList.shards;
  const MOST_WORDS = 60; // of a pasted abstract, the rarest words are no better found by more
  const LONGEST_TITLE = 100; // terms; who types more has not typed a title
  const FEW = 3; // hits, below which near spellings are looked at
  const PREFIX_BOOST = 0.4; // an unfinished word counts less than the word itself
  const NEAR_BOOST = 0.2;
  const ONE_LETTER = /^[a-z0-9]$/; // begins too many words to be looked up, or to be asked for
  // What may be missing of a word whose end will be cut or respelled: learni(ng), polici(es), behaviou(r), optimisa(tion).
  const MISSING_ENDS = ["g", "ng", "s", "es", "r", "e", "n", "on", "ion", "tion"];

  /**
   * Read a query: words, each with its terms; the last one is unfinished until a blank follows it.
   * Whatever is typed is legal. Stop words count only when there is nothing else.
   * @param {string} text
   * @returns {Word[]}
   */
  function readQuery(text) {
    const groups = splitWords(text);
    const isUnfinished = /[\p{L}\p{N}\p{M}]$/u.test(text);
    const words = groups.map((parts, index) => {
      const last = parts[parts.length - 1];
      const prefix = isUnfinished && index === groups.length - 1 && !STOP_WORDS.has(last) ? last : "";
      return {
        parts,
        terms: parts.filter((part) => !STOP_WORDS.has(part)).map(stem),
        whole: parts.length > 1 ? stem(parts.join("")) : "",
        prefix,
        becoming: completeWord(prefix),
      };
    });
    return uniqueWords(words.filter((word) => word.terms.length || word.whole)).slice(0, MOST_WORDS);
  }

  /**
   * Return the terms that an unfinished word may come to and that it is no beginning of: `learnin` comes to `learn`.
   * @param {string} prefix
   */
  function completeWord(prefix) {
    const terms = prefix ? MISSING_ENDS.map((end) => stem(prefix + end)) : [];
    return [...new Set(terms)].filter((term) => !term.startsWith(prefix));
  }

  /** @param {Word[]} words */
  function uniqueWords(words) {
    const seen = new Map();
    for (const word of words) {
      const key = word.terms.join(" ");
      // The unfinished one of two equal words is kept: it finds what the other finds.
      if (!seen.has(key) || word.prefix) seen.set(key, word);
    }
    return [...seen.values()];
  }

  /**
   * Find papers. `near` tells that near spellings had to help.
   * @param {Shards} shards
   * @param {string} text
   * @returns {Promise<Found>}
   */
  async function search(shards, text) {
    const words = readQuery(text);
    if (!words.length) return { words, all: [], some: [], near: false };
    let hits = await rank(shards, words, text, false);
    let all = hits.filter((hit) => hit.whole);
    let near = false;
    if (all.length < FEW) {
      const wider = await rank(shards, words, text, true);
      const more = wider.filter((hit) => hit.whole);
      if (more.length > all.length || wider.length > hits.length) {
        near = !all.length && more.length > 0;
        const known = new Set(all.map((hit) => hit.reference));
        all = all.concat(more.filter((hit) => !known.has(hit.reference)));
        hits = wider;
      }
    }
    const shown = new Set(all.map((hit) => hit.reference));
    return { words, all, some: hits.filter((hit) => !shown.has(hit.reference)), near };
  }

  /**
   * @param {Shards} shards
   * @param {Word[]} words
   * @param {string} text
   * @param {boolean} near
   * @returns {Promise<Hit[]>}
   */
  async function rank(shards, words, text, near) {
    const neighbours = joinedNeighbours(text);
    const typed = termsOf(text);
    if (typed.length > LONGEST_TITLE) typed.length = 0;
    const [list, index] = await Promise.all([shards.readList(), loadIndex(shards, words, [...neighbours, ...typed], near)]);
    const results = index.query((query) => {
      for (const word of words) addClauses(query, word, near);
      for (const term of neighbours) query.term(term, { usePipeline: false });
    });
    const hits = results.map((result) => {
      const terms = Object.keys(result.matchData.metadata);
      const found = words.filter((word) => isFound(word, terms, neighbours, near)).length;
      const reference = Number(result.ref);
      const titleLength = list.get(reference)?.lengths[0] || 0;
      return { reference, score: result.score, found, whole: found === words.length, row: standsInTitle(typed, index, reference, titleLength) };
    });
    const order = (/** @type {Hit} */ a, /** @type {Hit} */ b) => b.found - a.found || b.row - a.row || b.score - a.score || a.reference - b.reference;
    return hits.sort(order);
  }

  /**
   * Load all terms that the clauses of these words may come to, and some more.
   * @param {Shards} shards
   * @param {Word[]} words
   * @param {string[]} more
   * @param {boolean} near
   */
  async function loadIndex(shards, words, more, near) {
    const terms = words.flatMap((word) => [...word.terms, word.whole, ...word.becoming]).concat(more);
    const spelled = near ? await Promise.all(words.flatMap((word) => word.terms.filter(mayBeNear).map(shards.findNear))) : [];
    return shards.makeIndex(terms.concat(...spelled).filter(Boolean), words.filter(isBeginning).map((word) => word.prefix));
  }

  /** @param {string} term */
  const mayBeNear = (term) => term.length > 3;

  /**
   * Tell whether all terms that a word's prefix begins are asked for.
   * @param {Word} word
   */
  const isBeginning = ({ prefix }) => prefix !== "" && !ONE_LETTER.test(prefix);

  /**
   * @param {lunr.Query} query
   * @param {Word} word
   * @param {boolean} near
   */
  function addClauses(query, word, near) {
    const plain = { usePipeline: false }; // copied for each term: Lunr writes the term into it
    for (const term of word.terms) query.term(term, { ...plain });
    if (word.whole) query.term(word.whole, { ...plain });
    if (isBeginning(word)) {
      query.term(word.prefix, { ...plain, boost: PREFIX_BOOST, wildcard: lunr.Query.wildcard.TRAILING });
    }
    for (const term of word.becoming) query.term(term, { ...plain, boost: PREFIX_BOOST });
    if (near) {
      for (const term of word.terms.filter(mayBeNear)) query.term(term, { ...plain, boost: NEAR_BOOST, editDistance: 1 });
    }
  }

  /**
   * Return names that a blank has split, joined again: `open vla` finds OpenVLA.
   * @param {string} text
   */
  function joinedNeighbours(text) {
    const parts = splitWords(text).map((group) => group.join(""));
    if (parts.length > 8) return [];
    return parts.slice(1).map((part, index) => stem(parts[index] + part));
  }

  /**
   * @param {Word} word
   * @param {string[]} terms
   * @param {string[]} neighbours
   * @param {boolean} near
   */
  function isFound(word, terms, neighbours, near) {
    const has = (/** @type {string} */ term) => terms.includes(term);
    if (word.whole && has(word.whole)) return true;
    if (word.terms.length && word.terms.every((term) => has(term) || (near && terms.some((other) => isNear(term, other))))) return true;
    if (ONE_LETTER.test(word.prefix) && word.terms.slice(0, -1).every(has)) return true;
    const isBegun = (/** @type {string} */ term) => term.startsWith(word.prefix) || word.becoming.includes(term);
    if (word.prefix && terms.some(isBegun) && word.terms.slice(0, -1).every(has)) return true;
    const joined = word.parts.join("");
    return neighbours.some((term) => has(term) && (term.startsWith(stem(joined)) || term.startsWith(joined) || term.endsWith(stem(joined))));
  }

  /**
   * Tell how much of a title the typed terms are: 2 when they are all of it, 1 when they stand in it in a row.
   * @param {string[]} typed
   * @param {lunr.Index} index
   * @param {number} reference
   * @param {number} titleLength
   */
  function standsInTitle(typed, index, reference, titleLength) {
    if (typed.length < 2 || typed.length > titleLength) return 0;
    const places = typed.map((term) => index.invertedIndex[term]?.title[reference]?.position || []);
    const begins = places[0].some((start) => places.every((ofTerm, offset) => ofTerm.includes(start + offset)));
    if (!begins) return 0;
    return typed.length === titleLength ? 2 : 1;
  }

  /**
   * Cut the words out of a text that a query found, to be marked: yields pieces, marked or not.
   * @param {string} text
   * @param {Word[]} words
   * @returns {Piece[]}
   */
  function markWords(text, words) {
    const joined = words.slice(1).map((word, index) => stem([...words[index].parts, ...word.parts].join("")));
    const wanted = new Set([...words.flatMap((word) => [...word.terms, word.whole, ...word.becoming]), ...joined]);
    const prefixes = words.map((word) => word.prefix).filter((prefix) => prefix.length > 1);
    /** @type {Piece[]} */
    const pieces = [];
    for (const chunk of text.split(/([\p{L}\p{N}\p{M}]+(?:[-+._/'’][\p{L}\p{N}\p{M}]+)*)/u)) {
      const isWanted = readChunk(chunk).some(({ part, term }) => wanted.has(term) || prefixes.some((prefix) => part.startsWith(prefix)));
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
  function readChunk(chunk) {
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

  readingList.query = { readQuery, search, markWords, snippet };
})();
