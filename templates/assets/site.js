// What every page may do with scripts on: `/` and Ctrl-K lead to the search box, and a button copies a text.
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

for (const button of document.querySelectorAll("button[data-copies]")) {
  const copy = /** @type {HTMLButtonElement} */ (button);
  const source = document.getElementById(copy.dataset.copies || "");
  if (!source) continue;
  const label = copy.textContent || "";
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    copy.textContent = (await copyText(source)) ? "Copied" : "Selected: press Ctrl-C";
    setTimeout(() => (copy.textContent = label), 2500);
  });
}

/**
 * Copy an element's text; where the browser does not allow it (from a folder, say), select it instead.
 * @param {Element} source
 * @returns {Promise<boolean>} whether it was copied
 */
async function copyText(source) {
  try {
    await navigator.clipboard.writeText(source.textContent || "");
    return true;
  } catch {
    const selection = getSelection();
    selection?.selectAllChildren(source);
    return false;
  }
}
