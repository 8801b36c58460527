// The search page: the address says what is looked for, the client answers, results.js and panel.js show it.
// In: the address, and what the reader does. Out: the page. It must not know how papers are found.
//
// A deliberate step (a filter, an order, a page, Enter) is one that the back button takes back; letters that are typed
// after one share the next entry of the history among them.
"use strict";

/** @typedef {{text: string, literal: boolean, filters: Filters, sort: "" | Sort, page: number}} State what stands in the address; sort "" is the usual one */

(function () {
  const { noFilters, isActive, hasOperators, replaceOperators } = readingList.narrow;
  const { showResult, showPages, make } = readingList.results;
  const PAGE = 10; // papers shown at a time
  const SLOW = 400; // milliseconds after which it is told that something loads
  const LOADING = "Loading …";
  const SLUG = /^[\p{L}\p{N}_-]{1,80}$/u;
  const element = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
  const form = /** @type {HTMLFormElement} */ (element("search"));
  const box = /** @type {HTMLInputElement} */ (element("find"));
  const filters = /** @type {HTMLDetailsElement} */ (element("filters"));
  const sort = /** @type {HTMLSelectElement} */ (element("sort"));
  const save = /** @type {HTMLDetailsElement} */ (element("save"));
  /** @type {Record<string, HTMLElement>} */
  const part = Object.fromEntries(
    ["status", "correction", "tools", "chips", "start", "none", "results", "partial", "partial-results", "pages", "saved", "in-use"].map((id) => [id, element(id)])
  );
  const title = document.title;
  /** @type {Panel | null} */
  let panel = null; // until filters are open or in use
  /** @type {string[]} */
  let operators = []; // that were typed and are among the filters of the answer
  /** @type {State} */
  let state = readState(location.search);
  let isSettled = location.search !== ""; // whether the back button should lead to this entry once letters are typed
  let turn = 0; // an answer to what was asked in an earlier one comes too late
  let shown = ""; // the address of what is shown
  let slow = 0;
  let hasCounts = false; // whether the present answer tells how many papers each filter leaves

  // ------------------------------------------------------------ the address

  /**
   * Read what stands in an address. What is broken counts as not there.
   * @param {string} query
   * @returns {State}
   */
  function readState(query) {
    const given = new URLSearchParams(query);
    const year = (/** @type {string} */ name) => Number(/^[12]\d{3}$/.exec(given.get(name) || "")?.[0] || 0);
    const slugs = (/** @type {string} */ name) => [...new Set(given.getAll(name).filter((slug) => SLUG.test(slug)))].slice(0, 30);
    const [from, to] = [year("from"), year("to")];
    const tags = slugs("tag");
    const order = given.get("sort");
    return {
      text: given.get("q") || "",
      literal: given.get("literal") === "1",
      filters: {
        tags,
        not: slugs("not").filter((slug) => !tags.includes(slug)),
        from: from && to ? Math.min(from, to) : from,
        to: from && to ? Math.max(from, to) : to,
        organization: (given.get("org") || "").slice(0, 200),
        code: given.get("code") === "1",
        comments: given.get("comments") === "1",
      },
      sort: order === "relevance" || order === "newest" || order === "title" ? order : "",
      page: Number(/^[1-9]\d{0,5}$/.exec(given.get("page") || "")?.[0] || 1),
    };
  }

  /**
   * Write a state as an address from this page, with nothing in it that goes without saying.
   * @param {State} state
   */
  function writeState({ text, literal, filters, sort, page }) {
    const rows = [
      ["q", text.trim()],
      ["literal", literal && "1"],
      ...filters.tags.map((slug) => ["tag", slug]),
      ...filters.not.map((slug) => ["not", slug]),
      ["from", filters.from],
      ["to", filters.to],
      ["org", filters.organization],
      ["code", filters.code && "1"],
      ["comments", filters.comments && "1"],
      ["sort", sort],
      ["page", page > 1 && page],
    ];
    const query = String(new URLSearchParams(rows.flatMap(([name, value]) => (value ? [[String(name), String(value)]] : []))));
    return location.pathname + (query && `?${query}`);
  }

  /** @param {boolean} isNew whether the back button should lead to what was before */
  function writeAddress(isNew) {
    const address = writeState(state);
    if (address === location.pathname + location.search) return;
    try {
      if (isNew) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    } catch {
      // Some browsers keep the address of a page from a folder as it is; the search works all the same.
    }
  }

  /**
   * Take a deliberate step.
   * @param {Partial<State>} change
   */
  function step(change) {
    state = { ...state, ...change };
    box.value = state.text;
    panel?.set(state.filters);
    writeAddress(true);
    isSettled = true;
    return answer();
  }

  // ------------------------------------------------------------ asking

  const hasText = () => state.text.trim() !== "";
  const usesFilters = () => isActive(state.filters) || hasOperators(state.text);
  const usualSort = () => (hasText() ? "relevance" : "newest");

  /** Tell whether there is something to be listed: a query, or the wish to see the whole list. */
  const isAsked = () => hasText() || usesFilters() || filters.open || state.sort !== "" || state.page > 1;

  /** @returns {SearchRequest} */
  function makeRequest() {
    const { text, literal, page } = state;
    const asked = { text, literal, filters: state.filters, first: (page - 1) * PAGE, count: PAGE };
    if (isAsked()) return { ...asked, sort: state.sort || usualSort(), withCounts: filters.open || usesFilters() };
    return { ...asked, sort: "relevance", count: 0, withCounts: false };
  }

  /**
   * Answer what is looked for; tells whether the answer came in time to be shown.
   * @param {boolean} isTyped more may be typed
   */
  async function answer(isTyped = false) {
    const mine = ++turn;
    clearTimeout(slow);
    slow = setTimeout(() => (part.status.textContent = LOADING), SLOW);
    try {
      const request = makeRequest();
      hasCounts = request.withCounts;
      const [found] = await Promise.all([readingList.client.ask(request, isTyped), request.withCounts ? preparePanel() : null]);
      if (mine !== turn || !found) return false;
      clearTimeout(slow);
      const last = Math.max(1, Math.ceil(found.total / PAGE));
      if (state.page > last) {
        state = { ...state, page: last };
        writeAddress(false);
        return answer();
      }
      show(found);
    } catch (fault) {
      if (mine !== turn) return false;
      clearTimeout(slow);
      tellFault(fault);
    }
    return true;
  }

  async function preparePanel() {
    await loadScript(form.dataset.panel || "", () => readingList.panel);
    panel ||= readingList.panel.openPanel(element("panel"), chooseFilters);
  }

  /**
   * Take the filters that the controls show, and those that were typed are among them: so they need not be typed any more.
   * @param {Filters} chosen
   */
  function chooseFilters(chosen) {
    const text = replaceOperators(state.text, (typed) => (operators.includes(typed) ? "" : typed));
    return step({ filters: chosen, text: text === state.text ? text : text.trim().replace(/\s+/g, " "), page: 1 });
  }

  /** @type {Map<string, Promise<void>>} */
  const loading = new Map();

  /**
   * Load a script, once; when it does not come, the next wish asks for it again.
   * @param {string} address
   * @param {() => unknown} isThere
   */
  function loadScript(address, isThere) {
    /** @type {Promise<void>} */
    const load = loading.get(address) || new Promise((resolve, reject) => {
      const script = make("script", { src: address });
      const fail = () => {
        loading.delete(address);
        script.remove();
        reject(new Error(`${address} could not be loaded`));
      };
      script.addEventListener("load", () => (isThere() ? resolve() : fail())); // some servers answer with a page
      script.addEventListener("error", fail);
      document.head.append(script);
    });
    loading.set(address, load);
    return load;
  }

  // ------------------------------------------------------------ showing

  /** @param {Answer} found */
  function show(found) {
    const { total, whole, results, correction, facets, counts } = found;
    const isList = isAsked();
    const first = (state.page - 1) * PAGE;
    const split = hasText() ? Math.min(Math.max(whole - first, 0), results.length) : results.length;
    const query = correction || state.text.trim();
    showResults(part.results, results.slice(0, split), query, 2);
    showResults(part["partial-results"], results.slice(split), query, 3);
    part.partial.hidden = split === results.length;
    part.start.hidden = isList;
    part.none.hidden = !isList || total > 0;
    part.tools.hidden = !total || !isList;
    part.status.textContent = tell(found);
    showCorrection(correction);
    showChips(found.filters, facets);
    showPager(isList ? Math.ceil(total / PAGE) : 0);
    sort.value = state.sort || usualSort();
    sort.options[0].disabled = !hasText();
    operators = found.operators;
    if (facets && counts) panel?.show(found.filters, facets, counts);
    element("done").textContent = `Show ${tellCount(total)}`;
    document.title = (hasText() ? `${state.text.trim()} · ` : "") + title;
    shown = writeState(state);
    element("link").value = new URL(shown, location.href).href;
    part.saved.textContent = "";
  }

  /**
   * @param {HTMLElement} target
   * @param {Result[]} results
   * @param {string} query
   * @param {number} level
   */
  function showResults(target, results, query, level) {
    target.replaceChildren(...results.map((result) => showResult(result, query, level)));
    target.hidden = !results.length;
  }

  const firstLink = () => /** @type {HTMLElement | null} */ (document.querySelector("#finding .card a"));

  /** @param {number} count */
  const tellCount = (count) => `${count.toLocaleString("en")} paper${count === 1 ? "" : "s"}`;

  /** @param {Answer} found */
  function tell(found) {
    const unknown = found.unknown.map((name) => ` There is no tag “${name}”.`);
    return tellResults(found) + unknown.join("");
  }

  /** @param {Answer} found */
  function tellResults({ papers, total, whole, isOpen, correction, said, filters }) {
    if (!isAsked()) return `${tellCount(papers)} to search in.`;
    const narrowed = isActive(filters) ? " with these filters" : "";
    const pages = Math.ceil(total / PAGE);
    const place = pages > 1 ? ` Page ${state.page} of ${pages}.` : "";
    const count = `${tellCount(total)}.${place}`;
    const all = total ? ` ${count}` : "";
    if (said === "no word") return `There is no word in that to search for.${all}`;
    if (said === "common words") return `Those words are in nearly every paper. Add one that tells more.${all}`;
    if (!total) return hasText() && !(narrowed && said) ? `No paper${narrowed} has any of these words.` : `No paper is there${narrowed}.`;
    if (!hasText() || said) return count;
    const some = total - whole;
    if (!whole) return `No paper${narrowed} has all of these words; some of them are in ${tellCount(some)}.${place}`;
    const about = correction ? ` for “${correction}”` : "";
    const others = some ? ` Some of the words are in ${some.toLocaleString("en")} more.` : "";
    return `${isOpen ? "At least " : ""}${tellCount(whole)}${about}.${others}${place}`;
  }

  /** @param {string} correction */
  function showCorrection(correction) {
    part.correction.hidden = !correction;
    if (!correction) return part.correction.replaceChildren();
    const typed = state.text.trim();
    const back = make("a", { href: writeState({ ...state, literal: true, page: 1 }) }, [typed]);
    back.addEventListener("click", (event) => follow(event, { literal: true, page: 1 }, box));
    part.correction.replaceChildren("Showing results for ", make("b", {}, [correction]), ". Search for ", back, " instead.");
  }

  /**
   * Follow a link to another state of this page without loading it anew, unless the reader wants it elsewhere.
   * @param {MouseEvent} event
   * @param {Partial<State>} change
   * @param {HTMLElement} [next] what has the focus then
   */
  async function follow(event, change, next) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    next?.focus();
    return step(change);
  }

  /**
   * @param {Filters} inUse those of the controls, and those that were typed
   * @param {Answer["facets"]} facets
   */
  function showChips(inUse, facets) {
    const chips = isActive(inUse) && panel ? readingList.panel.listChips(inUse, facets) : [];
    const remove = (/** @type {number} */ at, /** @type {Partial<State>} */ change) => {
      step({ ...change, page: 1 }).then(() => {
        /** @type {HTMLElement[]} */
        const left = [...part.chips.querySelectorAll("button")].slice(0, chips.length - 1);
        (left[Math.min(at, left.length - 1)] || box).focus();
      });
    };
    const items = chips.map(({ name, without, untype }, at) => {
      const button = make("button", { type: "button", "aria-label": `Remove the filter ${name}` }, [name, make("span", { "aria-hidden": "true" }, ["×"])]);
      button.addEventListener("click", () => remove(at, { filters: without(state.filters), text: untype(state.text) }));
      return make("li", {}, [button]);
    });
    if (chips.length > 1) {
      const clear = make("button", { type: "button", class: "clear" }, ["Clear all"]);
      const text = chips.reduce((rest, chip) => chip.untype(rest), state.text);
      clear.addEventListener("click", () => remove(0, { filters: noFilters(), text }));
      items.push(make("li", {}, [clear]));
    }
    part.chips.replaceChildren(...items);
    part.chips.hidden = !chips.length;
    part["in-use"].textContent = chips.length ? `${chips.length} in use` : "";
  }

  /** @param {number} pages */
  function showPager(pages) {
    part.pages.hidden = pages < 2;
    part.pages.replaceChildren(...(pages > 1 ? showPages(state.page, pages, (page) => writeState({ ...state, page })) : []));
  }

  /**
   * Tell that something could not be loaded, and offer what may help. Papers that answer another query go.
   * @param {any} fault
   */
  function tellFault(fault) {
    console.error(fault);
    if (writeState(state) !== shown) {
      for (const id of ["results", "partial-results", "pages", "chips"]) part[id].replaceChildren();
      for (const id of ["results", "partial", "pages", "tools", "start", "none", "correction", "chips"]) part[id].hidden = true;
      shown = "";
    }
    const isOther = fault.name === "OtherBuild";
    const button = make("button", { type: "button" }, [isOther ? "Reload the page" : "Try again"]);
    button.addEventListener("click", isOther ? () => location.reload() : retry);
    part.status.replaceChildren(isOther ? "The list has changed since this page was loaded. " : "The search could not be loaded. ", button);
  }

  async function retry() {
    part.status.textContent = LOADING;
    if (await answer()) (part.status.querySelector("button") || firstLink() || box).focus();
  }

  // ------------------------------------------------------------ saving the list

  /**
   * Download all papers of the list, not only those of the page, as a file.
   * @param {string} key of a format
   */
  async function download(key) {
    part.saved.textContent = "Gathering the papers …";
    try {
      const request = { ...makeRequest(), first: 0 };
      const [numbers] = await Promise.all([readingList.client.list(request), loadScript(form.dataset.exports || "", () => readingList.exports)]);
      part.saved.textContent = await readingList.exports.saveList(key, numbers);
    } catch (fault) {
      console.error(fault);
      part.saved.textContent = "The papers could not be loaded. Please try again.";
    }
  }

  async function copyLink() {
    const link = /** @type {HTMLInputElement} */ (element("link"));
    try {
      await navigator.clipboard.writeText(link.value);
      part.saved.textContent = "The link is copied.";
    } catch {
      link.select();
      part.saved.textContent = "The link is selected: press Ctrl-C.";
    }
  }

  // ------------------------------------------------------------ what the reader does

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    step({});
  });
  box.addEventListener("input", () => {
    const wasSettled = isSettled;
    state = { ...state, text: box.value, literal: false, page: 1 };
    writeAddress(wasSettled);
    isSettled = false;
    answer(true);
  });
  sort.addEventListener("change", () => {
    const chosen = /** @type {Sort} */ (sort.value);
    step({ sort: chosen === usualSort() && hasText() ? "" : chosen, page: 1 });
  });
  part.pages.addEventListener("click", async (event) => {
    const link = /** @type {Element} */ (event.target).closest("a");
    if (!link || !(await follow(event, { page: Number(link.dataset.page) }))) return;
    scrollTo({ top: 0 });
    firstLink()?.focus({ preventScroll: true });
  });
  element("start").querySelector("a").addEventListener("click", (/** @type {MouseEvent} */ event) => follow(event, { sort: "newest" }, sort));
  filters.addEventListener("toggle", () => {
    if (filters.open && !hasCounts) answer();
  });
  save.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !save.open) return;
    save.open = false;
    save.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (!save.contains(/** @type {Node} */ (event.target))) save.open = false;
  });
  save.addEventListener("click", (event) => {
    const format = /** @type {HTMLElement} */ (event.target).dataset.format;
    if (format) download(format);
  });
  element("copy").addEventListener("click", copyLink);
  addEventListener("popstate", () => {
    state = readState(location.search);
    isSettled = true;
    box.value = state.text;
    panel?.set(state.filters);
    answer();
  });

  element("done").addEventListener("click", () => {
    filters.open = false;
    (firstLink() || box).focus();
  });

  element("finding").hidden = false;
  box.value = state.text;
  if (!isAsked()) box.focus();
  else if (matchMedia("(min-width: 60.01rem)").matches) filters.open = usesFilters() || !hasText(); // what they need is loaded anyway
  answer();
})();
