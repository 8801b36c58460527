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
//   5. of a pasted text the forty longest words are looked for, and the sixteen rarest of these scored;
//   6. what a title begins or is may be words that the index leaves out ("when to learn what"): then titles are read;
//   7. a paper that has a word with a minus before it lacks one of the query's words.
// words.js reads the query; spelling.js, loaded when it is wanted, knows what is near a word.
"use strict";

/**
 * @typedef {{reference: number, score: number, row: number, whole: boolean, missing: string[]}} Hit
 * @typedef {{words: Word[], all: Hit[], some: Hit[], near: boolean, correction: string, isOpen: boolean}} Found
 *   isOpen: so many papers may hold a quoted phrase that not all were read
 */

(function () {
  const { STOP_WORDS, splitWords, stem } = readingList.terms;
  const { readQuery, readPhrases, readRow } = readingList.words;
  const MOST_SCORED = 16; // words, the rarest; what more words have is looked at, but not scored
  const MOST_CORRECTED = 8; // words; a longer text was not typed, and its words are what they are
  const MOST_PHRASES = 250; // papers with all words that are read to see whether they hold a quoted phrase
  const MOST_TITLES = 100; // titles that are read when what was typed is mostly words that the index leaves out
  const PREFIX_BOOST = 0.4; // an unfinished word counts less than the word itself
  const ROOT_BOOST = 0.2;
  const FEW = 5; // papers with all words, below which words of the same roots are looked for
  const LITTLE = 0.1; // the share that a paper has which has no word whole
  const QUOTED_OR_UNWANTED = /["“”„«»][^"“”„«»]*["“”«»]|(?<!\S)-(?=[\p{L}\p{N}])\S+/gu;
  /** @type {number[]} */
  const NOWHERE = [];
  // Of Lunr only scores are asked. What it would note beside them, of every word in every paper, is most of its work.
  lunr.MatchData = class {
    add() {}
    combine() {}
  };

  // ---------------------------------------------------------------- searching

  /**
   * Find papers. `correction` is the query as it was respelled and answered.
   * @param {Shards} shards
   * @param {string} text
   * @param {boolean} literal correct nothing
   * @returns {Promise<Found>}
   */
  async function search(shards, text, literal = false) {
    const { wanted, unwanted } = partWords(text);
    const words = readQuery(wanted);
    if (!words.length) return { words, all: [], some: [], near: false, correction: "", isOpen: false };
    const found = await rank(shards, words, wanted, unwanted);
    if (literal || found.all.length >= FEW || words.length > MOST_CORRECTED) return found;
    const corrected = found.all.length ? "" : await correct(shards, words, wanted);
    if (!corrected) return rank(shards, words, wanted, unwanted, true);
    const correction = unwanted.length ? [corrected.trim(), ...unwanted].join(" ") : corrected;
    return { ...(await rank(shards, readQuery(corrected), corrected, unwanted, true)), near: true, correction };
  }

  /**
   * Part what is to be found from words that are not, which have a minus before them; blanks take their place. Where all
   * words have one, and in longer texts, it is a mark like others.
   * @param {string} text
   * @returns {{wanted: string, unwanted: string[]}}
   */
  function partWords(text) {
    /** @type {string[]} */
    const unwanted = [];
    const wanted = text.replace(QUOTED_OR_UNWANTED, (part) => {
      if (part[0] !== "-") return part;
      unwanted.push(part);
      return " ".repeat(part.length);
    });
    const count = unwanted.length && readQuery(wanted).length;
    return count > 0 && count <= MOST_CORRECTED ? { wanted, unwanted } : { wanted: text, unwanted: [] };
  }

  /**
   * Find the papers without a word that is not wanted.
   * @param {Shards} shards
   * @param {string} typed with its minus
   */
  async function findWithout(shards, typed) {
    const words = readQuery(`${typed.slice(1)} `);
    const index = await shards.makeIndex([...listTerms(words).terms.keys()], []);
    const holders = union(findHolders(index, words.map(({ ways }) => ways)));
    return new Set([...(await shards.readList()).keys()].filter((reference) => !holders.has(reference)));
  }

  /**
   * @param {Shards} shards
   * @param {Word[]} words
   * @param {string} text
   * @param {string[]} unwanted words with a minus before them; a paper without one has it, as papers have words
   * @param {boolean} byRoots
   * @returns {Promise<Found>}
   */
  async function rank(shards, words, text, unwanted, byRoots = false) {
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
    for (const typed of unwanted) columns.push({ typed, optional: false, papers: await findWithout(shards, typed), related: new Set() });
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
    const titles = await findTitles(shards, text, typed.terms, results, index);
    const found = results.map(({ ref, score }) => ({ reference: Number(ref), score, row: Math.max(row(Number(ref)), titles.get(Number(ref)) || 0) }));
    let hits = orderHits(found, columns, list.size);
    let isOpen = false;
    for (const phrase of phrases) {
      const { papers, isWhole } = await findPhrase(shards, phrase, hits, index);
      columns.push({ typed: phrase.typed, optional: false, papers, related: new Set() });
      isOpen ||= !isWhole;
    }
    if (phrases.length) hits = orderHits(found, columns, list.size);
    return { words, all: hits.filter(({ whole }) => whole), some: hits.filter(({ whole }) => !whole), near: false, correction: "", isOpen };
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
   * Tell how much of a title it is what was typed, as `standsInTitle` does, when that is mostly words that the index leaves
   * out ("when to learn what"): then the titles are read that have the others, those that score best.
   * @param {Shards} shards
   * @param {string} text
   * @param {string[]} telling terms of it
   * @param {lunr.Result[]} results
   * @param {lunr.Index} index
   * @returns {Promise<Map<number, number>>}
   */
  async function findTitles(shards, text, telling, results, index) {
    const row = splitWords(text).flat().map(stem);
    if (!telling.length || telling.length > 2 || row.length < telling.length + 2) return new Map();
    const titled = results.filter(({ ref }) => telling.every((term) => index.invertedIndex[term]?.title[Number(ref)]));
    const numbers = titled.slice(0, MOST_TITLES).map(({ ref }) => Number(ref));
    const papers = await shards.readPapers(numbers);
    const titles = papers.map(([, , title]) => splitWords(title).flat().map(stem));
    return new Map(numbers.map((number, place) => [number, holdsRow(titles[place], row) ? (titles[place].length === row.length ? 2 : 1) : 0]));
  }

  /**
   * Return the papers that hold a quoted phrase. The index knows where words stand in titles only, so papers that have its
   * words are read, those first that have them in their titles; when there are too many, the rest is taken to lack it.
   * @param {Shards} shards
   * @param {Phrase} phrase
   * @param {Hit[]} hits
   * @param {lunr.Index} index
   */
  async function findPhrase(shards, { parts }, hits, index) {
    const holders = parts.filter((part) => !STOP_WORDS.has(part)).map((part) => papersWith(index, part));
    const having = hits.map(({ reference }) => reference).filter((reference) => holders.every((papers) => papers.has(reference)));
    const isTitled = (/** @type {number} */ reference) => parts.every((part) => STOP_WORDS.has(part) || index.invertedIndex[part]?.title[reference]);
    const ordered = [...having.filter(isTitled), ...having.filter((reference) => !isTitled(reference))];
    const leading = ordered.slice(0, MOST_PHRASES);
    const unread = new Set(ordered.slice(MOST_PHRASES));
    const papers = await shards.readPapers(leading);
    const holds = (/** @type {Paper} */ paper) => textsOf(paper).some((text) => holdsRow(splitWords(text).flat().map(stem), parts));
    return { papers: new Set(leading.filter((_, place) => holds(papers[place]))), isWhole: !hits.some(({ reference, whole }) => whole && unread.has(reference)) };
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
    if (!readingList.spelling) await readingList.loadSpelling();
    const { SHORTEST, nearTerms, splitTerms, termsEnding, farTerms } = readingList.spelling;
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
    const { spell, spellNear } = readingList.spelling;
    const [paper] = await shards.readPapers([best.paper]);
    const words = textsOf(paper).flatMap(splitWords).flatMap((parts) => [...parts, parts.join("")]);
    const spelled = new Set(spellNear(typed));
    return best.terms.map((term) => spell(term, words, spelled)).join(" ");
  }

  /**
   * @param {number[]} one
   * @param {number[]} other
   */
  function isAbove(one, other) {
    const place = one.findIndex((value, at) => value !== other[at]);
    return place >= 0 && one[place] > other[place];
  }

  readingList.query = { search };
})();
