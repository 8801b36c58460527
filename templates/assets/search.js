// The search page: what is typed goes to query.js, what comes back becomes results. The address holds the query.
"use strict";

/** @typedef {[slug: string, title: string, date: string, guessed: boolean, tags: string[], abstract: string]} Paper */

(function () {
  const { search, markWords, snippet } = readingList.query;
  const PAGE = 50; // papers shown at first, and more at each wish
  const form = /** @type {HTMLFormElement} */ (document.getElementById("search"));
  const box = /** @type {HTMLInputElement} */ (document.getElementById("find"));
  const status = /** @type {HTMLElement} */ (document.getElementById("status"));
  const results = /** @type {HTMLOListElement} */ (document.getElementById("results"));
  const more = /** @type {HTMLButtonElement} */ (document.getElementById("more"));
  const partial = /** @type {HTMLElement} */ (document.getElementById("partial"));
  const partialResults = /** @type {HTMLOListElement} */ (document.getElementById("partial-results"));
  /** @type {{index: lunr.Index, documents: Paper[], titleTerms: string[][]} | null} */
  let list = null;
  let most = PAGE;

  // The index is a script that calls this: an element loads it from a folder on disk too, where fetch does not.
  readingList.receiveIndex = (/** @type {{index: object, documents: Paper[]}} */ data) => {
    list = {
      index: lunr.Index.load(data.index),
      documents: data.documents,
      titleTerms: data.documents.map((document) => readingList.terms.termsOf(document[1])),
    };
    answer();
  };

  function loadIndex() {
    status.textContent = "Loading the index …";
    const script = document.createElement("script");
    script.src = form.dataset.index || "";
    script.onerror = () => {
      script.remove();
      status.textContent = "The search index could not be loaded. ";
      const retry = document.createElement("button");
      retry.type = "button";
      retry.textContent = "Try again";
      retry.addEventListener("click", loadIndex);
      status.append(retry);
    };
    document.head.append(script);
  }

  function answer() {
    if (!list) return;
    const text = box.value;
    const { words, all, some, near } = search(list.index, text, list.titleTerms);
    showHits(results, all.slice(0, most), words, 2);
    showHits(partialResults, some.slice(0, PAGE), words, 3);
    results.hidden = !all.length;
    more.hidden = all.length <= most;
    partial.hidden = !some.length;
    status.textContent = tell(text, words.length, all.length, some.length, near);
    document.title = document.title.replace(/^.*?(?=Search · )/, text.trim() ? `${text.trim()} · ` : "");
  }

  /**
   * @param {string} text
   * @param {number} words
   * @param {number} all
   * @param {number} some
   * @param {boolean} near
   */
  function tell(text, words, all, some, near) {
    const papers = (/** @type {number} */ count) => `${count} paper${count === 1 ? "" : "s"}`;
    if (!text.trim()) return list ? `${papers(list.documents.length)} to search in.` : "";
    if (!readingList.terms.splitWords(text).length) return "There is no word in that to search for.";
    if (!words) return "Those words are in nearly every paper. Add one that tells more.";
    if (!all && !some) return "No paper has any of these words.";
    if (!all) return "No paper has all of these words.";
    const beyond = all > most ? ` The first ${most} are shown.` : "";
    return (near ? `No paper has exactly these words; ${papers(all)} with near spellings.` : `${papers(all)}.`) + beyond;
  }

  /**
   * @param {HTMLOListElement} target
   * @param {{reference: number}[]} hits
   * @param {Word[]} words
   * @param {number} level of the headings
   */
  function showHits(target, hits, words, level) {
    const documents = list ? list.documents : [];
    target.replaceChildren(...hits.map((hit) => showHit(documents[hit.reference], words, level)));
  }

  /**
   * @param {Paper} paper
   * @param {Word[]} words
   * @param {number} level
   */
  function showHit([slug, title, date, guessed, tags, abstract], words, level) {
    const item = element("li", "card");
    const heading = element(`h${level}`);
    const link = /** @type {HTMLAnchorElement} */ (element("a"));
    link.href = `papers/${slug}.html`;
    link.append(...mark(title, words));
    heading.append(link);
    item.append(heading);
    const facts = element("ul", "facts");
    if (date) {
      const time = /** @type {HTMLTimeElement} */ (element("time"));
      time.dateTime = date;
      time.textContent = new Date(`${date}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
      const when = element("li");
      when.append(time);
      if (guessed) {
        const guess = element("span", "guess");
        guess.title = "The capture did not say the year. This is the earliest it can be.";
        guess.textContent = "year inferred";
        when.append(" ", guess);
      }
      facts.append(when);
    }
    if (tags.length) {
      const about = element("li");
      about.append(...mark(tags.join(", "), words));
      facts.append(about);
    }
    item.append(facts);
    const text = element("p", "excerpt");
    text.append(...mark(snippet(abstract, words), words));
    item.append(text);
    return item;
  }

  /**
   * @param {string} text
   * @param {Word[]} words
   */
  function mark(text, words) {
    return markWords(text, words).map((piece) => {
      if (!piece.marked) return document.createTextNode(piece.text);
      const marked = element("mark");
      marked.textContent = piece.text;
      return marked;
    });
  }

  /**
   * @param {string} name
   * @param {string} [className]
   */
  function element(name, className) {
    const made = document.createElement(name);
    if (className) made.className = className;
    return made;
  }

  function readAddress() {
    box.value = new URLSearchParams(location.search).get("q") || "";
    answer();
  }

  function writeAddress() {
    const query = box.value.trim() ? `?${new URLSearchParams({ q: box.value.trim() })}` : "";
    try {
      history.replaceState(null, "", location.pathname + query);
    } catch {
      // Some browsers keep the address of a page from a folder as it is; the search works all the same.
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    writeAddress();
    answer();
  });
  more.addEventListener("click", () => {
    const next = most;
    most += PAGE;
    answer();
    results.querySelectorAll("a")[next]?.focus();
  });
  box.addEventListener("input", () => {
    most = PAGE;
    writeAddress();
    answer();
  });
  addEventListener("popstate", readAddress);
  readAddress();
  box.focus();
  loadIndex();
})();
