// Which terms of the list a word may have been meant for that no paper has. Pure: it is given the terms, and must not
// know which papers have them. It is loaded when a word is to be respelled.
"use strict";

(function () {
  const { stem } = readingList.terms;
  const SHORTEST = 3; // letters of a word that is respelled, and the most
  const LONGEST = 30;
  const LONG = 9; // letters of a word in which two slips are looked for, and one less of what it may be meant for
  const LEAST_NAME = 5; // letters of the end of a name, and the most before it
  const MOST_BEFORE = 3;
  const MOST_CANDIDATES = 24; // terms that are looked at
  const ALPHABET = "abcdefghijklmnopqrstuvwxyz";

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
    const near = terms.filter((other) => respelled.has(other) || isSlip(term, other) || (isUnfinished && beginsNear(typed, other)));
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
    const isEnd = (/** @type {string} */ other) => other.endsWith(term) && other.length <= term.length + MOST_BEFORE;
    return bestFew(term.length >= LEAST_NAME ? terms.filter(isEnd) : [], typed).map((other) => [other]);
  }

  /**
   * Return the terms that are two edits apart from a long word.
   * @param {string[]} terms
   * @param {string} typed
   */
  function farTerms(terms, typed) {
    if (typed.length < LONG || typed.length > LONGEST) return [];
    const term = stem(typed);
    const isLong = (/** @type {string} */ other) => Math.min(term.length, other.length) >= LONG - 1;
    const far = terms.filter((other) => isLong(other) && other[0] === term[0] && isWithinTwo(term, other));
    return bestFew(far, typed).map((other) => [other]);
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
   * Tell whether a slip of the fingers may have made one word of another: two letters swapped, one missing, one twice; of
   * longer words also one other or one too many. Short words that differ so are mostly words of their own (lung, long),
   * and so are those that begin otherwise (nurse, curse).
   * @param {string} typed
   * @param {string} meant
   */
  function isSlip(typed, meant) {
    let start = 0;
    while (start < typed.length && typed[start] === meant[start]) start++;
    let end = 0;
    while (end < Math.min(typed.length, meant.length) - start && typed.at(-1 - end) === meant.at(-1 - end)) end++;
    const [wrong, right] = [typed.slice(start, typed.length - end), meant.slice(start, meant.length - end)];
    if (wrong.length === 2 && right.length === 2) return wrong[0] === right[1] && wrong[1] === right[0];
    if (Math.max(wrong.length, right.length) !== 1 || typed.length < 4) return false;
    if (!wrong) return start > 0 || typed.length > 5;
    return (!right && typed[start] === typed[start - 1]) || (start > 0 && typed.length > 6);
  }

  /**
   * Return all spellings that a slip may have made this word of.
   * @param {string} word
   */
  function spellNear(word) {
    const near = [];
    for (let place = 0; place <= word.length; place++) {
      const [before, after] = [word.slice(0, place), word.slice(place)];
      if (after.length > 1 && after[0] !== after[1]) near.push(before + after[1] + after[0] + after.slice(2));
      if (after) near.push(before + after.slice(1));
      for (const letter of ALPHABET) near.push(before + letter + after, ...(after ? [before + letter + after.slice(1)] : []));
    }
    return near.filter((other) => isSlip(word, other));
  }

  /**
   * Tell whether a term begins with something one edit apart from what was typed.
   * @param {string} typed
   * @param {string} term
   */
  function beginsNear(typed, term) {
    if (typed.length < 6 || term[0] !== typed[0]) return false;
    return [-1, 0, 1].some((more) => term.length >= typed.length + more && isSlip(typed, term.slice(0, typed.length + more)));
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

  readingList.spelling = { SHORTEST, isSlip, nearTerms, splitTerms, termsEnding, farTerms, spell, spellNear };
})();
