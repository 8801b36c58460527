import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

test("the Lunr that the site ships is npm's, byte by byte, and says whose it is", () => {
  const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
  const shipped = read("../../templates/assets/vendor/lunr.min.js");
  assert.equal(shipped, read("../node_modules/lunr/lunr.min.js"));
  assert.match(shipped.slice(0, 200), /2\.3\.9[^]*Oliver Nightingale[^]*MIT/);
});
