// An index in pieces as site_builder/search writes it, and one whole index by Lunr itself, of the same lists of terms.

export const FIELDS = ["title", "tags", "people", "abstract"];
const BOOSTS = [6, 2, 2, 1];
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * @typedef {{number: number, title: string[], tags: string[], people: string[], abstract: string[]}} Terms
 */

/**
 * Write the files of an index: each one's value, by its address.
 * @param {Terms[]} papers in the order of their numbers
 * @param {number} size how many terms a piece has
 */
export function writeFiles(papers, size = 5) {
  const terms = [...new Set(papers.flatMap((paper) => FIELDS.flatMap((field) => paper[field])))].sort();
  const lengths = FIELDS.map((field) => papers.map((paper) => paper[field].length));
  const files = new Map();
  const pieces = [];
  for (let start = 0; start < terms.length; start += size) {
    const piece = terms.slice(start, start + size);
    pieces.push(piece[0], `piece${start}`);
    files.set(`t/piece${start}.js`, `${piece.join(" ")}\n${piece.map((term) => writePostings(papers, term)).join(" ")}`);
  }
  const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);
  files.set("meta.js", {
    papers: papers.length,
    average: lengths.map((column) => sum(column) / papers.length),
    boosts: BOOSTS,
    pieces: pieces.join(" "),
    lengths: "2",
    terms: "3",
    facets: "4",
  });
  const gaps = papers.map(({ number }, place) => number - (place ? papers[place - 1].number : -1) - 1);
  const letters = papers.map(({ number }) => DIGITS[number % 64]);
  const low = lengths[3].map((length) => DIGITS[length % 64]);
  const high = lengths[3].map((length) => writeNumber(Math.floor(length / 64)));
  files.set("lengths.2.js", [gaps.map(writeNumber), low, high, letters].map((column) => column.join("")));
  files.set("terms.3.js", terms.join(" "));
  files.set("facets.4.js", writeFacets(papers));
  for (const [place, { number }] of papers.entries()) {
    const check = `${letters[place]}.${lengths[3][place]}`;
    files.set(`d/${number}.js`, [check, `slug-${number}`, `Title ${number}`, "", false, [], "Abstract.", {}]);
  }
  return files;
}

/**
 * Write facets of papers that may have, beside their terms, `facets`: what readFacets is to give of them, with the
 * slugs of their tags, the handle of their organization, and their day as ISO text. They stand in the order of titles.
 * @param {(Terms & {facets?: {tags?: string[], organization?: string, day?: string, code?: boolean, comments?: boolean}})[]} papers
 */
function writeFacets(papers) {
  const facets = papers.map((paper) => paper.facets || {});
  const list = (isIn) => {
    const places = [...facets.keys()].filter((place) => isIn(facets[place]));
    return places.map((place, at) => writeNumber(place - (at ? places[at - 1] : -1) - 1)).join("");
  };
  const tags = [...new Set(facets.flatMap((one) => one.tags || []))].sort();
  const handles = [...new Set(facets.flatMap((one) => one.organization || []))].sort();
  const first = facets.flatMap((one) => one.day || []).sort()[0] || "1970-01-01";
  const countDays = (day) => (day ? (Date.parse(day) - Date.parse(first)) / 86_400_000 + 1 : 0);
  return {
    tags: tags.map((slug) => [slug, `Tag ${slug}`, list((one) => one.tags?.includes(slug))]),
    organizations: handles.map((handle) => [handle, `Name of ${handle}`, list((one) => one.organization === handle)]),
    code: list((one) => one.code),
    comments: list((one) => one.comments),
    first,
    days: facets.map((one) => writeNumber(countDays(one.day))).join(""),
    titles: facets.map((_, place) => writeNumber(place)).join(""),
  };
}

/** @param {number} number */
function writeNumber(number) {
  let digits = "";
  for (; number >= 32; number = Math.floor(number / 32)) digits += DIGITS[(number % 32) + 32];
  return digits + DIGITS[number];
}

function writePostings(papers, term) {
  const numbers = FIELDS.flatMap((field, at) => {
    let before = -1;
    const holding = papers.filter((paper) => paper[field].includes(term));
    const postings = holding.flatMap(({ number, [field]: terms }) => {
      const places = terms.flatMap((other, place) => (other === term ? [place] : []));
      const gap = (number - before - 1) * 2 + (places.length > 1 ? 1 : 0);
      before = number;
      const steps = places.map((place, index) => place - (index ? places[index - 1] : 0));
      return [gap, ...(places.length > 1 ? [places.length] : []), ...(at < 3 ? [terms.length] : []), ...(at === 0 ? steps : [])];
    });
    return [holding.length, ...postings];
  });
  return numbers.map(writeNumber).join("");
}

/**
 * Hand over files as the search page does; notes in `asked` what was asked for.
 * @param {Map<string, any>} files
 */
export function makeLoader(files) {
  const asked = [];
  const load = async (name, file) => {
    asked.push(file);
    const address = file.replace(/[?].*/, "");
    if (!files.has(address)) throw new Error(`no ${file}`);
    const said = address.startsWith("d/") || address.startsWith("t/") ? address.replace(".js", "") : address.split(".")[0];
    if (name !== said) throw new Error(`${file} says ${said}, not ${name}`);
    return files.get(address);
  };
  return { load, asked };
}

/**
 * Start a whole index of Lunr's own. It knows where a term stands, as pieces do.
 * @param {any} lunr
 */
export function startWhole(lunr) {
  const builder = new lunr.Builder();
  builder.metadataWhitelist = ["position"];
  builder.pipeline.add((token, place) => {
    token.metadata.position = place;
    return token;
  });
  FIELDS.forEach((field, at) => builder.field(field, { boost: BOOSTS[at] }));
  return builder;
}

/**
 * Tell a whole index its terms in their order, before any paper. Lunr numbers terms as it meets them, pieces in their
 * order. Scores are sums in that order, and would differ in the last bit.
 * @param {any} builder
 * @param {string[]} terms
 */
export function plantTerms(builder, terms) {
  for (const term of terms) {
    const fields = FIELDS.map((field) => [field, Object.create(null)]);
    builder.invertedIndex[term] = Object.assign(Object.create(null), { _index: builder.termIndex++ }, Object.fromEntries(fields));
  }
}

/**
 * Build one index of all, by Lunr.
 * @param {any} lunr
 * @param {Terms[]} papers
 */
export function buildWhole(lunr, papers) {
  const builder = startWhole(lunr);
  plantTerms(builder, [...new Set(papers.flatMap((paper) => FIELDS.flatMap((field) => paper[field])))].sort());
  for (const { number, ...fields } of papers) builder.add({ id: number, ...fields });
  return builder.build();
}

/**
 * Tell whether two terms are one edit apart, as Lunr's edit distance does: a letter more, less, other, or two swapped.
 * @param {string} one
 * @param {string} other
 */
export function isNear(one, other) {
  if (one.length < 4 || Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  let end = 0;
  while (end < Math.min(one.length, other.length) - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
  const left = one.slice(start, one.length - end);
  const right = other.slice(start, other.length - end);
  return Math.max(left.length, right.length) <= 1 || (left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]);
}

/**
 * Return all terms of an index that are one edit apart from this one.
 * @param {Shards} shards
 * @param {string} term
 */
export const findNear = async (shards, term) => (await shards.readTerms()).filter((other) => isNear(term, other));
