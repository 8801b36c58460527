// The worker's side of client.js: runs the engine beside the page. In: first where its script and the index lie, then
// calls with a number; out: the answer to each, or its fault, under that number. Must not know what is asked.
"use strict";

(function () {
  /** @type {Engine} */
  let engine;
  let folder = "";
  let patience = 0;

  addEventListener("message", ({ data }) => {
    if (data.script) begin(data);
    else answer(data);
  });

  /** @param {{script: string, spelling: string, folder: string, patience: number}} given */
  function begin(given) {
    ({ folder, patience } = given);
    importScripts(given.script);
    readingList.loadSpelling = () => importScripts(given.spelling);
    engine = readingList.engine.openEngine(load, "meta.js");
    postMessage({ ready: true });
  }

  /** @param {{number: number, name: "ask" | "papers" | "list", given: any}} call */
  async function answer({ number, name, given }) {
    try {
      postMessage({ number, value: await engine[name](given) });
    } catch (fault) {
      const { name, message } = /** @type {Error} */ (fault);
      postMessage({ number, fault: { name, message } });
    }
  }

  /**
   * Read a file of the index. It is a script that hands over a value, for pages; here it is read and not run, so that
   * many can be on their way at once. The first has the same name in every build, so what a cache has of it is not enough.
   * @param {string} name
   * @param {string} file
   */
  async function load(name, file) {
    try {
      const signal = AbortSignal.timeout(patience);
      const found = await fetch(folder + file, { signal, cache: name === "meta" ? "no-cache" : "default" });
      const text = await found.text();
      const opening = `readingList.receive("${name}",`;
      if (!found.ok || !text.startsWith(opening)) throw new Error(`${file} is something else`);
      return JSON.parse(text.slice(opening.length, text.lastIndexOf(")")));
    } catch (fault) {
      throw Object.assign(new Error(/** @type {Error} */ (fault).message), { name: "Unloaded" });
    }
  }
})();
