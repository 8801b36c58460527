// The search page: what is typed goes to query.js, what comes back becomes results. The address holds the query.
"use strict";

(function () {
  const { search, markWords, snippet } = readingList.query;
  const { openShards } = readingList.shards;
  const PAGE = 20; // papers shown at first, and more at each wish
  const PAUSE = 100; // milliseconds in which who types on needs none of the papers
  const SLOW = 400; // milliseconds after which it is told that something loads
  const LOADING = "Loading the index …";
  const form = /** @type {HTMLFormElement} */ (document.getElementById("search"));
  const box = /** @type {HTMLInputElement} */ (document.getElementById("find"));
  const status = /** @type {HTMLElement} */ (document.getElementById("status"));
  const results = /** @type {HTMLOListElement} */ (document.getElementById("results"));
  const more = /** @type {HTMLButtonElement} */ (document.getElementById("more"));
  const partial = /** @type {HTMLElement} */ (document.getElementById("partial"));
  const partialResults = /** @type {HTMLOListElement} */ (document.getElementById("partial-results"));
  const index = form.dataset.index || "";
  const folder = index.slice(0, index.lastIndexOf("/") + 1);
  const shards = openShards(loadScript, index.slice(folder.length));
  const title = document.title;
  let most = PAGE;
  let turn = 0; // an answer to what was asked in an earlier one comes too late
  let answered = ""; // the query whose papers are shown
  let slow = 0;

  /** @type {Map<string, unknown>} */
  const received = new Map();

  // The files of the index are scripts that call this: an element loads them from a folder on disk too, where fetch
  // does not.
  readingList.receive = (name, value) => received.set(name, value);

  /**
   * @param {string} name
   * @param {string} file
   */
  function loadScript(name, file) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const settle = () => {
        script.remove();
        if (received.has(name)) resolve(received.get(name));
        else reject(new Error(`${file} could not be loaded`));
        received.delete(name);
      };
      script.addEventListener("load", settle);
      script.addEventListener("error", settle);
      script.src = folder + file;
      document.head.append(script);
    });
  }

  /**
   * Answer what stands in the box; tells whether the answer came in time to be shown.
   * @param {number} pause
   */
  async function answer(pause = 0) {
    const mine = ++turn;
    const text = box.value;
    clearTimeout(slow);
    slow = setTimeout(() => (status.textContent = LOADING), SLOW);
    try {
      const [list, found] = await Promise.all([shards.readList(), search(shards, text)]);
      const hits = [...found.all.slice(0, most), ...found.some.slice(0, PAGE)].map((hit) => hit.reference);
      if (pause && !shards.holdsPapers(hits)) await new Promise((resolve) => setTimeout(resolve, pause));
      if (mine !== turn) return false;
      const papers = await shards.readPapers(hits);
      if (mine !== turn) return false;
      show(text, found, papers, list.size);
    } catch (fault) {
      if (mine === turn) tellFault(fault, text);
    }
    if (mine === turn) clearTimeout(slow);
    return mine === turn;
  }

  /**
   * @param {string} text
   * @param {Found} found
   * @param {Paper[]} papers
   * @param {number} count of all papers
   */
  function show(text, { words, all, some, near }, papers, count) {
    const shown = Math.min(all.length, most);
    showPapers(results, papers.slice(0, shown), words, 2);
    showPapers(partialResults, papers.slice(shown), words, 3);
    results.hidden = !all.length;
    more.hidden = all.length <= most;
    partial.hidden = !some.length;
    status.textContent = text.trim() ? tell(text, words.length, all.length, some.length, near) : `${tellCount(count)} to search in.`;
    document.title = (text.trim() ? `${text.trim()} · ` : "") + title;
    answered = text;
  }

  /**
   * Tell that something could not be loaded, and offer what may help. Papers that answer another query go.
   * @param {unknown} fault
   * @param {string} text
   */
  function tellFault(fault, text) {
    console.error(fault);
    if (text !== answered) {
      for (const part of [results, more, partial]) part.hidden = true;
      for (const target of [results, partialResults]) target.replaceChildren();
    }
    const isOther = fault instanceof Error && fault.name === "OtherBuild";
    status.textContent = isOther ? "The list has changed since this page was loaded. " : "The search index could not be loaded. ";
    const button = /** @type {HTMLButtonElement} */ (element("button"));
    button.type = "button";
    button.textContent = isOther ? "Reload the page" : "Try again";
    button.addEventListener("click", isOther ? () => location.reload() : begin);
    status.append(button);
  }

  function begin() {
    status.textContent = LOADING;
    answer();
  }

  /** @param {number} count */
  const tellCount = (count) => `${count} paper${count === 1 ? "" : "s"}`;

  /**
   * @param {string} text
   * @param {number} words
   * @param {number} all
   * @param {number} some
   * @param {boolean} near
   */
  function tell(text, words, all, some, near) {
    if (!readingList.terms.splitWords(text).length) return "There is no word in that to search for.";
    if (!words) return "Those words are in nearly every paper. Add one that tells more.";
    if (!all && !some) return "No paper has any of these words.";
    if (!all) return "No paper has all of these words.";
    const beyond = all > most ? ` The first ${most} are shown.` : "";
    return (near ? `No paper has exactly these words; ${tellCount(all)} with near spellings.` : `${tellCount(all)}.`) + beyond;
  }

  /**
   * @param {HTMLOListElement} target
   * @param {Paper[]} papers
   * @param {Word[]} words
   * @param {number} level of the headings
   */
  function showPapers(target, papers, words, level) {
    target.replaceChildren(...papers.map((paper) => showPaper(paper, words, level)));
  }

  /**
   * @param {Paper} paper
   * @param {Word[]} words
   * @param {number} level
   */
  function showPaper([, slug, name, date, guessed, tags, abstract], words, level) {
    const item = element("li", "card");
    const heading = element(`h${level}`);
    const link = /** @type {HTMLAnchorElement} */ (element("a"));
    link.href = `papers/${slug}.html`;
    link.append(...mark(name, words));
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
      about.append(...mark(tags.map(([, label]) => label).join(", "), words));
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
  more.addEventListener("click", async () => {
    const next = results.children.length;
    most += PAGE;
    if (await answer()) results.querySelectorAll("a")[next]?.focus();
  });
  box.addEventListener("input", () => {
    most = PAGE;
    writeAddress();
    answer(PAUSE);
  });
  addEventListener("popstate", () => {
    readAddress();
    answer();
  });
  readAddress();
  box.focus();
  begin();
})();
