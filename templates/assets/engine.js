// The search as one: a request in, an answer out, as plain values that a worker can post. Pure: what loads a file is
// handed in. It must not know how results are shown.
//
// When a file does not load, or is of another build of the site, all is forgotten and asked once more; only then is
// it an error: its name is "OtherBuild" or "Unloaded".
"use strict";

/**
 * @typedef {{text: string, literal: boolean, filters: Filters, sort: Sort, first: number, count: number, withCounts: boolean}} SearchRequest
 *   literal: search for just what was typed, correct nothing
 * @typedef {{number: number, slug: string, title: Piece[], snippet: Piece[], missing: string[], paper: Paper}} Result
 *   missing: typed words that the paper lacks
 * @typedef {{tags: [slug: string, name: string][], organizations: [handle: string, name: string][], years: number[]}} FacetNames
 * @typedef {{papers: number, total: number, whole: number, isOpen: boolean, results: Result[], correction: string, filters: Filters,
 *   operators: string[], unknown: string[], said: "" | "nothing typed" | "no word" | "common words", facets: FacetNames | null, counts: Counts | null}} Answer
 *   papers: in the list; total: results after filters; whole: the first so many have all words; isOpen: perhaps more do;
 *   correction: the query that was answered instead of the typed one, or ""; operators: those that were typed and are in
 *   the filters; unknown: what was typed as a tag and is none
 * @typedef {{words: Word[], numbers: number[], whole: number, isOpen: boolean, missing: Map<number, string[]>, unfiltered: number[],
 *   correction: string, filters: Filters, operators: string[], unknown: string[], said: Answer["said"], facets: Facets | null}} Outcome
 * @typedef {{ask(request: Partial<SearchRequest> & {text: string}): Promise<Answer>, list(request: SearchRequest): Promise<number[]>, papers(numbers: number[]): Promise<Paper[]>}} Engine
 */

