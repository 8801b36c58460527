// What every page may do with scripts on: `/` and Ctrl-K lead to the search box.
"use strict";

addEventListener("keydown", (event) => {
  const box = /** @type {HTMLInputElement | null} */ (document.getElementById("find"));
  const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
  const isK = event.key?.toLowerCase() === "k" && event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey;
  if (!box || !(isSlash || isK) || event.defaultPrevented) return;
  const target = /** @type {Element} */ (event.target);
  const fields = "textarea, [contenteditable]" + (isSlash ? ", input:not([type=checkbox], [type=radio]), select" : "");
  if (target.closest(fields)) return;
  event.preventDefault();
  box.focus();
  box.select();
});
