// Compares the scripts of a folder with the same ones in another, token by token as TypeScript reads them; only comments
// and the blanks between tokens may differ. Run by tests/test_javascript.py: node tokens.mjs FOLDER OTHER

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import ts from "typescript";

const [folder, other] = process.argv.slice(2);

/** Read a script's tokens, with what a template says between its values. */
function readTokens(file) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const tokens = [];
  const visit = (node) => {
    const parts = node.getChildren(source).filter((part) => !ts.isJSDoc(part));
    if (!parts.length) tokens.push(node.getText(source));
    parts.forEach(visit);
  };
  visit(source);
  return tokens;
}

const names = readdirSync(folder).filter((name) => name.endsWith(".js"));
assert.ok(names.length > 10);
for (const name of names) {
  const [one, two] = [folder, other].map((where) => readTokens(path.join(where, name)));
  assert.ok(one.length > 50, name);
  assert.deepEqual(two, one, name);
}
