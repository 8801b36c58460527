import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

test("the Lunr that the site ships is npm's, byte by byte", () => {
  const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
  assert.equal(read("../../templates/assets/vendor/lunr.min.js"), read("../node_modules/lunr/lunr.min.js"));
});
