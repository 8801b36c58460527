// The filters of the search page: their controls, and chips for those that are in use. Loaded when first needed.
// In: filters, the list's facets, and counts. Out: what the reader chose. It must not know how papers are found.
"use strict";

/** @typedef {NonNullable<Answer["facets"]>} Named the tags, organizations and years of the list */
/** @typedef {{show: (filters: Filters, named: Named, counts: Counts) => void, set: (filters: Filters) => void}} Panel */
/** @typedef {{name: string, without: (filters: Filters) => Filters, untype: (text: string) => string}} Chip a filter in use: what is left without it, of the filters and of the query's operators */

(function () {
  const { make } = readingList.results;
  const { noFilters, replaceOperators } = readingList.narrow;
  const SHOWN = 12; // tags at first; a field finds the others, and a button shows them all

  /**
   * Open the panel; `change` is told what the reader chose.
   * @param {HTMLFormElement} form
   * @param {(filters: Filters) => void} change
   * @returns {Panel}
   */
  function openPanel(form, change) {
    const part = (/** @type {string} */ name) => /** @type {any} */ (form.querySelector(`[name="${name}"]`));
    const list = /** @type {HTMLElement} */ (form.querySelector("ul"));
    const all = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
    const nothing = /** @type {HTMLElement} */ (form.querySelector(".nothing"));
    const find = /** @type {HTMLInputElement} */ (part("find"));
    /** @type {Map<string, {item: HTMLElement, box: HTMLInputElement, without: HTMLElement, count: HTMLElement, name: string}>} */
    const rows = new Map();
    let chosen = noFilters();
    let isWhole = false;

    /** @param {Partial<Filters>} some */
    function choose(some) {
      chosen = { ...chosen, ...some };
      set(chosen);
      change(chosen);
    }

    /**
     * @param {string} slug
     * @param {"tags" | "not" | ""} side where the tag belongs now
     */
    function chooseTag(slug, side) {
      const others = (/** @type {string[]} */ slugs) => slugs.filter((other) => other !== slug);
      const both = { tags: others(chosen.tags), not: others(chosen.not) };
      if (side) both[side].push(slug);
      choose(both);
    }

    /**
     * @param {string} slug
     * @param {string} name
     */
    function addRow(slug, name) {
      const box = /** @type {HTMLInputElement} */ (make("input", { type: "checkbox", value: slug }));
      const count = make("span", { class: "count" });
      const without = make("button", { type: "button", "aria-pressed": "false", "aria-label": `not ${name}`, title: "Leave these papers out" }, ["not"]);
      const item = make("li", {}, [make("label", {}, [box, make("span", {}, [name]), " ", count]), without]);
      box.addEventListener("change", () => chooseTag(slug, box.checked ? "tags" : ""));
      without.addEventListener("click", () => chooseTag(slug, chosen.not.includes(slug) ? "" : "not"));
      rows.set(slug, { item, box, without, count, name });
    }

    /**
     * Show the tags that are most used among the results first, unless the reader is just choosing among them.
     * @param {Named} named
     * @param {Counts} counts
     */
    function showTags(named, counts) {
      for (const [slug, name] of named.tags) if (!rows.has(slug)) addRow(slug, name);
      for (const slug of [...chosen.tags, ...chosen.not]) if (!rows.has(slug)) addRow(slug, slug);
      for (const [slug, { item, count }] of rows) {
        const papers = counts.tags[slug] || 0;
        count.textContent = chosen.not.includes(slug) ? "" : String(papers);
        item.classList.toggle("none", !papers);
      }
      if (!list.contains(document.activeElement)) {
        const weigh = (/** @type {string} */ slug) => (isChosen(slug) ? Infinity : counts.tags[slug] || 0);
        const order = [...rows].sort(([a, one], [b, other]) => (weigh(b) > weigh(a) ? 1 : weigh(b) < weigh(a) ? -1 : one.name < other.name ? -1 : 1));
        list.replaceChildren(...order.map(([, row]) => row.item));
      }
      narrow();
    }

    /** @param {string} slug */
    const isChosen = (slug) => chosen.tags.includes(slug) || chosen.not.includes(slug);

    /** Show the tags that the field asks for; without a word in it the most used ones, or all. */
    function narrow() {
      const wanted = fold(find.value.trim());
      let shown = 0;
      let left = 0;
      for (const item of list.children) {
        const [slug, row] = /** @type {[string, {name: string}]} */ ([...rows].find(([, one]) => one.item === item));
        const isMeant = !wanted || fold(`${row.name} ${slug}`).includes(wanted);
        const isUsed = wanted !== "" || !item.classList.contains("none");
        const isShown = isMeant && (isWhole || isChosen(slug) || (isUsed && shown < SHOWN));
        /** @type {HTMLElement} */ (item).hidden = !isShown;
        if (isShown) shown++;
        else if (isMeant) left++;
      }
      list.classList.toggle("whole", isWhole);
      nothing.hidden = shown > 0 || left > 0;
      all.hidden = !left && !isWhole;
      all.textContent = isWhole ? "Show fewer" : `Show ${left} more`;
      all.setAttribute("aria-expanded", String(isWhole));
    }

    /**
     * @param {Filters} filters
     * @param {Named} named
     * @param {Counts} counts
     */
    function show(filters, named, counts) {
      chosen = filters;
      showTags(named, counts);
      const years = [...named.years].filter(Boolean).sort((a, b) => b - a);
      for (const name of /** @type {const} */ (["from", "to"])) {
        const known = filters[name] && !years.includes(filters[name]) ? [...years, filters[name]].sort((a, b) => b - a) : years;
        setOptions(part(name), [["0", name === "from" ? "First" : "Last"], ...known.map((year) => option(String(year), String(year), counts.years[year]))]);
      }
      const isKnown = !filters.organization || named.organizations.some(([handle]) => handle === filters.organization);
      /** @type {[string, string][]} */
      const organizations = isKnown ? named.organizations : [...named.organizations, [filters.organization, filters.organization]];
      setOptions(part("organization"), [["", "Any"], ...organizations.map(([handle, name]) => option(handle, name, counts.organizations[handle]))]);
      for (const name of /** @type {const} */ (["code", "comments"])) {
        part(name).closest("label").querySelector(".count").textContent = String(counts[name]);
      }
      set(filters);
    }

    /** @param {Filters} filters */
    function set(filters) {
      chosen = filters;
      for (const [slug, { item, box, without }] of rows) {
        box.checked = filters.tags.includes(slug);
        without.setAttribute("aria-pressed", String(filters.not.includes(slug)));
        item.classList.toggle("not", filters.not.includes(slug));
      }
      part("from").value = String(filters.from);
      part("to").value = String(filters.to);
      part("organization").value = filters.organization;
      part("code").checked = filters.code;
      part("comments").checked = filters.comments;
    }

    form.addEventListener("submit", (event) => event.preventDefault());
    find.addEventListener("input", narrow);
    all.addEventListener("click", () => {
      isWhole = !isWhole;
      narrow();
    });
    for (const name of /** @type {const} */ (["from", "to"])) {
      part(name).addEventListener("change", () => {
        const year = Number(part(name).value);
        // Who moves one end past the other moves both.
        const crosses = year && (name === "from" ? chosen.to && chosen.to < year : chosen.from > year);
        choose(crosses ? { from: year, to: year } : { [name]: year });
      });
    }
    part("organization").addEventListener("change", () => choose({ organization: part("organization").value }));
    for (const name of ["code", "comments"]) part(name).addEventListener("change", () => choose({ [name]: part(name).checked }));
    return { show, set };
  }

  /** @param {string} text */
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  /**
   * @param {string} value
   * @param {string} name
   * @param {number} [count]
   * @returns {[string, string]}
   */
  const option = (value, name, count = 0) => [value, `${name} (${count})`];

  /**
   * Give a list its options; those that stay are only told their new texts, so that an open list does not close.
   * @param {HTMLSelectElement} select
   * @param {[value: string, text: string][]} options
   */
  function setOptions(select, options) {
    const same = select.options.length === options.length && options.every(([value], place) => select.options[place].value === value);
    if (same) options.forEach(([, text], place) => (select.options[place].text = text));
    else select.replaceChildren(...options.map(([value, text]) => make("option", { value }, [text])));
  }

  /**
   * List the filters in use.
   * @param {Filters} filters
   * @param {Named | null} named
   * @returns {Chip[]}
   */
  function listChips({ tags, not, from, to, organization, code, comments }, named) {
    const nameOf = (/** @type {[string, string][] | undefined} */ rows, /** @type {string} */ key) => rows?.find(([other]) => other === key)?.[1] || key;
    const chip = (/** @type {string} */ name, /** @type {Partial<Filters>} */ less, untype = (/** @type {string} */ text) => text) => ({
      name,
      without: (/** @type {Filters} */ filters) => ({ ...filters, ...less }),
      untype,
    });
    const years = from && to ? (from === to ? String(from) : `${from} to ${to}`) : from ? `since ${from}` : `until ${to}`;
    const chipOfTag = (/** @type {"tags" | "not"} */ side, /** @type {string} */ slug) => {
      const name = nameOf(named?.tags, slug);
      return {
        name: side === "not" ? `not ${name}` : name,
        without: (/** @type {Filters} */ filters) => ({ ...filters, [side]: filters[side].filter((other) => other !== slug) }),
        untype: (/** @type {string} */ text) => dropOperators(text, side === "not" ? "-tag" : "tag", (value) => [bare(slug), bare(name)].includes(bare(value))),
      };
    };
    return [
      ...tags.map((slug) => chipOfTag("tags", slug)),
      ...not.map((slug) => chipOfTag("not", slug)),
      ...(from || to ? [chip(years, { from: 0, to: 0 }, (text) => dropOperators(text, "year", () => true))] : []),
      ...(organization ? [chip(nameOf(named?.organizations, organization), { organization: "" })] : []),
      ...(code ? [chip("has code", { code: false })] : []),
      ...(comments ? [chip("has comments", { comments: false })] : []),
    ];
  }

  /**
   * Take operators (`tag:robotics`) out of a query.
   * @param {string} text
   * @param {string} kind
   * @param {(value: string) => boolean} isMeant
   */
  function dropOperators(text, kind, isMeant) {
    const rest = replaceOperators(text, (typed, found, value) => (found === kind && isMeant(value) ? "" : typed));
    return rest === text ? text : rest.trim().replace(/\s+/g, " ");
  }

  /** @param {string} text */
  const bare = (text) => fold(text).replace(/[\s_-]+/g, " ").trim();

  readingList.panel = { openPanel, listChips };
})();
