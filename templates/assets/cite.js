// On a paper's page: copies its citation in a format, or hands it over as a file. The formats are those of exports.js, which
// is loaded when one is asked for; what they need of the paper, the page says. Must not know how a format is written.
"use strict";

(function () {
  const SHOWN = 2500; // milliseconds for which a button says what it did
  const article = /** @type {HTMLElement} */ (document.querySelector(".paper"));
  const citation = /** @type {HTMLElement} */ (document.getElementById("citation"));
  const bibtex = citation.textContent || "";
  const list = /** @type {HTMLElement} */ (document.querySelector(".cite-as"));
  /** @type {Promise<ReadingList["exports"]> | null} */
  let opening = null;

  list.addEventListener("click", async ({ target }) => {
    const button = /** @type {Element} */ (target).closest("button");
    if (!button) return;
    const { copies, saves } = button.dataset;
    const key = copies || saves || "";
    try {
      const { formats, hand } = await open();
      const text = key === "bibtex" ? bibtex : formats[key].write([readPaper()], "");
      if (saves) hand(article.dataset.slug || "", formats[key], text);
      tell(button, saves ? "saved" : (await copy(text)) ? "copied" : "selected, press Ctrl-C");
    } catch (fault) {
      console.error(fault);
      tell(button, "could not be loaded, try again");
    }
  });

  /** @returns {Promise<ReadingList["exports"]>} */
  function open() {
    opening ||= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = list.dataset.exports || "";
      script.onload = () => resolve(readingList.exports);
      script.onerror = () => reject(new Error(`${script.src} could not be loaded`));
      document.head.append(script);
    });
    opening.catch(() => (opening = null));
    return opening;
  }

  /** @returns {Paper} */
  function readPaper() {
    const { slug = "", date = "", guessed, url } = article.dataset;
    const said = JSON.parse(document.querySelector("script[type='application/ld+json']")?.textContent || "{}");
    const meta = (/** @type {string} */ name) => /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta[name=${name}]`))?.content;
    /** @type {[slug: string, name: string][]} */
    const tags = [...article.querySelectorAll(".tags a")].map((tag) => ["", tag.textContent || ""]);
    const authors = (said.author || []).map((/** @type {{name: string}} */ author) => author.name);
    return ["", slug, said.headline, date, guessed !== undefined, tags, said.abstract || "", { authors, links: url ? [["paper", url]] : [], arxiv: meta("citation_arxiv_id"), doi: meta("citation_doi") }];
  }

  /**
   * Copy a text; where the browser does not allow it (from a folder, say), show and select it instead.
   * @param {string} text
   * @returns {Promise<boolean>} whether it was copied
   */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      citation.textContent = text;
      getSelection()?.selectAllChildren(citation);
      return false;
    }
  }

  /**
   * @param {Element} button
   * @param {string} said
   */
  function tell(button, said) {
    const status = /** @type {HTMLElement} */ (document.getElementById("cited"));
    const line = `${button.closest("li")?.firstChild?.textContent?.trim()}: ${said}.`;
    status.textContent = line;
    setTimeout(() => status.textContent === line && (status.textContent = ""), SHOWN);
  }
})();
