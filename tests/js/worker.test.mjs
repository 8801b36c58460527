import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const SOURCE = readFileSync(new URL("../../templates/assets/worker.js", import.meta.url), "utf8");
const HANGS = "never comes";
const FOLDER = "https://site/search/";

/**
 * Run worker.js with an engine whose `ask` loads the file it is asked for, and with these files behind fetch.
 * @param {Record<string, string>} files
 */
function startWorker(files) {
  const posted = [];
  const asked = [];
  const run = [];
  let hear = (_message) => {};
  const scope = vm.createContext({
    AbortSignal,
    addEventListener: (_kind, listener) => (hear = listener),
    postMessage: (message) => posted.push(structuredClone(message)),
    importScripts(...addresses) {
      run.push(...addresses);
      const refuse = () => Promise.reject(Object.assign(new Error("changed"), { name: "OtherBuild" }));
      scope.readingList = { engine: { openEngine: (load) => ({ ask: ([name, file]) => load(name, file), list: refuse }) } };
    },
    async fetch(address, options) {
      asked.push([address, options.cache]);
      const text = files[address.slice(FOLDER.length)];
      if (text === HANGS) await new Promise((_, reject) => options.signal.addEventListener("abort", () => reject(options.signal.reason)));
      return { ok: text !== undefined, text: async () => text || "<!doctype html>" };
    },
  });
  vm.runInContext(SOURCE, scope);
  hear({ data: { script: "engine.js", folder: FOLDER, patience: 50 } });
  const ask = async (number, name, given) => {
    hear({ data: { number, name, given } });
    while (!posted.some((message) => message.number === number)) await new Promise(setImmediate);
    return posted.find((message) => message.number === number);
  };
  return { ask, posted, asked, run };
}

test("the worker says that it is ready when the script has run", () => {
  const { posted, run } = startWorker({});
  assert.deepEqual(run, ["engine.js"]);
  assert.deepEqual(posted, [{ ready: true }]);
});

test("a file is read and not run, whatever stands in it", async () => {
  const value = { a: ["</script>", ")", '");', "\u2028", "𝒪"] };
  const { ask } = startWorker({ "t/1.js": `readingList.receive("t/1",${JSON.stringify(value)});\n` });
  assert.deepEqual(await ask(1, "ask", ["t/1", "t/1.js"]), { number: 1, value });
});

test("only the first file of the index is asked for anew", async () => {
  const files = { "meta.js?1": 'readingList.receive("meta",{});\n', "t/1.js": 'readingList.receive("t/1",1);\n' };
  const { ask, asked } = startWorker(files);
  await ask(1, "ask", ["meta", "meta.js?1"]);
  await ask(2, "ask", ["t/1", "t/1.js"]);
  assert.deepEqual(asked, [[`${FOLDER}meta.js?1`, "no-cache"], [`${FOLDER}t/1.js`, "default"]]);
});

for (const [what, text] of Object.entries({
  "is missing": undefined,
  "never comes": HANGS,
  "is a page": "<!doctype html>",
  "hands over another name": 'readingList.receive("t/2",1);\n',
  "is cut off": 'readingList.receive("t/1",[1,',
  "is a script of another kind": "alert(1)",
})) {
  test(`a file that ${what} is not loaded`, async () => {
    const { ask } = startWorker({ "t/1.js": text });
    const { fault } = await ask(1, "ask", ["t/1", "t/1.js"]);
    assert.equal(fault.name, "Unloaded");
  });
}

test("faults come back with their names, each to its call", async () => {
  const { ask } = startWorker({ "t/1.js": 'readingList.receive("t/1",1);\n' });
  const [first, second] = await Promise.all([ask(7, "list", {}), ask(8, "ask", ["t/1", "t/1.js"])]);
  assert.deepEqual(first, { number: 7, fault: { name: "OtherBuild", message: "changed" } });
  assert.deepEqual(second, { number: 8, value: 1 });
});
