// What was found becomes what is seen: a result its card, a list's pages their links. Used by the search page.
// In: results as the engine gives them. Out: elements. It must not know how papers are found, nor the page around.
"use strict";

(function () {
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const GUESS = "The capture did not say the year. This is the earliest it can be.";
  const NEAR = 2; // pages that are named on both sides of the one that is shown

  /**
   * Show a result as lists show a paper. The link tells the paper's page by which words it was found.
   * @param {Result} result
   * @param {string} query
   * @param {number} level of the heading
   */
  function showResult({ slug, title, snippet, missing, paper }, query, level) {
    const [, , , date, guessed, tags, , more] = paper;
    const marked = query && `?${new URLSearchParams({ q: query })}`;
    const href = `papers/${slug}.html${marked}`;
    const people = [more.people, more.organization].filter((who, place, both) => who && both.indexOf(who) === place);
    const facts = [showDay(date, guessed), ...people.map((who) => [who || ""]), showComments(more.comments)];
    const known = facts.flatMap((fact) => (fact.length ? [make("li", {}, fact)] : []));
    return make("li", { class: "card" }, [
      make(`h${level}`, {}, [make("a", { href }, mark(title))]),
      known.length ? make("ul", { class: "facts" }, known) : "",
      snippet.length ? make("p", { class: "excerpt" }, mark(snippet)) : "",
      missing.length ? showMissing(missing) : "",
      tags.length ? showTags(tags) : "",
    ]);
  }

  /**
   * @param {string} date
   * @param {boolean} guessed
   */
  function showDay(date, guessed) {
    if (!date) return [];
    const [year, month, day] = date.split("-").map(Number);
    const time = make("time", { datetime: date }, [[day, MONTHS[month - 1], year].filter(Boolean).join(" ")]);
    return guessed ? [time, " ", make("span", { class: "guess", title: GUESS }, ["year inferred"])] : [time];
  }

  /** @param {number} [comments] */
  const showComments = (comments) => (comments === undefined ? [] : [`${comments} comment${comments === 1 ? "" : "s"} at capture`]);

  /** @param {string[]} words */
  function showMissing(words) {
    const struck = words.flatMap((word, place) => [place ? ", " : "", make("s", {}, [word])]);
    return make("p", { class: "missing" }, ["without: ", ...struck]);
  }

  /** @param {[slug: string, name: string][]} tags */
  function showTags(tags) {
    const links = tags.map(([slug, name]) => make("li", {}, [make("a", { href: `tags/${slug}.html`, rel: "tag" }, [name])]));
    return make("ul", { class: "tags", "aria-label": "Tags" }, links);
  }

  /** @param {Piece[]} pieces */
  const mark = (pieces) => pieces.map(({ text, marked }) => (marked ? make("mark", {}, [text]) : text));

  /**
   * Show the pages of a list: the first, the last, those about the present one, the one before and the one after.
   * @param {number} page
   * @param {number} pages
   * @param {(page: number) => string} addressOf
   */
  function showPages(page, pages, addressOf) {
    const link = (/** @type {number} */ to, /** @type {Record<string, string>} */ more, /** @type {(Node | string)[]} */ inner) =>
      make("a", { href: addressOf(to), "data-page": String(to), ...more }, inner);
    const arrow = (/** @type {string} */ sign) => make("span", { "aria-hidden": "true" }, [sign]);
    const numbers = Array.from({ length: pages }, (_, place) => place + 1).filter((to) => to === 1 || to === pages || Math.abs(to - page) <= NEAR);
    const places = numbers.flatMap((to, place) => {
      const here = make("li", {}, [link(to, { "aria-label": `Page ${to}`, ...(to === page ? { "aria-current": "page" } : {}) }, [String(to)])]);
      return place && to > numbers[place - 1] + 1 ? [make("li", { "aria-hidden": "true" }, ["…"]), here] : [here];
    });
    return [
      page > 1 ? link(page - 1, { rel: "prev" }, [arrow("← "), "Previous"]) : make("span"),
      make("ol", {}, places),
      page < pages ? link(page + 1, { rel: "next" }, ["Next", arrow(" →")]) : make("span"),
    ];
  }

  /**
   * Make an element with attributes and what it holds; text is text, whatever it says.
   * @param {string} name
   * @param {Record<string, string>} [attributes]
   * @param {(Node | string)[]} [inner]
   */
  function make(name, attributes = {}, inner = []) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inner.filter((part) => part !== ""));
    return made;
  }

  readingList.results = { showResult, showPages, make };
})();
