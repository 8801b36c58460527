// The search box of every page but the search page: a combobox that lists papers as one types. client.js answers; must
// not know how. Without scripts the form leads to the search page.
"use strict";

(function () {
  const SHOWN = 8; // papers at most; the last line leads to all
  const SLOW = 400; // milliseconds after which it is told that something loads
  const EDGE = 16; // pixels between the panel and the window's edge
  const LEAST = 200; // pixels of the list's height, however small the window
  const LOADING = "Loading the index …";
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById("find"));
  const form = input?.form;
  if (input && form) openBox(input, form);

  /**
   * @param {HTMLInputElement} input
   * @param {HTMLFormElement} form
   */
  function openBox(input, form) {
    const list = make("div", "", { role: "listbox", id: "found", "aria-label": "Papers" });
    const line = make("p", "found-line");
    const panel = make("div", "found", {}, line, list);
    const status = make("p", "unseen", { role: "status" });
    const root = new URL(".", form.action);
    let turn = 0; // an answer to what was asked in an earlier one comes too late
    let answered = ""; // the text that the panel answers
    let slow = 0;
    /** @type {HTMLAnchorElement | null} */
    let chosen = null;
    /** @type {Element | null} */
    let before = null; // what had the focus
    let isAway = true; // the focus is elsewhere on the page
    let isBroken = false; // what was asked last could not be loaded

    panel.hidden = true;
    form.append(panel, status);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) {
      input.setAttribute(name, value);
    }

    const options = () => /** @type {HTMLAnchorElement[]} */ ([...list.querySelectorAll("a")]);
    const searchFor = (/** @type {string} */ text, isLiteral = false) => `${form.action}?${new URLSearchParams({ q: text, ...(isLiteral && { literal: "1" }) })}`;

    /** @param {boolean} isShown */
    function showPanel(isShown) {
      panel.hidden = !isShown;
      input.setAttribute("aria-expanded", String(isShown && !list.hidden));
      if (!isShown) choose(null);
    }

    /** @param {HTMLAnchorElement | null} option */
    function choose(option) {
      chosen?.setAttribute("aria-selected", "false");
      chosen = option;
      if (option) {
        option.setAttribute("aria-selected", "true");
        option.scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", option.id);
      } else input.removeAttribute("aria-activedescendant");
    }

    /**
     * Choose the next option, or the one before; behind the last stands the first.
     * @param {1 | -1} step
     */
    function chooseNext(step) {
      const all = options();
      const place = chosen ? all.indexOf(chosen) + step : step > 0 ? 0 : -1;
      choose(all[(place + all.length) % all.length] || null);
    }

    function close() {
      turn++;
      clearTimeout(slow);
      showPanel(false);
      status.textContent = "";
    }

    /**
     * Show what the panel says above its options, and them; say something aloud.
     * @param {(Node | string)[]} said
     * @param {HTMLElement[]} found
     * @param {string} aloud
     */
    function show(said, found, aloud) {
      const kept = chosen?.pathname; // chosen since the last letter was typed
      choose(null);
      line.replaceChildren(...said);
      line.hidden = !said.length;
      list.replaceChildren(...found);
      list.hidden = !found.length;
      options().forEach((option, place) => (option.id = `found-${place}`));
      status.textContent = aloud;
      showPanel(true);
      list.scrollTop = 0;
      const room = (globalThis.visualViewport?.height || innerHeight) - list.getBoundingClientRect().top - EDGE;
      list.style.maxHeight = `${Math.max(room, LEAST)}px`;
      choose(options().find((option) => option.pathname === kept) || null);
    }

    /**
     * Answer what stands in the box. `isLiteral`: correct nothing; `isTyped`: more may be typed.
     * @param {{isLiteral?: boolean, isTyped?: boolean}} [how]
     */
    async function answer({ isLiteral = false, isTyped = false } = {}) {
      const mine = ++turn;
      const text = input.value;
      clearTimeout(slow);
      slow = setTimeout(() => mine === turn && show([LOADING], [], LOADING), SLOW);
      try {
        const request = { text, literal: isLiteral, count: SHOWN };
        const found = await readingList.client.ask(request, isTyped);
        if (mine !== turn || !found) return;
        answered = text;
        isBroken = false;
        showAnswer(text, isLiteral, found);
      } catch (fault) {
        if (mine !== turn) return;
        console.error(fault);
        answered = "";
        tellFault(/** @type {Error} */ (fault));
      }
      clearTimeout(slow);
    }

    /**
     * @param {string} text
     * @param {boolean} isLiteral
     * @param {Answer} found
     */
    function showAnswer(text, isLiteral, { total, whole, results, correction, said }) {
      if (said === "nothing typed") return close();
      const count = whole || total;
      const papers = `${count} paper${count === 1 ? "" : "s"}`;
      if (!total) {
        const none = said === "no word" ? "There is no word in that to search for."
          : said === "common words" ? "Those words are in nearly every paper. Add one that tells more."
          : "No paper has any of these words.";
        return show([none], [], none);
      }
      const query = correction || text;
      const complete = results.slice(0, whole).map((result) => showResult(result, query));
      const partial = results.slice(whole).map((result) => showResult(result, query));
      const heading = make("span", "found-part", { "aria-hidden": "true" }, "With some of the words");
      const group = make("div", "", { role: "group", "aria-label": "With some of the words" }, heading, ...partial);
      const all = makeOption("found-all", searchFor(text, isLiteral), count === 1 ? "1 result for “" : `All ${count} results for “`, make("b", "", {}, query.trim()), "”");
      const none = whole ? "" : "No paper has all of these words. ";
      const line = correction ? showCorrection(text, correction) : none ? [none] : [];
      const about = correction ? `Showing results for ${correction}. ` : "";
      const aloud = `${about}${none}${papers}${whole ? "" : " with some of them"}.`;
      show(line, [...complete, ...(partial.length ? (whole ? [group] : partial) : []), all], aloud);
    }

    /**
     * Say that something else was searched for, with a way back.
     * @param {string} text
     * @param {string} correction
     */
    function showCorrection(text, correction) {
      const back = makeButton(`Search for “${text.trim()}”`, () => {
        input.focus();
        answer({ isLiteral: true });
      });
      return ["Showing results for ", make("b", "", {}, correction), ". ", back];
    }

    /**
     * @param {Result} result
     * @param {string} query by which its page marks words
     */
    function showResult({ slug, title, missing, paper }, query) {
      const [, , , date, , tags] = paper;
      const name = make("span", "found-title", {}, ...title.map(({ text, marked }) => (marked ? make("mark", "", {}, text) : text)));
      const facts = [date.slice(0, 4), ...tags.slice(0, 3).map(([, label]) => label)].filter(Boolean).join(" · ");
      const lacks = missing.length ? [make("span", "found-lacks", {}, `Without ${missing.join(", ")}`)] : [];
      return makeOption("", `${root}papers/${slug}.html?${new URLSearchParams({ q: query.trim() })}`, name, make("span", "found-facts", {}, facts), ...lacks);
    }

    /**
     * An option is a link, so that every way to open a link opens it.
     * @param {string} className
     * @param {string} address
     * @param {...(Node | string)} content
     */
    const makeOption = (className, address, ...content) =>
      make("a", className, { role: "option", href: address, tabindex: "-1", "aria-selected": "false" }, ...content);

    /** @param {Error} fault */
    function tellFault(fault) {
      const isOther = fault.name === "OtherBuild";
      const told = isOther ? "The list has changed since this page was loaded. " : "The search could not be loaded. ";
      const again = () => {
        input.focus();
        show([LOADING], [], LOADING);
        answer();
      };
      // When trying again did not help, the site may have been published anew, and this page's scripts be gone.
      const buttons = [];
      if (!isOther) buttons.push(makeButton("Try again", again));
      if (isOther || isBroken) buttons.push(makeButton("Reload the page", () => location.reload()));
      show([told, ...buttons], [], told);
      isBroken = true;
    }

    /** Answer; open what is there when nothing was typed since. */
    function wish(isTyped = false) {
      turn++;
      if (!input.value.trim()) close();
      else if (input.value === answered && !isTyped) showPanel(true);
      else answer({ isTyped });
    }

    function giveFocusBack() {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      else input.blur();
    }

    input.addEventListener("focus", (event) => {
      const from = /** @type {Element | null} */ (event.relatedTarget);
      if (isAway && !form.contains(from)) before = from;
      isAway = false;
      readingList.client.prepare();
    });
    input.addEventListener("input", () => {
      choose(null);
      wish(true);
    });
    input.addEventListener("click", () => panel.hidden && wish());
    form.addEventListener("focusout", (event) => {
      if (document.activeElement === event.target) return; // the window lost the focus, not the box
      isAway = true;
      if (!form.contains(/** @type {Node | null} */ (event.relatedTarget))) close();
    });
    panel.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
    form.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const isInput = event.target === input;
      if (event.key === "Escape") {
        event.preventDefault(); // browsers would empty the box at once
        if (!panel.hidden) {
          input.focus();
          close();
        } else {
          input.value = "";
          giveFocusBack();
        }
      } else if (isInput && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        event.preventDefault();
        if (event.key === "ArrowUp" && event.altKey) close();
        else if (panel.hidden) wish();
        if (!panel.hidden && !event.altKey) chooseNext(event.key === "ArrowDown" ? 1 : -1);
      } else if (isInput && event.key === "Enter") {
        const address = chosen?.href || (event.ctrlKey || event.metaKey ? searchFor(input.value) : "");
        if (!address) return; // the form leads to the search page
        event.preventDefault();
        if (event.ctrlKey || event.metaKey) open(address, "_blank", "noopener");
        else location.assign(address);
      }
    });
  }

  /**
   * @param {string} text
   * @param {() => void} act
   */
  function makeButton(text, act) {
    const button = make("button", "", { type: "button" }, text);
    button.addEventListener("click", act);
    return button;
  }

  /**
   * @template {keyof HTMLElementTagNameMap} Name
   * @param {Name} name
   * @param {string} className
   * @param {Record<string, string>} [attributes]
   * @param {...(Node | string)} content
   */
  function make(name, className, attributes = {}, ...content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }
})();
