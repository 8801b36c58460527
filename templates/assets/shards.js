// The index in pieces: loads what a query needs, and gives Lunr the part of the index that it needs. No page, no
// network: what loads a file is handed in. site_builder/search/index.py and postings.py write what is read here.
//
// Lunr looks only at the terms that a query comes to, so an index of these alone answers as the whole one would, if
// they weigh the same. Pieces tell how often a paper says a term; the weight is reckoned here, as lunr.Builder does.
"use strict";

/** @typedef {{papers: number, average: number[], boosts: number[], pieces: string, lengths: string, terms: string, facets: string}} Meta */
/** @typedef {Meta & {firsts: string[], keys: string[]}} Plan the pieces' first terms, and what tells their contents */
/** @typedef {Map<number, {lengths: number[], letter: string}>} List what is known of each paper, by its number; a title's length is known when one of its terms has been met, and so are those of tags and people */
/** @typedef {{number: number, count: number, length: number, places: number[]}} Occurrence of a term in a field of a paper */
/** @typedef {{fields: Record<string, Record<number, Metadata>>, weights: [reference: string, weight: number][]}} Entry */
/** @typedef {{position?: number[]}} Metadata */
/** @typedef {[check: string, slug: string, title: string, date: string, guessed: boolean, tags: [slug: string, name: string][], abstract: string, more: More]} Paper */
/** @typedef {{authors?: string[], people?: string, organization?: string, links?: [kind: string, url: string][], arxiv?: string, doi?: string, updated?: string, comments?: number}} More */
/** @typedef {{slug: string, name: string, papers: Set<number>}} TagFacet */
/** @typedef {{handle: string, name: string, papers: Set<number>}} OrganizationFacet */
/** @typedef {{year: number, day: number, order: number, code: boolean, comments: boolean}} PaperFacets year and day 0 are unknown, the latest day is the largest, order is by title */
/** @typedef {{tags: TagFacet[], organizations: OrganizationFacet[], papers: Map<number, PaperFacets>}} Facets */
/** @typedef {{tags: [slug: string, name: string, papers: string][], organizations: [handle: string, name: string, papers: string][], code: string, comments: string, first: string, days: string, titles: string}} FacetColumns */
/** @typedef {(name: string, file: string) => Promise<any>} Loader */