(function () {
  const { openShards } = readingList.shards;
  const { readQuery, markWords, snippet } = readingList.words;
  const { search } = readingList.query;
  const { splitWords } = readingList.terms;
  const { noFilters, isActive, hasOperators } = readingList.narrow;
  const { readOperators, makeFilter, countFilters, sortPapers } = readingList.filters;
  const NAMES = ["OtherBuild", "Unloaded"];

  /**
   * @param {Loader} load
   * @param {string} metaFile
   * @returns {Engine}
   */
  function openEngine(load, metaFile) {
    const shards = openShards(load, metaFile);
    let build = 0; // how often all was forgotten
    /** @type {Map<number, number>} */
    const handed = new Map(); // of a paper's number, the build in which it was last handed out

    /**
     * Do what is asked; when it fails, or all was forgotten meanwhile, do it once more with what is there now.
     * @template Value
     * @param {() => Promise<Value>} answer
     */
    async function attempt(answer) {
      const begun = build;
      try {
        const value = await answer();
        if (begun === build) return value;
      } catch {
        if (begun === build) forget();
      }
      const again = build;
      const value = await answer().catch((fault) => Promise.reject(nameFault(fault)));
      if (again !== build) throw nameFault(null, "OtherBuild");
      return value;
    }

    function forget() {
      build++;
      shards.forget();
    }

    /** @param {Partial<SearchRequest> & {text: string}} request what it does not say is as usual */
    async function answer({ text = "", literal = false, filters = noFilters(), sort = "relevance", first = 0, count = 10, withCounts = false }) {
      const request = { text, literal, filters: { ...noFilters(), ...filters }, sort, first, count, withCounts };
      const list = await shards.readList();
      const outcome = await find(shards, request, [...list.keys()]);
      const { words, numbers, whole, isOpen, correction, said, facets } = outcome;
      const shown = numbers.slice(first, first + count);
      const papers = await shards.readPapers(shown);
      const results = papers.map((paper, place) => showResult(shown[place], paper, words, outcome.missing.get(shown[place])));
      return {
        papers: list.size, total: numbers.length, whole, isOpen, results, correction, filters: outcome.filters, operators: outcome.operators, unknown: outcome.unknown, said,
        facets: withCounts && facets ? nameFacets(facets) : null,
        counts: withCounts && facets ? countFilters(facets, outcome.filters, outcome.unfiltered) : null,
      };
    }

    return {
      async ask(request) {
        const given = await attempt(() => answer(request));
        for (const { number } of given.results) handed.set(number, build);
        return given;
      },
      async list(request) {
        const list = async () => {
          const papers = await shards.readList();
          return (await find(shards, { ...request, filters: { ...noFilters(), ...request.filters }, count: 1 }, [...papers.keys()])).numbers;
        };
        const numbers = await attempt(list);
        for (const number of numbers) handed.set(number, build);
        return numbers;
      },
      async papers(numbers) {
        // A number that was handed out before all was forgotten may be another paper's by now.
        if (numbers.some((number) => (handed.get(number) ?? build) !== build)) throw nameFault(null, "OtherBuild");
        try {
          return await shards.readPapers(numbers);
        } catch (fault) {
          const named = nameFault(fault);
          if (named.name === "OtherBuild") forget();
          throw named;
        }
      },
    };
  }

  /**
   * Find all papers that a request means, in order: first those that have all words, then those that have some.
   * @param {Shards} shards
   * @param {SearchRequest} request
   * @param {number[]} everything the numbers of all papers
   * @returns {Promise<Outcome>}
   */
  async function find(shards, request, everything) {
    let { text, filters } = request;
    /** @type {string[]} */
    let operators = [];
    /** @type {string[]} */
    let unknown = [];
    /** @type {Facets | null} */
    let facets = null;
    if (hasOperators(text)) {
      facets = await shards.readFacets();
      ({ text, filters, operators, unknown } = readOperators(text, filters, facets));
    }
    const words = readQuery(text);
    const said = tellWhy(text, words, isActive(filters));
    const found = await search(shards, text, request.literal);
    const listed = !words.length && (isActive(filters) || said === "nothing typed"); // no query, all papers
    const all = listed ? everything : found.all.map(({ reference }) => reference);
    const some = listed ? [] : found.some.map(({ reference }) => reference);
    const sort = listed && request.sort === "relevance" ? "newest" : request.sort;
    if (isActive(filters) || (sort !== "relevance" && request.count > 0) || request.withCounts) facets = await shards.readFacets();
    const passes = facets && isActive(filters) ? makeFilter(facets, filters) : () => true;
    const ordered = [all, some].map((numbers) => (facets ? sortPapers(facets, sort, numbers.filter(passes)) : numbers));
    return {
      words: found.words, numbers: ordered.flat(), whole: ordered[0].length, isOpen: found.isOpen, unfiltered: [...all, ...some], filters, operators, unknown, said, facets,
      missing: new Map(found.some.map(({ reference, missing }) => [reference, missing])),
      correction: found.correction && [found.correction.trim(), ...operators].join(" "),
    };
  }

  /**
   * Tell why there may be nothing to show.
   * @param {string} text
   * @param {Word[]} words
   * @param {boolean} isFiltered
   * @returns {Answer["said"]}
   */
  function tellWhy(text, words, isFiltered) {
    if (words.length) return "";
    if (!text.trim()) return isFiltered ? "" : "nothing typed";
    return splitWords(text).length ? "common words" : "no word";
  }

  /**
   * @param {number} number
   * @param {Paper} paper
   * @param {Word[]} words
   * @param {string[]} missing
   * @returns {Result}
   */
  function showResult(number, paper, words, missing = []) {
    const [, slug, title, , , , abstract] = paper;
    return { number, slug, title: markWords(title, words), snippet: markWords(snippet(abstract, words), words), missing, paper };
  }

  /**
   * @param {Facets} facets
   * @returns {FacetNames}
   */
  function nameFacets({ tags, organizations, papers }) {
    const years = new Set([...papers.values()].map(({ year }) => year).filter(Boolean));
    return {
      tags: tags.map(({ slug, name }) => [slug, name]),
      organizations: organizations.map(({ handle, name }) => [handle, name]),
      years: [...years].sort((one, other) => other - one),
    };
  }

  /**
   * @param {any} fault
   * @param {string} name
   * @returns {Error}
   */
  function nameFault(fault, name = "Unloaded") {
    if (NAMES.includes(fault?.name)) return fault;
    return Object.assign(new Error(fault?.message || "the list has changed", { cause: fault }), { name });
  }

  readingList.engine = { openEngine };
})();
