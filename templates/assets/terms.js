// Text to terms, in the browser. The twin of site_builder/search/terms.py: what is said there holds here, and
// tests/data/terms.json holds what both must give.
"use strict";

var readingList = globalThis.readingList || {};
globalThis.readingList = readingList;

(function () {
  /** @type {Record<string, string>} */
  const LETTERS = {
    ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", "’": "'", ʼ: "'", "‘": "'",
    "\u2010": "-",
  };
  const LETTER = /[\p{L}\p{N}]/u;
  const LONGEST_TERM = 40;
  const STOP_WORDS = new Set(
    ("a about an and are as at be been but by can could do does for from had has have he her his how i if in into is it its " +
      "may might more most not of on or our she should so some such than that the their them then there these they this to " +
      "up us was we were what when where which while who why will with would you your").split(" ")
  );

  // In this order; each rule is tried once on a word of four or more Latin letters. The same table is in terms.py.
  /** @type {[RegExp, string][]} */
  const RULES = [
    // British spelling
    [/(behavi|col|neighb|fav|lab|hon|hum|vap|flav|endeav|arm|harb|tum|rum|rig)our/, "$1or"],
    [/^(cent|met|lit|fib)re(s?)$/, "$1er$2"],
    [/([iy])s(e|es|ed|ing|er|ers|able|ation|ations)$/, "$1z$2"],
    [/logue(s?)$/, "log$1"],
    [/gramme(s?)$/, "gram$1"],
    [/^(def|off|lic)ence(s?)$/, "$1ense$2"],
    [/^artefact/, "artifact"],
    [/^(orthop|p)aed/, "$1ed"],
    [/(^h|an|uk|isch)aem/, "$1em"],
    [/^grey(s?)$/, "gray$1"],
    [/^practiz/, "practic"],
    [/^(judg|acknowledg)ement(s?)$/, "$1ment$2"],
    [/^(learn|burn|dream)t$/, "$1"],
    // plurals and tenses of their own
    [/^(us)(?:ed|es|ing)$/, "$1e"],
    [/^(add|odd)(?:s|ed|ing)$/, "$1"],
    [/^(matr|append)ices$/, "$1ix"],
    [/^(ind|vert)ices$/, "$1ex"],
    [/^(mov|cook|zomb)ies$/, "$1ie"],
    [/(diagn|progn)oses$/, "$1osis"],
    [/^(lens)es$/, "$1"],
    // plurals
    [/^(bias|atlas|canvas|alias)$/, "$1e"],
    [/^([a-z]pu)s$/, "$1"],
    [/(thes)es$/, "$1is"],
    [/([yo])sis$/, "$1ze"],
    [/([^aeiou])ies$/, "$1y"],
    [/(ss|x|ch|sh)es$/, "$1"],
    [/([^suai])s$/, "$1"],
    [/([aeiou][a-z]*[^aeiou])as$/, "$1a"],
    // tenses
    [/([^aeiou])ied$/, "$1y"],
    [/^(agre|degre|guarante)ed$/, "$1e"],
    [/^(?!embed$|hundred$)(.*[aeiouy].*[^e]|[aeiou][^aeiou])ed$/, "$1"],
    [/^(.+[aeiouy].*|[aeiou].|.*[aeiou])ing$/, "$1"],
    // what they leave behind
    [/([a-z]{2})([bdfgklmnprt])\2$/, "$1$2"],
    [/([a-z]{2}[a-z])e$/, "$1"],
  ];

  /**
   * Fold a text: NFKC, small letters, without accents and ligatures.
   * @param {string} text
   */
  function fold(text) {
    const small = text.normalize("NFKC").replace(/[\u00ad\u200c\u200d\u2060\ufeff]/g, "").toLowerCase()
      .replace(/[ßæœøłđðþı’ʼ‘\u2010]/g, (letter) => LETTERS[letter]);
    return small.normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
  }

  /**
   * Split a text into its words, folded; a name of joined parts (`GPT-4V`) is a word of several parts.
   * @param {string} text
   * @returns {string[][]}
   */
  function splitWords(text) {
    const groups = [];
    for (const chunk of fold(text).replace(/[^\p{L}\p{N}\p{M}\-+._/']/gu, " ").split(" ")) {
      const bare = chunk.replace(/'s?(?![\p{L}\p{N}])|'/gu, "");
      const parts = bare.split(/[-+._/]+/).filter((part) => LETTER.test(part));
      if (parts.length) groups.push(parts);
    }
    return groups;
  }

  /**
   * Return the terms of a text, stop words left out; joined parts give each part and the whole.
   * @param {string} text
   * @returns {string[]}
   */
  function termsOf(text) {
    const terms = [];
    for (const parts of splitWords(text)) {
      for (const part of parts) if (!STOP_WORDS.has(part)) terms.push(stem(part));
      const whole = parts.join("");
      if (parts.length > 1 && length(whole) <= LONGEST_TERM) terms.push(stem(whole));
    }
    return terms;
  }

  /**
   * Fold a folded word's inflections; what is not four or more Latin letters stays as it is.
   * @param {string} word
   */
  function stem(word) {
    if (length(word) > LONGEST_TERM) word = Array.from(word).slice(0, LONGEST_TERM).join("");
    if (!/^[a-z]{4,}$/.test(word)) return word;
    for (const [pattern, replacement] of RULES) word = word.replace(pattern, replacement);
    return word;
  }

  /**
   * Count the characters of a text as Python does.
   * @param {string} text
   */
  function length(text) {
    return text.length <= LONGEST_TERM ? text.length : Array.from(text).length;
  }

  readingList.terms = { STOP_WORDS, fold, splitWords, termsOf, stem };
})();
