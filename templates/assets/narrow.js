// What narrows a search: the filters that are set, and the operators (`tag:` `-tag:` `year:`) in what is typed. Pure; it
// comes with the engine and with the search page. Must not know which tags and papers there are.
"use strict";

/**
 * @typedef {{tags: string[], not: string[], from: number, to: number, organization: string, code: boolean, comments: boolean}} Filters
 *   tags, not: slugs, all must hold, none may; from, to: years, 0 is open; organization: a handle or ""
 */

(function () {
  const OPERATOR = /(?<!\S)(-?)(tag|year):(?:["“”]([^"“”]*)["“”]|(\S+))/giu;

  /** @returns {Filters} */
  const noFilters = () => ({ tags: [], not: [], from: 0, to: 0, organization: "", code: false, comments: false });

  /** @param {Filters} filters */
  const isActive = ({ tags, not, from, to, organization, code, comments }) =>
    tags.length + not.length + from + to > 0 || organization !== "" || code || comments;

  /**
   * Replace the operators in a query.
   * @param {string} text
   * @param {(typed: string, kind: string, value: string) => string} replace kind: "tag", "-tag", "year" or "-year"
   */
  const replaceOperators = (text, replace) =>
    text.replace(OPERATOR, (typed, not, name, quoted, bare) => replace(typed, (not + name).toLowerCase(), quoted ?? bare));

  /** @param {string} text */
  const hasOperators = (text) => text.search(OPERATOR) >= 0;

  readingList.narrow = { noFilters, isActive, replaceOperators, hasOperators };
})();
