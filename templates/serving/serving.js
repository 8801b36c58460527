/* Keeps a page up to date while `site-builder serve` runs; no published page has it. It loads the page anew when what it
   shows has changed, shows faults of the content on top of it, marks drafts, leads to the file to edit, and says when the
   server has ended.
   All text comes from files that may be broken or hostile: it is set as text, never as markup. */

"use strict";

{
  /** @typedef {{ severity: string, place: string, address: string, message: string, hint: string, lines: [number, string[], boolean][] }} Fault */
  /** @typedef {{ mark: string | null, root: string, held: boolean, standing: string[], styles: string[], drafts: string[], faults: Fault[], more: number, errors: string[] }} State */
  /** @typedef {{ here: string, x: number, y: number, open: boolean[], focus: number, value: string | null, from: number | null, to: number | null }} Place */

  const given = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;
  const { root = "/", path = "", mark = "", source = "", edit = "" } = given;
  const EVENTS = `/.site-builder/events?path=${encodeURIComponent(path)}`;
  const PLACE = "site-builder place";
  const FOLDED = "site-builder folded";
  const LOST = 2000; // milliseconds without the server after which it is said that it has ended
  const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
  const here = () => location.pathname + location.search;

  /**
   * Make an element that shows a text.
   * @template {keyof HTMLElementTagNameMap} Name
   * @param {Name} name
   * @param {Record<string, string>} [attributes]
   * @param {...(Node | string)} content
   */
  const make = (name, attributes = {}, ...content) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...content);
    return element;
  };

  // ---------------------------------------------------------------- the reader's place

  const focusable = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(FOCUSABLE)].filter((one) => !one.closest("#site-builder")));

  const reload = () => {
    const focused = document.activeElement;
    const field = focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement ? focused : null;
    const isText = field !== null && (field instanceof HTMLTextAreaElement || /^(search|text|url)$/.test(field.type));
    /** @type {Place} */
    const place = {
      here: here(),
      x: scrollX,
      y: scrollY,
      open: [...document.querySelectorAll("details")].map((one) => one.open),
      focus: focusable().findIndex((one) => one === focused),
      value: isText ? field.value : null,
      from: isText ? field.selectionStart : null,
      to: isText ? field.selectionEnd : null,
    };
    sessionStorage.setItem(PLACE, JSON.stringify(place));
    history.scrollRestoration = "manual";
    location.reload();
  };

  const comeBack = () => {
    const kept = sessionStorage.getItem(PLACE);
    sessionStorage.removeItem(PLACE);
    if (!kept) return;
    /** @type {Place} */
    const place = JSON.parse(kept);
    if (place.here !== here()) return;
    document.querySelectorAll("details").forEach((one, index) => {
      one.open = place.open[index] ?? one.open;
    });
    const focused = focusable()[place.focus];
    focused?.focus({ preventScroll: true });
    if (place.value !== null && (focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement)) {
      focused.value = place.value;
      focused.setSelectionRange(place.from, place.to);
    }
    // What scripts show may come later, and make the page long enough; a hand on the page comes first.
    const done = new AbortController();
    const scroll = () => {
      scrollTo({ left: place.x, top: place.y, behavior: "instant" });
      if (Math.abs(scrollY - place.y) < 1 && document.readyState === "complete") done.abort();
    };
    const grows = new ResizeObserver(scroll);
    done.signal.addEventListener("abort", () => {
      grows.disconnect();
      history.scrollRestoration = "auto";
    });
    for (const hand of ["wheel", "touchstart", "keydown", "pointerdown"]) {
      addEventListener(hand, () => done.abort(), { signal: done.signal, passive: true });
    }
    addEventListener("load", scroll, { signal: done.signal });
    scroll();
    grows.observe(document.documentElement);
  };

  // ---------------------------------------------------------------- drafts, and the file to edit

  /** @type {Set<string>} */
  let drafts = new Set();

  const markDrafts = () => {
    for (const link of document.querySelectorAll("a[href]")) {
      const { pathname, origin } = /** @type {HTMLAnchorElement} */ (link);
      const isDraft = origin === location.origin && pathname.startsWith(root) && drafts.has(pathname.slice(root.length));
      if (isDraft !== link.hasAttribute("data-draft")) link.toggleAttribute("data-draft", isDraft);
    }
    document.querySelector("h1")?.toggleAttribute("data-draft", drafts.has(path));
  };

  const offerToEdit = () => {
    if (!source) return;
    const line = document.querySelector(".edit") ?? make("p", { class: "edit" });
    if (edit) {
      line.replaceChildren(make("a", { href: edit }, "Edit this entry"));
    } else {
      const copy = make("button", { type: "button" }, "Copy");
      copy.addEventListener("click", async () => {
        await navigator.clipboard.writeText(source);
        copy.textContent = "Copied";
      });
      line.replaceChildren("Edit this entry: ", make("code", { class: "site-builder-source" }, source), " ", copy);
    }
    if (!line.isConnected) (document.querySelector("main article > aside") ?? document.querySelector("main") ?? document.body).append(line);
  };

  // ---------------------------------------------------------------- faults

  const title = make("p", { id: "site-builder-title", role: "alert" });
  const fold = make("button", { type: "button", "aria-controls": "site-builder-faults" });
  const list = make("div", { id: "site-builder-faults", role: "group", "aria-label": "Faults", tabindex: "0" });
  const header = make("header", { hidden: "" }, title, fold);
  const ended = make("p", { id: "site-builder-ended", role: "status" });
  const panel = make("section", { id: "site-builder", "aria-label": "site-builder serve", hidden: "" }, ended, header, list);

  /** @type {string[]} */
  let errors = [];

  /** The errors that were there when the panel was folded; null when no hand has been on it. */
  const foldedAt = () => /** @type {string[] | "open" | null} */ (JSON.parse(sessionStorage.getItem(FOLDED) ?? "null"));

  /** @param {boolean} isFolded */
  const setFolded = (isFolded) => {
    list.hidden = isFolded;
    fold.setAttribute("aria-expanded", String(!isFolded));
    fold.textContent = isFolded ? "Show" : "Hide";
  };

  /** @param {boolean} isFolded */
  const keepFolded = (isFolded) => {
    setFolded(isFolded);
    sessionStorage.setItem(FOLDED, JSON.stringify(isFolded ? errors : "open"));
  };

  /** Fold the panel as it was, unless there is an error that was not there then; warnings alone are told quietly. */
  const foldAgain = () => {
    const before = foldedAt();
    if (before === "open") {
      setFolded(false);
      return;
    }
    const known = errors.filter((error) => before?.includes(error));
    setFolded(known.length === errors.length);
    if (before && known.length < before.length) sessionStorage.setItem(FOLDED, JSON.stringify(known)); // one that comes back is new
  };

  /**
   * Show a text in which backticks mark code.
   * @param {string} text
   */
  const withCode = (text) => text.split(/`([^`]+)`/).map((part, index) => (index % 2 ? make("code", {}, part) : part));

  /** @param {string[]} parts */
  const withWord = ([before = "", word = "", after = ""]) => (word ? [before, make("u", {}, word), after] : [before + after]);

  /** @param {Fault} fault */
  const showFault = (fault) => {
    const place = fault.address ? make("a", { href: fault.address }, fault.place) : make("code", {}, fault.place);
    const item = make("article", { "data-severity": fault.severity }, make("p", { class: "place" }, place), make("p", { class: "message" }, ...withCode(fault.message)));
    if (fault.lines.length) {
      const lines = fault.lines.map(([number, parts, isFaulty]) =>
        make(isFaulty ? "mark" : "span", {}, make("span", { class: "number" }, `${isFaulty ? "> " : "  "}${number}`.padStart(6)), " ", ...withWord(parts), "\n"),
      );
      item.append(make("pre", {}, ...lines));
    }
    if (fault.hint) item.append(make("p", { class: "hint" }, ...withCode(fault.hint)));
    return item;
  };

  /**
   * Say in a line what there is to say; nothing when all is well.
   * @param {State} state
   * @param {boolean} isGone
   */
  const summarize = (state, isGone) => {
    if (isGone) return "This page is gone";
    const errors = state.faults.filter((fault) => fault.severity === "error").length + state.more;
    const warnings = state.faults.length + state.more - errors;
    const parts = [
      errors ? `${errors} fault${errors === 1 ? "" : "s"}` : "",
      warnings ? `${warnings} warning${warnings === 1 ? "" : "s"}` : "",
    ].filter(Boolean);
    const kept = state.standing.length === 1 ? "the faulty file is shown as it was before" : "the faulty files are shown as they were before";
    return parts.join(", ") + (state.held ? ": the site is as it was before" : state.standing.length ? `: ${kept}` : "");
  };

  /** @param {State} state */
  const show = (state) => {
    const isGone = state.mark === "" && mark !== "";
    const said = summarize(state, isGone);
    header.hidden = !said;
    if (title.textContent !== said) title.textContent = said; // else it would be read out again
    panel.dataset.severity = isGone || state.faults.some((fault) => fault.severity === "error") ? "error" : "warning";
    list.replaceChildren(...state.faults.map(showFault));
    if (isGone) {
      const home = make("a", { href: root }, "Go to the home page");
      const why = "What it was made of was removed, renamed, or is no longer in the list. Bring it back, and this page goes on by itself.";
      list.prepend(make("article", {}, make("p", { class: "message" }, why), make("p", {}, home)));
    }
    if (state.more) list.append(make("p", { class: "hint" }, `${state.more} more: the terminal tells all.`));
    errors = isGone ? ["gone", ...state.errors] : state.errors;
    foldAgain();
    if (!said) list.hidden = true;
    settle();
  };

  /** Show the panel when it has something to say, and leave room for it beneath the page. */
  const settle = () => {
    panel.hidden = header.hidden && !ended.textContent;
    document.documentElement.style.paddingBlockEnd = panel.hidden ? "" : `${Math.ceil(panel.getBoundingClientRect().height)}px`;
  };

  /** @param {boolean} hasEnded */
  const sayEnded = (hasEnded) => {
    const said = hasEnded ? "site-builder serve has ended; this page follows again when it is back" : "";
    if (ended.textContent !== said) ended.textContent = said;
    settle();
  };

  // ---------------------------------------------------------------- what is new

  /** @param {string[]} styles */
  const swapStyles = (styles) => {
    const known = new Map(styles.map((style) => [style.replace(/\.\w+\.css$/, ""), new URL(root + style, location.origin).href]));
    for (const link of /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll('link[rel="stylesheet"]'))) {
      const name = new URL(link.href).pathname.slice(root.length).replace(/\.\w+\.css$/, "");
      const now = known.get(name);
      if (!now || now === link.href) continue;
      const next = make("link", { rel: "stylesheet", href: now });
      next.addEventListener("load", () => link.remove());
      link.after(next);
    }
  };

  /** @param {MessageEvent<string>} event */
  const receive = (event) => {
    /** @type {State} */
    const state = JSON.parse(event.data);
    if (state.root !== root && location.pathname.startsWith(root)) {
      location.replace(state.root + location.pathname.slice(root.length) + location.search + location.hash);
      return;
    }
    if (state.mark && state.mark !== mark) {
      reload();
      return;
    }
    drafts = new Set(state.drafts);
    markDrafts();
    swapStyles(state.styles);
    show(state);
  };

  /** @type {EventSource | null} */
  let events = null;
  let patience = 0;

  const wait = () => {
    patience ||= setTimeout(sayEnded, LOST, true);
  };
  const waitNoMore = () => {
    clearTimeout(patience);
    patience = 0;
  };

  // A browser keeps six connections to a server: a page that nobody sees leaves them to others.
  const listen = () => {
    if (document.visibilityState === "visible" && !events) {
      events = new EventSource(EVENTS);
      events.addEventListener("message", receive);
      events.addEventListener("error", wait);
      events.addEventListener("open", () => {
        waitNoMore();
        sayEnded(false);
      });
    } else if (document.visibilityState !== "visible") {
      leave();
    }
  };
  const leave = () => {
    waitNoMore();
    events?.close();
    events = null;
  };

  document.body.append(panel);
  new ResizeObserver(settle).observe(panel);
  fold.addEventListener("click", () => keepFolded(!list.hidden));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !header.hidden && !list.hidden) keepFolded(true);
  });
  new MutationObserver(markDrafts).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
  offerToEdit();
  comeBack();
  listen();
}
