// From what a reader types to ranked papers, and why each was found. Pure: no page, no network; shards.js hands it the
// part of the index that a query needs.
//
// Every word is asked of Lunr as optional clauses: its term, its parts joined, what it begins. Lunr scores. What is
// added is this, and no more:
//   1. papers that have all words come before those that have some;
//   2. then those whose title is the query, before those that hold it in a row;
//   3. the score counts by the share of the query's words that a paper has, squared, rare words counting more;
//   4. when few papers have all words, those count half for a word that have one of the same root (memorize for
//      memorization), and when none has, words that no paper has are respelled, each as the term near it that stands
//      beside most of the other words and in most papers;
//   5. of a pasted text the forty longest words are looked for, and the sixteen rarest of these scored.
// To read a query and to mark its words, terms.js is enough.
"use strict";

/**
 * @typedef {{terms: string[], prefix: string}} Way all these terms, and one that begins so, are the word
 * @typedef {{typed: string, start: number, end: number, parts: string[], ways: Way[], becoming: string[], prefix: string, root: string, optional: boolean}} Word
 *   typed from start to end of the query; becoming: terms that it may come to; prefix: "" for a finished word; root:
 *   what words derived from it begin with, or ""; optional: the beginning of a word that tells nothing, perhaps
 * @typedef {{reference: number, score: number, row: number, whole: boolean, missing: string[]}} Hit
 * @typedef {{words: Word[], all: Hit[], some: Hit[], near: boolean, correction: string}} Found
 * @typedef {{text: string, marked: boolean}} Piece
 * @typedef {{typed: string, parts: string[]}} Phrase
 */

