// The search, for every page: hands what is asked to the engine, and its answers back. Over http the engine runs in a
// worker, from a folder on disk (or where no worker starts) on the page. Nothing of it is loaded before it is wanted.
// Must not know what a query means, nor how an answer is shown.
"use strict";

var readingList = globalThis.readingList || {};
globalThis.readingList = readingList;

(function () {
  const PATIENCE = 15000; // milliseconds after which what has not come is taken for lost
  const PAUSE = 60; // milliseconds in which who types on needs no answer: at first, and at the beginning of a word
  const SOON = 100; // milliseconds for which a request waits for the one before: longer means that files are on their way
  const BEGINNING = /(?<![\p{L}\p{N}])[\p{L}\p{N}]{1,3}$/u;
  const { engine = "", worker = "", spelling = "" } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;
  const root = new URL(document.documentElement.dataset.root || "", document.baseURI);
  const inSite = (/** @type {string} */ path) => new URL(path, root).href;
  const script = inSite(engine);
  const folder = inSite("search/");

  /** @type {Promise<Engine> | null} */
  let opening = null;

  /** Start the engine, once; when that fails, the next wish starts it anew. */
  function open() {
    if (!opening) {
      const mine = (opening = start());
      mine.catch(() => opening === mine && (opening = null));
    }
    return opening;
  }

  function start() {
    if (!globalThis.Worker || location.protocol === "file:") return startHere();
    return startWorker().catch((fault) => (fault.name === "Unloaded" ? Promise.reject(fault) : startHere()));
  }

  /** @returns {Promise<Engine>} */
  function startWorker() {
    return new Promise((resolve, reject) => {
      const other = new Worker(inSite(worker));
      const waiting = new Map();
      let last = 0;
      const fail = (/** @type {Error} */ fault) => {
        other.terminate();
        opening = null;
        reject(fault);
        for (const one of waiting.values()) one.reject(makeFault("Unloaded", fault.message));
      };
      const timer = setTimeout(() => fail(makeFault("Unloaded", "the worker did not start")), PATIENCE);
      const call = (/** @type {string} */ name, /** @type {unknown} */ given) =>
        new Promise((resolve, reject) => {
          waiting.set(++last, { resolve, reject });
          other.postMessage({ number: last, name, given });
        });
      other.addEventListener("error", (event) => {
        event.preventDefault();
        clearTimeout(timer);
        fail(new Error(event.message || "the worker could not be started"));
      });
      other.addEventListener("message", ({ data }) => {
        if (data.ready) {
          clearTimeout(timer);
          resolve(/** @type {Engine} */ ({ ask: (given) => call("ask", given), papers: (given) => call("papers", given), list: (given) => call("list", given) }));
          return;
        }
        const { resolve: answer, reject: refuse } = waiting.get(data.number);
        waiting.delete(data.number);
        if (data.fault) refuse(makeFault(data.fault.name, data.fault.message));
        else answer(data.value);
      });
      other.postMessage({ script, spelling: inSite(spelling), folder, patience: PATIENCE });
    });
  }

  /** @returns {Promise<Engine>} */
  async function startHere() {
    readingList.receive = (name, value) => received.set(name, value);
    await loadEngine();
    readingList.loadSpelling = () => insert(inSite(spelling));
    return readingList.engine.openEngine(load, "meta.js");
  }

  /** @type {Map<string, unknown>} */
  const received = new Map();

  /**
   * Load a file of the index: a script that calls readingList.receive. An element loads it from a folder on disk too,
   * where fetch does not.
   * @param {string} name
   * @param {string} file
   */
  async function load(name, file) {
    await insert(folder + file);
    if (!received.has(name)) throw makeFault("Unloaded", `${file} is something else`);
    const value = received.get(name);
    received.delete(name);
    return value;
  }

  let asked = 0;
  let isWarm = false; // something was found already
  /** @type {Promise<unknown>} */
  let answering = Promise.resolve();

  /**
   * Answer a request; null when another came before this one's turn. So of what is typed while an answer is made only the
   * last is looked for.
   * @param {Partial<SearchRequest> & {text: string}} request
   * @param {boolean} isTyped more may be typed
   */
  async function ask(request, isTyped = false) {
    const mine = ++asked;
    if (isTyped && (!isWarm || BEGINNING.test(request.text))) await wait(PAUSE);
    if (mine === asked) await Promise.race([answering, wait(SOON)]);
    if (mine !== asked) return null;
    const found = open().then((engine) => engine.ask(request));
    answering = found.catch(() => {});
    isWarm ||= (await found).results.length > 0;
    return found;
  }

  const wait = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  /** @type {Promise<void> | null} */
  let running = null;

  /** Run the engine's script on the page, once; when that fails, the next wish tries anew. */
  function loadEngine() {
    if (!running) {
      running = insert(script);
      running.catch(() => (running = null));
    }
    return running;
  }

  /**
   * @param {string} address of a script
   * @returns {Promise<void>}
   */
  function insert(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const settle = (/** @type {boolean} */ isLoaded) => {
        clearTimeout(timer);
        script.remove();
        if (isLoaded) resolve();
        else reject(makeFault("Unloaded", `${address} could not be loaded`));
      };
      const timer = setTimeout(settle, PATIENCE, false);
      script.addEventListener("load", () => settle(true));
      script.addEventListener("error", () => settle(false));
      script.src = address;
      document.head.append(script);
    });
  }

  /**
   * @param {string} name
   * @param {string} message
   */
  const makeFault = (name, message) => Object.assign(new Error(message), { name });

  readingList.client = {
    prepare: () => void open().catch(() => {}),
    ask,
    papers: async (numbers) => (await open()).papers(numbers),
    list: async (request) => (await open()).list(request),
    loadEngine,
  };
})();
