// Filters of the list: what the operators in a query mean, which papers pass, how many would, in what order they come.
// Pure: it is given the facets, and knows neither words nor pages.
"use strict";

/**
 * @typedef {"relevance" | "newest" | "title"} Sort
 * @typedef {Record<string, number>} Count
 * @typedef {{tags: Count, years: Count, organizations: Count, code: number, comments: number}} Counts
 *   how many papers there would be with that filter added; a year or an organization takes the place of the one set
 */

(function () {
  const { fold } = readingList.terms;
  const { replaceOperators } = readingList.narrow;
  const YEARS = /^(\d{4})?(-|–|\.\.)?(\d{4})?$/;

  /**
   * Take the operators out of a query and into its filters. Blanks take their place, so that every word stays where it
   * was typed. Of one that names no tag the name is left as words, when it was wanted; what names no year is left.
   * @param {string} text
   * @param {Filters} filters
   * @param {Facets} facets
   */
  function readOperators(text, filters, facets) {
    const read = { ...filters, tags: [...filters.tags], not: [...filters.not] };
    /** @type {string[]} */
    const operators = [];
    /** @type {string[]} */
    const unknown = []; // names of tags that there are not
    const rest = replaceOperators(text, (typed, kind, value) => {
      const isTag = kind.endsWith("tag");
      const isRead = isTag ? readTag(read, kind === "-tag", value, facets) : kind === "year" && readYears(read, value);
      if (isRead) operators.push(typed);
      else if (isTag && value.trim()) unknown.push(value);
      else return typed;
      return " ".repeat(typed.length - value.length) + (isRead || kind === "-tag" ? " ".repeat(value.length) : value);
    });
    return { text: rest, filters: read, operators, unknown };
  }

  /**
   * @param {Filters} filters
   * @param {boolean} not
   * @param {string} value a tag's slug, or its name
   * @param {Facets} facets
   */
  function readTag(filters, not, value, facets) {
    const bare = (/** @type {string} */ name) => fold(name).replace(/[\s_-]+/gu, " ").trim();
    const wanted = bare(value);
    const tag = facets.tags.find(({ slug, name }) => wanted !== "" && [bare(slug), bare(name)].includes(wanted));
    const slugs = not ? filters.not : filters.tags;
    if (tag && !slugs.includes(tag.slug)) slugs.push(tag.slug);
    return tag !== undefined;
  }

  /**
   * Read `2024`, `2023-2025`, `2023-` or `-2025`; years that are set already are narrowed.
   * @param {Filters} filters
   * @param {string} value
   */
  function readYears(filters, value) {
    const [typed, first, dash, last] = YEARS.exec(value) || [];
    if (!typed || !(first || last) || (first && last && !dash)) return false;
    const [one, other] = [Number(first || 0), Number(dash ? last || 0 : first)];
    const [from, to] = one && other && other < one ? [other, one] : [one, other];
    filters.from = Math.max(filters.from, from);
    filters.to = filters.to && to ? Math.min(filters.to, to) : filters.to || to;
    return true;
  }

  /**
   * Return what tells whether a paper passes the filters.
   * @param {Facets} facets
   * @param {Filters} filters
   * @returns {(number: number) => boolean}
   */
  function makeFilter(facets, { tags, not, from, to, organization, code, comments }) {
    const papersOf = (/** @type {string} */ slug) => facets.tags.find((tag) => tag.slug === slug)?.papers || new Set();
    const wanted = tags.map(papersOf);
    const unwanted = not.map(papersOf);
    if (organization) wanted.push(facets.organizations.find(({ handle }) => handle === organization)?.papers || new Set());
    return (number) => {
      const paper = facets.papers.get(number);
      if (!paper || (code && !paper.code) || (comments && !paper.comments)) return false;
      if ((from && paper.year < from) || (to && (!paper.year || paper.year > to))) return false;
      return wanted.every((papers) => papers.has(number)) && !unwanted.some((papers) => papers.has(number));
    };
  }

  /**
   * Count, for every filter, how many of these papers there would be with it.
   * @param {Facets} facets
   * @param {Filters} filters
   * @param {number[]} numbers found, not filtered yet
   * @returns {Counts}
   */
  function countFilters(facets, filters, numbers) {
    const passing = (/** @type {Partial<Filters>} */ change) => numbers.filter(makeFilter(facets, { ...filters, ...change }));
    const among = (/** @type {number[]} */ list, /** @type {Set<number>} */ papers) => list.filter((number) => papers.has(number)).length;
    const now = passing({});
    const anyOrganization = filters.organization ? passing({ organization: "" }) : now;
    /** @type {Count} */
    const years = {};
    for (const number of filters.from || filters.to ? passing({ from: 0, to: 0 }) : now) {
      const year = facets.papers.get(number)?.year;
      if (year) years[year] = (years[year] || 0) + 1;
    }
    return {
      tags: Object.fromEntries(facets.tags.map(({ slug, papers }) => [slug, among(now, papers)])),
      years,
      organizations: Object.fromEntries(facets.organizations.map(({ handle, papers }) => [handle, among(anyOrganization, papers)])),
      code: now.filter((number) => facets.papers.get(number)?.code).length,
      comments: now.filter((number) => facets.papers.get(number)?.comments).length,
    };
  }

  /**
   * Sort papers: newest first, those without a day last, or by title. Relevance leaves them as they are.
   * @param {Facets} facets
   * @param {Sort} sort
   * @param {number[]} numbers
   */
  function sortPapers(facets, sort, numbers) {
    if (sort === "relevance") return numbers;
    const of = (/** @type {number} */ number) => facets.papers.get(number) || { day: 0, order: Infinity };
    const byTitle = (/** @type {number} */ a, /** @type {number} */ b) => of(a).order - of(b).order || a - b;
    return [...numbers].sort(sort === "title" ? byTitle : (a, b) => of(b).day - of(a).day || byTitle(a, b));
  }

  readingList.filters = { readOperators, makeFilter, countFilters, sortPapers };
})();
