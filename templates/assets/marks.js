// On a paper's page that a search led to (`?q=`): marks the words by which the paper was found, until the reader clears
// them. words.js tells the words; the engine is loaded only then, from the cache mostly. Must not know how papers are found.
"use strict";

(function () {
  const MOST = 8; // words that the line names
  const PLACES = ".paper h1, .abstract p, .notes :is(p, li, h3, h4, h5, h6, td, th, dd, dt)";
  const UNTOUCHED = "pre, script, style, math, mark";
  const query = new URLSearchParams(location.search).get("q") || "";
  const heading = /** @type {HTMLElement | null} */ (document.querySelector(".paper h1"));
  if (!query.trim() || !heading) return;
  readingList.client.loadEngine().then(begin, console.error);

  function begin() {
    const { readQuery, markWords } = readingList.words;
    const words = readQuery(readingList.narrow.replaceOperators(query, () => " ")); // they narrow, and are in no text
    /** @type {HTMLElement[]} */
    const marks = [];
    for (const node of listTexts()) {
      const pieces = markWords(node.data, words);
      if (!pieces.some((piece) => piece.marked)) continue;
      node.replaceWith(
        ...pieces.map(({ text, marked }) => {
          if (!marked) return document.createTextNode(text);
          const mark = document.createElement("mark");
          mark.textContent = text;
          marks.push(mark);
          return mark;
        })
      );
    }
    if (marks.length) tell(marks);
  }

  /** List the texts of title, abstract and notes; each once, however its places lie in each other. */
  function listTexts() {
    /** @type {Set<Text>} */
    const texts = new Set();
    for (const place of document.querySelectorAll(PLACES)) {
      const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const text = /** @type {Text} */ (walker.currentNode);
        if (!text.parentElement?.closest(UNTOUCHED)) texts.add(text);
      }
    }
    return texts;
  }

  /**
   * Say what is marked, and offer to clear it.
   * @param {HTMLElement[]} marks
   */
  function tell(marks) {
    const { fold } = readingList.terms;
    const texts = marks.map((mark) => mark.textContent || "");
    const names = texts.filter((text, place) => texts.findIndex((other) => fold(other) === fold(text)) === place);
    const line = document.createElement("p");
    const button = document.createElement("button");
    line.className = "marked";
    line.append(`Marked: ${names.slice(0, MOST).join(", ")}${names.length > MOST ? " …" : "."} `, button);
    button.type = "button";
    button.textContent = "Clear";
    button.setAttribute("aria-label", "Clear the marks");
    button.addEventListener("click", () => clear(marks, line));
    heading?.parentElement?.append(line);
  }

  /**
   * Put the page back as it was, its address too; what has the focus is then the title.
   * @param {HTMLElement[]} marks
   * @param {HTMLElement} line
   */
  function clear(marks, line) {
    for (const mark of marks) {
      const parent = mark.parentNode;
      mark.replaceWith(mark.textContent || "");
      parent?.normalize();
    }
    line.remove();
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
    const address = new URL(location.href);
    address.searchParams.delete("q");
    try {
      history.replaceState(history.state, "", address);
    } catch {
      // Some browsers keep the address of a page from a folder as it is.
    }
  }
})();
