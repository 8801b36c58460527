// The search, for every page: hands what is asked to the engine, and its answers back. Over http the engine runs in a
// worker, from a folder on disk (or where no worker starts) on the page. Nothing of it is loaded before it is wanted.
// Must not know what a query means, nor how an answer is shown.
"use strict";

var readingList = globalThis.readingList || {};
globalThis.readingList = readingList;

(function () {
  const PATIENCE = 15000; // milliseconds after which what has not come is taken for lost
  const { engine = "", worker = "" } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;
  const root = new URL(document.documentElement.dataset.root || "", document.baseURI);
  const inSite = (/** @type {string} */ path) => new URL(path, root).href;
  const scripts = engine.split(" ").map(inSite); // in the order in which they want to be run
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
      other.postMessage({ scripts, folder, patience: PATIENCE });
    });
  }

  /** @returns {Promise<Engine>} */
  async function startHere() {
    readingList.receive = (name, value) => received.set(name, value);
    await run(scripts);
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
    await insert(folder + file, true);
    if (!received.has(name)) throw makeFault("Unloaded", `${file} is something else`);
    const value = received.get(name);
    received.delete(name);
    return value;
  }

  /** @type {Map<string, Promise<void>>} */
  const running = new Map();

  /**
   * Run scripts in their order, each once. When one is missing, those after it have not found what they need: all are
   * run again the next time.
   * @param {string[]} addresses
   */
  async function run(addresses) {
    for (const address of addresses) if (!running.has(address)) running.set(address, insert(address, false));
    const all = addresses.map((address) => running.get(address));
    await Promise.all(all).catch((fault) => {
      for (const address of addresses) running.delete(address);
      throw fault;
    });
  }

  /**
   * @param {string} address of a script
   * @param {boolean} async whether it may run before those that were inserted earlier
   * @returns {Promise<void>}
   */
  function insert(address, async) {
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
      script.async = async;
      script.src = address;
      document.head.append(script);
    });
  }

  /**
   * @param {string} name
   * @param {string} message
   */
  const makeFault = (name, message) => Object.assign(new Error(message), { name });

  /**
   * Load scripts of the engine by their plain names, for who needs but them: need("terms", "query").
   * @param {...string} names
   */
  const need = (...names) => run(scripts.filter((address) => names.some((name) => address.includes(`/${name}.`))));

  readingList.client = {
    prepare: () => void open().catch(() => {}),
    ask: async (request) => (await open()).ask(request),
    papers: async (numbers) => (await open()).papers(numbers),
    list: async (request) => (await open()).list(request),
    need,
  };
})();