(function () {
  const FIELDS = ["title", "tags", "people", "abstract"];
  const [TITLE, ABSTRACT] = [0, 3];
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));
  const MORE = 32; // from this value on, a digit has another behind it
  const K1 = 1.2; // as lunr.Builder has them
  const B = 0.75;
  const DAY = 86_400_000; // milliseconds
  /** @type {Metadata} */
  const NOTHING = Object.freeze({});

  /**
   * Make an error that tells what happened by its name: "Unloaded", a file is missing or broken; "OtherBuild", a paper's
   * file is of another build of the site than the index, and may be another paper by now.
   * @param {"Unloaded" | "OtherBuild"} name
   * @param {string} message
   * @param {unknown} [cause]
   */
  const fault = (name, message, cause) => Object.assign(new Error(message, { cause }), { name });

  /**
   * Open an index. What was loaded is kept until it is to be forgotten; what could not be is asked for again the next
   * time. The first file alone has the same name in every build: so the time stands behind it, and no cache answers
   * with an old one.
   * @param {Loader} load hands over a file's value, by the name that the file says itself, and its address
   * @param {string} metaFile
   * @param {() => number} clock milliseconds since 1970
   */
  function openShards(load, metaFile, clock = Date.now) {
    let build = openBuild(load, `${metaFile}?${Math.floor(clock() / 60_000)}`);
    return {
      readList: () => build.readList(),
      readFacets: () => build.readFacets(),
      makeIndex: (/** @type {string[]} */ wanted, /** @type {string[]} */ prefixes) => build.makeIndex(wanted, prefixes),
      readTerms: () => build.readTerms(),
      readPapers: (/** @type {number[]} */ numbers) => build.readPapers(numbers),
      /** Load all anew from here on. A paper's number may be another's then: who asked before has to ask again. */
      forget() {
        build = openBuild(load, `${metaFile}?${clock()}`);
      },
    };
  }

  /**
   * Open the index of one build of the site.
   * @param {Loader} load
   * @param {string} metaFile
   */
  function openBuild(load, metaFile) {
    /** @type {Map<string, Promise<any>>} */
    const kept = new Map();
    /** @type {Map<string, Entry>} */
    let entries = new Map(); // of the last query: who types on asks for most of them again, and all would take much room

    /**
     * @template Value
     * @param {string} name
     * @param {string} file
     * @param {(value: any) => Value} read
     * @returns {Promise<Value>}
     */
    function keep(name, file, read) {
      let value = kept.get(file);
      if (!value) {
        value = load(name, file).then(read).catch((cause) => {
          kept.delete(file);
          throw cause.name === "OtherBuild" ? cause : fault("Unloaded", `${file}: ${cause.message}`, cause);
        });
        kept.set(file, value);
      }
      return value;
    }

    const readPlan = () => keep("meta", metaFile, makePlan);

    async function readList() {
      const plan = await readPlan();
      return keep("lengths", `lengths.${plan.lengths}.js`, (columns) => makeList(plan, columns));
    }

    /** @param {string} key */
    const readPiece = (key) => keep(`t/${key}`, `t/${key}.js`, splitPiece);

    /**
     * Make the part of the index that holds these terms, and all that begin so; terms that are nowhere are left out.
     * @param {string[]} wanted
     * @param {string[]} prefixes
     */
    async function makeIndex(wanted, prefixes) {
      const plan = await readPlan();
      const places = new Set([...wanted.map((term) => findPiece(plan, term)), ...prefixes.flatMap((prefix) => findPieces(plan, prefix))]);
      const reading = [...places].filter((place) => place >= 0).map((place) => readPiece(plan.keys[place]));
      const [list, ...pieces] = await Promise.all([readList(), ...reading]);
      const exact = new Set(wanted);
      const isWanted = (/** @type {string} */ term) => exact.has(term) || prefixes.some((prefix) => term.startsWith(prefix));
      /** @type {Map<string, Entry>} */
      const found = new Map();
      for (const piece of pieces) {
        for (const [term, text] of piece) {
          if (!isWanted(term)) continue;
          found.set(term, entries.get(term) || readEntry(plan, list, text));
        }
      }
      entries = found;
      return joinEntries(found);
    }

    /** Return all terms of the index. */
    async function readTerms() {
      const plan = await readPlan();
      return keep("terms", `terms.${plan.terms}.js`, (/** @type {string} */ text) => text.split(" "));
    }

    /**
     * @param {Plan} plan
     * @param {List} list
     * @param {string} text
     */
    function readEntry(plan, list, text) {
      try {
        return weigh(plan, list, readPostings(text));
      } catch (cause) {
        throw fault("Unloaded", "a piece of the index is broken", cause);
      }
    }

    /**
     * Return what a result shows of these papers.
     * @param {number[]} numbers
     */
    async function readPapers(numbers) {
      const list = await readList();
      return Promise.all(numbers.map((number) => readPaper(number, list.get(number))));
    }

    /**
     * What tells the paper's content stands in the address too, so that no cache answers with an older file; servers do
     * not look at it.
     * @param {number} number
     * @param {{lengths: number[], letter: string} | undefined} known
     */
    function readPaper(number, known) {
      if (!known) throw fault("OtherBuild", `there is no paper ${number}`);
      const check = `${known.letter}.${known.lengths[ABSTRACT]}`;
      return keep(`d/${number}`, `d/${number}.js?${check}`, (/** @type {Paper} */ paper) => {
        if (!Array.isArray(paper)) throw new Error("this is no paper");
        if (paper[0] !== check) throw fault("OtherBuild", `paper ${number} is another by now`);
        return paper;
      });
    }

    /** Return what filters and sorting need of every paper. */
    async function readFacets() {
      const [plan, list] = await Promise.all([readPlan(), readList()]);
      return keep("facets", `facets.${plan.facets}.js`, (columns) => makeFacets([...list.keys()], columns));
    }

    return { readList, readFacets, makeIndex, readTerms, readPapers };
  }

  /**
   * @param {Meta} meta
   * @returns {Plan}
   */
  function makePlan(meta) {
    const pieces = meta.pieces.split(" ").filter(Boolean);
    const choose = (/** @type {number} */ rest) => pieces.filter((_, place) => place % 2 === rest);
    return { ...meta, firsts: choose(0), keys: choose(1) };
  }

  /**
   * @param {Plan} plan
   * @param {string[]} columns gaps between the papers' numbers, low and high parts of the abstracts' lengths, letters
   * @returns {List}
   */
  function makeList(plan, [gaps, low, high, letters]) {
    const highs = readNumbers(high);
    const list = new Map();
    let number = -1;
    readNumbers(gaps).forEach((gap, place) => {
      number += gap + 1;
      list.set(number, { lengths: [0, 0, 0, readDigit(low[place]) + highs[place] * DIGITS.length], letter: letters[place] });
    });
    if (list.size !== plan.papers) throw new Error("papers are missing");
    return list;
  }

  /**
   * @param {number[]} numbers of the papers, in order; the columns have the place in this order
   * @param {FacetColumns} columns
   * @returns {Facets}
   */
  function makeFacets(numbers, columns) {
    const listPapers = (/** @type {string} */ gaps) => {
      let place = -1;
      return new Set(readNumbers(gaps).map((gap) => numbers[(place += gap + 1)]));
    };
    const [code, comments] = [listPapers(columns.code), listPapers(columns.comments)];
    const first = Date.parse(columns.first) / DAY;
    const days = readNumbers(columns.days);
    const papers = new Map();
    readNumbers(columns.titles).forEach((place, order) => {
      const [number, day] = [numbers[place], days[place]];
      const year = day && new Date((first + day - 1) * DAY).getUTCFullYear();
      papers.set(number, { year, day, order, code: code.has(number), comments: comments.has(number) });
    });
    if (papers.size !== numbers.length || days.length !== numbers.length) throw new Error("papers are missing");
    return {
      tags: columns.tags.map(([slug, name, gaps]) => ({ slug, name, papers: listPapers(gaps) })),
      organizations: columns.organizations.map(([handle, name, gaps]) => ({ handle, name, papers: listPapers(gaps) })),
      papers,
    };
  }

  /**
   * Find the piece that a term belongs to: the last that does not begin behind it. There is none before the first.
   * @param {Plan} plan
   * @param {string} term
   */
  function findPiece({ firsts }, term) {
    let from = 0;
    let to = firsts.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (firsts[middle] <= term) from = middle + 1;
      else to = middle;
    }
    return from - 1;
  }

  /**
   * Find the pieces of all terms that begin so: they stand side by side.
   * @param {Plan} plan
   * @param {string} prefix
   */
  function findPieces(plan, prefix) {
    const places = [findPiece(plan, prefix)];
    for (let place = places[0] + 1; plan.firsts[place]?.startsWith(prefix); place++) places.push(place);
    return places;
  }

  /**
   * Part a piece into its terms, each with its postings as they are written.
   * @param {string} text
   */
  function splitPiece(text) {
    const [terms, postings] = text.split("\n").map((line) => line.split(" "));
    if (terms.length !== postings.length) throw new Error("a piece is not whole");
    return new Map(terms.map((term, place) => [term, postings[place]]));
  }

  /**
   * Read numbers in base 64: five bits a letter, low ones first.
   * @param {string} text
   */
  function readNumbers(text) {
    const numbers = [];
    let number = 0;
    let size = 1;
    for (const digit of text) {
      const value = readDigit(digit);
      number += (value % MORE) * size;
      size *= MORE;
      if (value >= MORE) continue;
      numbers.push(number);
      number = 0;
      size = 1;
    }
    return numbers;
  }

  /** @param {string} digit */
  function readDigit(digit) {
    const value = VALUES.get(digit);
    if (value === undefined) throw new Error(`not a digit: ${digit}`);
    return value;
  }

  /**
   * Read a term's postings, field by field.
   * @param {string} text
   * @returns {Occurrence[][]}
   */
  function readPostings(text) {
    const numbers = readNumbers(text);
    let at = 0;
    const readPosting = (/** @type {number} */ before, /** @type {number} */ field) => {
      const gap = numbers[at++];
      const count = gap % 2 ? numbers[at++] : 1;
      const length = field === ABSTRACT ? 0 : numbers[at++];
      const places = [];
      for (let place = 0; field === TITLE && places.length < count; places.push(place)) place += numbers[at++];
      return { number: before + (gap >> 1) + 1, count, length, places };
    };
    const fields = FIELDS.map((_, field) => {
      const postings = [];
      let number = -1;
      for (let left = numbers[at++]; left > 0; left--) {
        const posting = readPosting(number, field);
        number = posting.number;
        postings.push(posting);
      }
      return postings;
    });
    if (at !== numbers.length) throw new Error("a term's postings are not whole");
    return fields;
  }

  /**
   * Put a term's postings as Lunr has them, and weigh them as lunr.Builder does, to the last bit.
   * @param {Plan} plan
   * @param {List} list
   * @param {Occurrence[][]} postings
   * @returns {Entry}
   */
  function weigh(plan, list, postings) {
    /** @type {Record<string, Record<number, Metadata>>} */
    const fields = {};
    FIELDS.forEach((name, field) => {
      fields[name] = Object.fromEntries(postings[field].map(({ number, places }) => [number, places.length ? { position: places } : NOTHING]));
    });
    const idf = lunr.idf(fields, plan.papers);
    const weights = FIELDS.flatMap((name, field) =>
      postings[field].map(({ number, count, length: said }) => {
        const { lengths } = /** @type {{lengths: number[]}} */ (list.get(number));
        if (field !== ABSTRACT) lengths[field] = said;
        const length = lengths[field] / plan.average[field];
        const score = ((idf * ((K1 + 1) * count)) / (K1 * (1 - B + B * length) + count)) * plan.boosts[field];
        return /** @type {[string, number]} */ ([`${name}/${number}`, Math.round(score * 1000) / 1000]);
      })
    );
    return { fields, weights };
  }

  /**
   * Make an index of these terms. They are numbered in their order, so that sums run alike whatever was loaded before.
   * @param {Map<string, Entry>} found
   */
  function joinEntries(found) {
    const terms = [...found.keys()].sort(); // by UTF-16 units, as Lunr wants them
    const invertedIndex = Object.create(null);
    /** @type {Record<string, lunr.Vector>} */
    const fieldVectors = Object.create(null);
    terms.forEach((term, place) => {
      const { fields, weights } = /** @type {Entry} */ (found.get(term));
      invertedIndex[term] = { _index: place, ...fields };
      for (const [reference, weight] of weights) (fieldVectors[reference] ||= new lunr.Vector()).elements.push(place, weight);
    });
    return new lunr.Index({ invertedIndex, fieldVectors, tokenSet: lunr.TokenSet.fromArray(terms), fields: FIELDS, pipeline: new lunr.Pipeline() });
  }

  readingList.shards = { openShards };
})();
