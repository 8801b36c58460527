// What the site's scripts share: Lunr, as far as they use it, and the one name of their own. What they say of
// themselves (Word, Hit, Piece, Paper) is seen here too: they are scripts, not modules.

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

  class Index {
    static load(serialized: object): Index;
    query(build: (query: Query) => void): Result[];
  }
}

interface ReadingList {
  terms: {
    STOP_WORDS: Set<string>;
    fold(text: string): string;
    splitWords(text: string): string[][];
    termsOf(text: string): string[];
    stem(word: string): string;
  };
  query: {
    readQuery(text: string): Word[];
    search(index: lunr.Index, text: string, titleTerms: string[][]): { words: Word[]; all: Hit[]; some: Hit[]; near: boolean };
    markWords(text: string, words: Word[]): Piece[];
    snippet(text: string, words: Word[], most?: number): string;
  };
  receiveIndex(data: { index: object; documents: Paper[] }): void;
}

declare var readingList: ReadingList;
