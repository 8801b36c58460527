// What the site's scripts share: Lunr, as far as they use it, and the one name of their own. What they say of
// themselves (Word, Hit, Piece, List, Paper …) is seen here too: they are scripts, not modules.

declare namespace lunr {
  interface Clause {
    usePipeline?: boolean;
    boost?: number;
    wildcard?: number;
    editDistance?: number;
  }

  class Query {
    static wildcard: { NONE: 0; LEADING: 1; TRAILING: 2 };
    term(term: string, clause: Clause): Query;
  }

  interface Result {
    ref: string;
    score: number;
    matchData: { metadata: Record<string, Record<string, object>> };
  }

  class Vector {
    elements: number[];
  }

  class TokenSet {
    static fromArray(terms: string[]): TokenSet;
  }

  class Pipeline {}

  let MatchData: new () => { add(): void; combine(): void };

  type Posting = { _index: number } & Record<string, Record<number, Metadata>>;

  class Index {
    constructor(parts: {
      invertedIndex: Record<string, Posting>;
      fieldVectors: Record<string, Vector>;
      tokenSet: TokenSet;
      fields: string[];
      pipeline: Pipeline;
    });
    invertedIndex: Record<string, Posting>;
    query(build: (query: Query) => void): Result[];
  }

  function idf(posting: Record<string, object>, documentCount: number): number;
}

interface Shards {
  readList(): Promise<List>;
  makeIndex(terms: string[], prefixes: string[]): Promise<lunr.Index>;
  readTerms(): Promise<string[]>;
  readPapers(numbers: number[]): Promise<Paper[]>;
  readFacets(): Promise<Facets>;
  forget(): void;
}

declare function importScripts(...addresses: string[]): void; // of workers

interface ReadingList {
  client: Omit<Engine, "ask"> & {
    ask(request: Partial<SearchRequest> & { text: string }, isTyped?: boolean): Promise<Answer | null>;
    prepare(): void;
    loadEngine(): Promise<void>;
  };
  results: {
    showResult(result: Result, query: string, level: number): HTMLElement;
    showPages(page: number, pages: number, addressOf: (page: number) => string): HTMLElement[];
    make(name: string, attributes?: Record<string, string>, inner?: (Node | string)[]): HTMLElement;
  };
  panel: {
    openPanel(form: HTMLFormElement, change: (filters: Filters) => void): Panel;
    listChips(filters: Filters, named: Named | null): Chip[];
  };
  exports: { formats: Record<string, Format>; hand(name: string, format: Format, text: string): void; saveList(key: string, numbers: number[]): Promise<string> };
  terms: {
    STOP_WORDS: Set<string>;
    fold(text: string): string;
    splitWords(text: string): string[][];
    termsOf(text: string): string[];
    stem(word: string): string;
  };
  shards: {
    openShards(load: Loader, metaFile: string, clock?: () => number): Shards;
  };
  words: {
    readQuery(text: string): Word[];
    readPhrases(text: string): Phrase[];
    readRow(text: string, words: Word[]): Way;
    markWords(text: string, words: Word[]): Piece[];
    snippet(text: string, words: Word[], most?: number): string;
  };
  spelling: {
    SHORTEST: number;
    isSlip(typed: string, meant: string): boolean;
    nearTerms(terms: string[], typed: string, isUnfinished: boolean): string[][];
    splitTerms(known: Set<string>, typed: string, least: number): string[][];
    termsEnding(terms: string[], typed: string): string[][];
    farTerms(terms: string[], typed: string): string[][];
    spell(term: string, words: string[], spelled: Set<string>): string;
    spellNear(word: string): string[];
  };
  loadSpelling(): Promise<void> | void;
  query: { search(shards: Shards, text: string, literal?: boolean): Promise<Found> };
  narrow: {
    noFilters(): Filters;
    isActive(filters: Filters): boolean;
    replaceOperators(text: string, replace: (typed: string, kind: string, value: string) => string): string;
    hasOperators(text: string): boolean;
  };
  filters: {
    readOperators(text: string, filters: Filters, facets: Facets): { text: string; filters: Filters; operators: string[]; unknown: string[] };
    makeFilter(facets: Facets, filters: Filters): (number: number) => boolean;
    countFilters(facets: Facets, filters: Filters, numbers: number[]): Counts;
    sortPapers(facets: Facets, sort: Sort, numbers: number[]): number[];
  };
  engine: { openEngine(load: Loader, metaFile: string): Engine };
  receive(name: string, value: unknown): void;
}

declare var readingList: ReadingList;
