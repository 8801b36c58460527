// What the reader chose of the site's looks: light or dark, and how much lists show of a paper. Runs before the page is
// painted, so that nothing flashes or moves; the stylesheet does the rest. Where nothing can be stored, a choice holds
// for the page.
"use strict";

{
  const root = document.documentElement;
  root.dataset.scripts = "";
  for (const name of ["theme", "density"])
    try {
      root.dataset[name] = localStorage[`list-${name}`] || "";
    } catch {
      break;
    }
  addEventListener("change", ({ target }) => {
    const { name, value, form } = /** @type {HTMLSelectElement} */ (target);
    if (form?.dataset.prefers === undefined) return;
    root.dataset[name] = value;
    try {
      localStorage[`list-${name}`] = value;
    } catch {
      // it holds for this page
    }
  });
  addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("form[data-prefers]"))
      for (const choice of /** @type {HTMLFormElement} */ (form).elements) {
        const { name, options } = /** @type {HTMLSelectElement} */ (choice);
        const chosen = root.dataset[name] || "";
        if ([...options].some((option) => option.value === chosen)) /** @type {HTMLSelectElement} */ (choice).value = chosen;
      }
  });
}