(function () {
  const { STOP_WORDS, splitWords, stem, termsOf, fold } = readingList.terms;
  const MOST_WORDS = 40; // of a pasted text, the longest; it is no better found by more
  const MOST_SCORED = 16; // words, the rarest; what more words have is looked at, but not scored
  const MOST_JOINED = 8; // words; in longer texts names are not looked for that a blank has split
  const MOST_CORRECTED = 8; // words; a longer text was not typed, and its words are what they are
  const MOST_CANDIDATES = 24; // near spellings of a word that are looked at
  const MOST_PHRASES = 50; // papers with all words that are read to see whether they hold a quoted phrase
  const LONGEST_TITLE = 50; // terms; who types more has not typed a title
  const PREFIX_BOOST = 0.4; // an unfinished word counts less than the word itself
  const ROOT_BOOST = 0.2;
  const FEW = 5; // papers with all words, below which words of the same roots are looked for
  const SHORTEST_ROOT = 5; // letters; what begins with fewer is mostly another word
  const LITTLE = 0.1; // the share that a paper has which has no word whole
  const ONE_LETTER = /^[a-z0-9]$/; // begins too many words to be looked up, or to be asked for
  /** @type {number[]} */
  const NOWHERE = [];
  const QUOTED = /["“”„«»]([^"“”„«»]*)["“”«»]/gu;
  // What may be missing of a word whose end will be cut or respelled: learni(ng), polici(es), behaviou(r), optimisa(tion).
  const MISSING_ENDS = ["g", "ng", "s", "es", "r", "e", "n", "on", "ion", "tion"];
  const SHORTEST = 3; // letters of a word that is respelled, and the most
  const LONGEST = 30;
  const LONG = 9; // letters of a word in which two slips are looked for
  const DERIVED = /(?:ization|isation)$|(?:ation|ition|ion|ment|ness|ity|al|or|er|ic|ics|ive|ly|able)$/;
  const ALPHABET = "abcdefghijklmnopqrstuvwxyz";

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
   * Take an address for what it names: a paper at arXiv, without its version; a DOI; a repository; a paper's own page.
   * Of what is joined of many parts, such as the name of a page, each is a word.
   * @param {string} chunk
   */
  function readIdentifier(chunk) {
    const bare = chunk.replace(/^[<(["“]+|[>)\]"”,;.]+$/gu, "");
    const path = bare.replace(/^[a-z]+:\/\//iu, "").replace(/^www\./iu, "");
    const arxiv = /^(?:(?:[a-z.]+\.)?arxiv\.org\/[a-z]+\/|arxiv:)?((?:[a-z.-]+\/\d{7})|\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?(?:[?#].*)?$/iu.exec(path);
    if (arxiv) return arxiv[1];
    const doi = /^(?:(?:dx\.)?doi\.org\/|doi:)(10\..+)$/iu.exec(path);
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

  // ---------------------------------------------------------------- searching

  /**
   * Find papers. `correction` is the query as it was respelled and answered.
   * @param {Shards} shards
   * @param {string} text
   * @param {boolean} literal correct nothing
   * @returns {Promise<Found>}
   */
  async function search(shards, text, literal = false) {
    const words = readQuery(text);
    if (!words.length) return { words, all: [], some: [], near: false, correction: "" };
    const found = await rank(shards, words, text);
    if (literal || found.all.length >= FEW || words.length > MOST_CORRECTED) return found;
    const correction = found.all.length ? "" : await correct(shards, words, text);
    if (!correction) return rank(shards, words, text, true);
    return { ...(await rank(shards, readQuery(correction), correction, true)), near: true, correction };
  }

  /**
   * @param {Shards} shards
   * @param {Word[]} words
   * @param {string} text
   * @param {boolean} byRoots
   * @returns {Promise<Found>}
   */
  async function rank(shards, words, text, byRoots = false) {
    const typed = readRow(text, words);
    const phrases = readPhrases(text);
    const rows = [typed, ...phrases.map(({ parts }) => ({ terms: parts.filter((part) => !STOP_WORDS.has(part)), prefix: "" }))];
    const asked = listTerms(words);
    const roots = byRoots ? [...new Set(words.map(({ root }) => root).filter((root) => root && !asked.prefixes.includes(root)))] : [];
    const [list, index] = await Promise.all([
      shards.readList(),
      shards.makeIndex([...asked.terms.keys(), ...rows.flatMap(({ terms }) => terms)], [...asked.prefixes, ...roots]),
    ]);
    const related = findHolders(index, words.map(({ root }) => (roots.includes(root) ? [{ terms: [], prefix: root }] : [])));
    const columns = findHolders(index, words.map(({ ways }) => ways)).map((papers, place) => {
      const { typed, optional } = words[place];
      return { typed, optional, papers, related: related[place] };
    });
    const scored = listTerms(rarestWords(words, columns));
    const results = index.query((query) => {
      for (const [term, boost] of scored.terms) query.term(term, { usePipeline: false, boost });
      for (const prefix of [...scored.prefixes, ...roots]) {
        const boost = roots.includes(prefix) ? ROOT_BOOST : PREFIX_BOOST;
        query.term(prefix, { usePipeline: false, boost, wildcard: lunr.Query.wildcard.TRAILING });
      }
    });
    const seen = rows.filter(({ terms }) => terms.length > 1).map((one) => findPlaces(one, index));
    const row = (/** @type {number} */ reference) =>
      seen.reduce((best, places) => Math.max(best, standsInTitle(places, reference, list.get(reference)?.lengths[0] || 0)), 0);
    const found = results.map(({ ref, score }) => ({ reference: Number(ref), score, row: row(Number(ref)) }));
    let hits = orderHits(found, columns, list.size);
    for (const phrase of phrases) columns.push({ typed: phrase.typed, optional: false, papers: await findPhrase(shards, phrase, hits, index), related: new Set() });
    if (phrases.length) hits = orderHits(found, columns, list.size);
    return { words, all: hits.filter(({ whole }) => whole), some: hits.filter(({ whole }) => !whole), near: false, correction: "" };
  }

  /**
   * Return the words that are scored: of many, the rarest that some paper has.
   * @param {Word[]} words
   * @param {{papers: Set<number>}[]} columns
   */
  function rarestWords(words, columns) {
    const sizes = new Map(words.map((word, place) => [word, columns[place].papers.size || Infinity]));
    if (words.length <= MOST_SCORED) return words;
    const rarest = [...words].sort((a, b) => Number(sizes.get(a)) - Number(sizes.get(b)) || 0);
    return rarest.slice(0, MOST_SCORED);
  }

  /**
   * Put papers in order, and tell what each lacks.
   * @param {{reference: number, score: number, row: number}[]} found
   * @param {{typed: string, optional: boolean, papers: Set<number>, related: Set<number>}[]} columns the words and phrases,
   *   the papers that have them, and those that have words of the same root
   * @param {number} count of all papers
   * @returns {Hit[]}
   */
  function orderHits(found, columns, count) {
    const weights = columns.map(({ papers }) => Math.log(1 + count / (1 + papers.size)));
    const sum = weights.reduce((one, other) => one + other, 0);
    /** @type {Map<string, {share: number, missing: string[]}>} what those papers share that have the same words */
    const known = new Map();
    const hits = found.map(({ reference, score, row }) => {
      let key = ""; // tells which words the paper has
      let had = 0;
      for (let place = 0; place < columns.length; place++) {
        const part = columns[place].papers.has(reference) ? 1 : columns[place].related.has(reference) ? 0.5 : 0;
        key += part;
        had += weights[place] * part;
      }
      const same = known.get(key) || {
        share: had / sum,
        missing: columns.filter(({ papers, optional }) => !optional && !papers.has(reference)).map(({ typed }) => typed),
      };
      known.set(key, same);
      return { reference, score: score * (LITTLE + same.share) ** 2, row, whole: !same.missing.length, missing: same.missing };
    });
    return hits.sort((a, b) => Number(b.whole) - Number(a.whole) || b.row - a.row || b.score - a.score || a.reference - b.reference);
  }

  /**
   * List all that is asked of the index: terms, each with what it counts, and prefixes.
   * @param {Word[]} words
   */
  function listTerms(words) {
    /** @type {Map<string, number>} */
    const terms = new Map();
    /** @type {Set<string>} */
    const prefixes = new Set();
    for (const { ways, becoming } of words) {
      for (const way of ways) {
        for (const term of way.terms) terms.set(term, Math.max(terms.get(term) || 0, becoming.includes(term) ? PREFIX_BOOST : 1));
        if (way.prefix) prefixes.add(way.prefix);
      }
    }
    return { terms, prefixes: [...prefixes] };
  }

  /**
   * Return for each word, of which the ways are given, the papers that have it.
   * @param {lunr.Index} index
   * @param {Way[][]} words
   * @returns {Set<number>[]}
   */
  function findHolders(index, words) {
    const terms = Object.keys(index.invertedIndex);
    /** @type {Map<string, Set<number>>} */
    const known = new Map();
    const papersOf = (/** @type {string} */ term) => {
      const papers = known.get(term) || papersWith(index, term);
      known.set(term, papers);
      return papers;
    };
    return words.map((ways) => {
      /** @type {Set<number>} */
      const papers = new Set();
      for (const way of ways) {
        const begun = way.prefix ? [union(terms.filter((term) => term.startsWith(way.prefix)).map(papersOf))] : [];
        const [first, ...others] = [...way.terms.map(papersOf), ...begun];
        for (const paper of first || []) if (others.every((other) => other.has(paper))) papers.add(paper);
      }
      return papers;
    });
  }

  /**
   * @param {lunr.Index} index
   * @param {string} term
   */
  function papersWith(index, term) {
    const { _index, ...fields } = index.invertedIndex[term] || {};
    return new Set(Object.values(fields).flatMap((papers) => Object.keys(papers).map(Number)));
  }

  /** @param {Set<number>[]} sets */
  function union(sets) {
    /** @type {Set<number>} */
    const all = new Set();
    for (const set of sets) for (const one of set) all.add(one);
    return all;
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

  /**
   * Return for each term of a row where it stands in titles; for an unfinished last one, where all do that it begins.
   * @param {Way} row
   * @param {lunr.Index} index
   * @returns {((reference: number) => number[])[]}
   */
  function findPlaces({ terms, prefix }, index) {
    const placesOf = (/** @type {string} */ term) => (/** @type {number} */ reference) =>
      index.invertedIndex[term]?.title[reference]?.position || NOWHERE;
    const places = terms.map(placesOf);
    if (prefix) {
      const begun = Object.keys(index.invertedIndex).filter((term) => term.startsWith(prefix)).concat(terms.slice(-1)).map(placesOf);
      places[places.length - 1] = (reference) => begun.flatMap((one) => one(reference));
    }
    return places;
  }

  /**
   * Tell how much of a title a row is: 2 when it is all of it, 1 when it stands in it.
   * @param {((reference: number) => number[])[]} places
   * @param {number} reference
   * @param {number} titleLength
   */
  function standsInTitle(places, reference, titleLength) {
    if (places.length > titleLength) return 0;
    const begins = places[0](reference).some((start) => places.every((ofTerm, offset) => ofTerm(reference).includes(start + offset)));
    if (!begins) return 0;
    return places.length === titleLength ? 2 : 1;
  }

  /**
   * Return the papers that hold a quoted phrase. The index knows where words stand in titles only, so the first papers
   * that have its words are read; those behind them are taken to lack it.
   * @param {Shards} shards
   * @param {Phrase} phrase
   * @param {Hit[]} hits
   * @param {lunr.Index} index
   */
  async function findPhrase(shards, { parts }, hits, index) {
    const holders = parts.filter((part) => !STOP_WORDS.has(part)).map((part) => papersWith(index, part));
    const having = hits.map(({ reference }) => reference).filter((reference) => holders.every((papers) => papers.has(reference)));
    const leading = having.slice(0, MOST_PHRASES);
    const papers = await shards.readPapers(leading);
    const holds = (/** @type {Paper} */ paper) => textsOf(paper).some((text) => holdsRow(splitWords(text).flat().map(stem), parts));
    return new Set(leading.filter((_, place) => holds(papers[place])));
  }

  /** @param {Paper} paper */
  const textsOf = ([, , title, , , tags, abstract]) => [title, ...tags.map((tag) => (typeof tag === "string" ? tag : tag[1])), abstract];

  /**
   * @param {string[]} words
   * @param {string[]} row
   */
  const holdsRow = (words, row) => words.some((_, start) => row.every((part, offset) => words[start + offset] === part));

  // ---------------------------------------------------------------- correcting

  /**
   * Respell the words that no paper has; "" when there are none, or nothing is near them.
   * @param {Shards} shards
   * @param {Word[]} words
   * @param {string} text
   */
  async function correct(shards, words, text) {
    const asked = listTerms(words);
    const index = await shards.makeIndex([...asked.terms.keys()], asked.prefixes);
    const holders = findHolders(index, words.map(({ ways }) => ways));
    let corrected = text;
    for (const word of [...words].reverse()) {
      const others = holders.filter((papers, place) => words[place] !== word && papers.size);
      const isNowhere = !holders[words.indexOf(word)].size && word.end > word.start && !/\d{3}/u.test(word.typed);
      const better = isNowhere ? await respell(shards, word, others) : "";
      if (better) corrected = corrected.slice(0, word.start) + better + corrected.slice(word.end);
    }
    return corrected === text ? "" : corrected;
  }

  /**
   * Respell one word. What it may have been meant for is looked for in this order, the first that there is is taken: its
   * parts, each one edit apart; two words in a row in a title, without their blank; a name that ends so; one edit apart,
   * or the beginning is; two words; two edits apart.
   * @param {Shards} shards
   * @param {Word} word
   * @param {Set<number>[]} others the papers that have the query's other words
   */
  async function respell(shards, { parts, prefix }, others) {
    if (!parts.some((part) => part.length >= SHORTEST)) return "";
    const terms = await shards.readTerms();
    const known = new Set(terms);
    const better = [];
    for (const part of parts.length > 1 ? parts : []) {
      const isKnown = STOP_WORDS.has(part) || known.has(stem(part));
      better.push((isKnown ? "" : await chooseNear(shards, part, nearTerms(terms, part, false), others)) || part);
    }
    const joined = parts.join("");
    if (better.length && better.join("") !== joined) return better.join("-");
    return (
      (await chooseNear(shards, joined, splitTerms(known, joined, 1), others, true)) ||
      (await chooseNear(shards, joined, termsEnding(terms, joined), others)) ||
      (await chooseNear(shards, joined, nearTerms(terms, joined, prefix !== ""), others)) ||
      (await chooseNear(shards, joined, splitTerms(known, joined, 3), others)) ||
      chooseNear(shards, joined, farTerms(terms, joined), others)
    );
  }

  /**
   * Return the terms that are one edit apart from a word, or begin with what is.
   * @param {string[]} terms
   * @param {string} typed
   * @param {boolean} isUnfinished
   */
  function nearTerms(terms, typed, isUnfinished) {
    if (typed.length < SHORTEST || typed.length > LONGEST) return [];
    const term = stem(typed);
    const respelled = new Set(spellNear(typed).map(stem));
    const near = terms.filter((other) => respelled.has(other) || readingList.shards.isNear(term, other) || (isUnfinished && beginsNear(typed, other)));
    return bestFew(near, typed).map((other) => [other]);
  }

  /**
   * Return the pairs of terms that a word may be of, when a blank is missing.
   * @param {Set<string>} known
   * @param {string} typed
   * @param {number} least letters of each
   */
  function splitTerms(known, typed, least) {
    const letters = Array.from(typed).slice(0, LONGEST);
    const pairs = letters.map((_, place) => [letters.slice(0, place), letters.slice(place)].map((part) => part.join("")));
    const terms = pairs.filter((pair) => pair.every((part) => part.length >= least)).map((pair) => pair.map(stem));
    return terms.filter((pair) => pair.every((term) => known.has(term)));
  }

  /**
   * Return the names that end with a word: `colbert` is the end of JaColBERT.
   * @param {string[]} terms
   * @param {string} typed
   */
  function termsEnding(terms, typed) {
    const term = stem(typed);
    return bestFew(term.length > SHORTEST ? terms.filter((other) => other.endsWith(term)) : [], typed).map((other) => [other]);
  }

  /**
   * Return the terms that are two edits apart from a long word.
   * @param {string[]} terms
   * @param {string} typed
   */
  function farTerms(terms, typed) {
    if (typed.length < LONG || typed.length > LONGEST) return [];
    const term = stem(typed);
    return bestFew(terms.filter((other) => other[0] === term[0] && isWithinTwo(term, other)), typed).map((other) => [other]);
  }

  /**
   * @param {string[]} terms
   * @param {string} typed
   */
  function bestFew(terms, typed) {
    const shared = (/** @type {string} */ term) => [...term].findIndex((letter, place) => letter !== typed[place]) >>> 0;
    return terms.sort((a, b) => shared(b) - shared(a) || a.length - b.length).slice(0, MOST_CANDIDATES);
  }

  /**
   * Choose among near terms the one that stands beside most of the other words in one paper, begins as it was typed, and
   * is in most papers; one that begins otherwise must stand beside all. Write it as that paper does.
   * @param {Shards} shards
   * @param {string} typed
   * @param {string[][]} near
   * @param {Set<number>[]} others
   * @param {boolean} isRow of two terms, only those count that stand in a row in a title
   */
  async function chooseNear(shards, typed, near, others, isRow = false) {
    if (!near.length) return "";
    const index = await shards.makeIndex(near.flat(), []);
    let best = { terms: [""], rank: [-1, 0, 0], paper: 0 };
    for (const terms of near) {
      const [first, ...more] = terms.map((term) => papersWith(index, term));
      const papers = [...first].filter((paper) => more.every((other) => other.has(paper)));
      const counted = isRow ? papers.filter((paper) => standsInTitle(findPlaces({ terms, prefix: "" }, index), paper, Infinity)) : papers;
      for (const paper of counted) {
        const beside = others.filter((other) => other.has(paper)).length;
        const rank = [beside, Number(terms[0][0] === typed[0]), papers.length];
        if ((rank[1] || beside === others.length) && isAbove(rank, best.rank)) best = { terms, rank, paper };
      }
    }
    if (best.rank[0] < 0) return "";
    const [paper] = await shards.readPapers([best.paper]);
    const words = textsOf(paper).flatMap(splitWords).flatMap((parts) => [...parts, parts.join("")]);
    const spelled = new Set(spellNear(typed));
    return best.terms.map((term) => spell(term, words, spelled)).join(" ");
  }

  /**
   * Choose a word for a term: one that the paper has, best one that is near to what was typed.
   * @param {string} term
   * @param {string[]} words of the paper
   * @param {Set<string>} spelled what is near
   */
  function spell(term, words, spelled) {
    const written = words.filter((word) => stem(word) === term);
    return written.find((word) => spelled.has(word)) || written[0] || [...spelled].find((word) => stem(word) === term) || term;
  }

  /**
   * @param {number[]} one
   * @param {number[]} other
   */
  function isAbove(one, other) {
    const place = one.findIndex((value, at) => value !== other[at]);
    return place >= 0 && one[place] > other[place];
  }

  /**
   * Return all spellings one edit apart: a letter more, less, other, or two swapped; of three letters, only swapped.
   * @param {string} word
   */
  function spellNear(word) {
    const near = [];
    for (let place = 0; place <= word.length; place++) {
      const [before, after] = [word.slice(0, place), word.slice(place)];
      if (after.length > 1 && after[0] !== after[1]) near.push(before + after[1] + after[0] + after.slice(2));
      if (word.length < 4) continue;
      if (after) near.push(before + after.slice(1));
      for (const letter of ALPHABET) near.push(before + letter + after, ...(after ? [before + letter + after.slice(1)] : []));
    }
    return near;
  }

  /**
   * Tell whether a term begins with something one edit apart from what was typed.
   * @param {string} typed
   * @param {string} term
   */
  function beginsNear(typed, term) {
    if (typed.length < 6 || term[0] !== typed[0]) return false;
    return [-1, 0, 1].some((more) => term.length >= typed.length + more && readingList.shards.isNear(typed, term.slice(0, typed.length + more)));
  }

  /**
   * Tell whether two words are at most two edits apart.
   * @param {string} one
   * @param {string} other
   */
  function isWithinTwo(one, other) {
    if (Math.abs(one.length - other.length) > 2) return false;
    let [before, row] = [/** @type {number[]} */ ([]), Array.from({ length: other.length + 1 }, (_, place) => place)];
    for (let i = 1; i <= one.length; i++) {
      const next = [i];
      for (let j = 1; j <= other.length; j++) {
        next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      [before, row] = [row, next];
    }
    return row[other.length] <= 2;
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

  readingList.query = { readQuery, search, markWords, snippet };
})();
