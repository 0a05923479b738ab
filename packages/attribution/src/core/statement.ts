/** One canonical statement as it stands in one blob. Offsets are UTF-16 units, lines start at 1. */
export interface Statement {
  /** 32 hex characters: SHA-256 prefix of the canonical form. Equal forms are one statement in a repository. */
  readonly key: string;
  /** Nodes of the canonical form; what lies in nested statements is not counted here. */
  readonly tokens: number;
  readonly startLine: number;
  readonly endLine: number;
  /** Offsets at which its execution count is read; the largest counts. */
  readonly probes: readonly number[];
}

/** A statement with its extent in the text it was read from. */
export interface PlacedStatement extends Statement {
  /** `[start, end)`, with everything nested in it. */
  readonly start: number;
  readonly end: number;
  /** What may stand in its place when it is taken out, so that what is left is a program. */
  readonly filler: string;
}

/** A statement earns for at most this many tokens: one huge table is not a hundred ideas. */
export const TOKENS_MAX = 60;

/** How a text is parsed: three by TypeScript's parser, the others by tree-sitter grammars. */
export type Dialect = 'js' | 'ts' | 'tsx' | 'cpp' | 'go' | 'java' | 'python' | 'rust';

const DIALECT_OF: Readonly<Record<string, Dialect>> = {
  ...{ js: 'js', mjs: 'js', cjs: 'js', jsx: 'js', ts: 'ts', mts: 'ts', cts: 'ts', tsx: 'tsx' },
  ...{ c: 'cpp', h: 'cpp', cc: 'cpp', cpp: 'cpp', cxx: 'cpp', hh: 'cpp', hpp: 'cpp', hxx: 'cpp' },
  ...{ go: 'go', java: 'java', py: 'python', rs: 'rust' },
};

/** Folders that package managers fill with other people's code. */
const VENDORED = /(^|\/)(node_modules|site-packages)\//;

/** How a path is parsed, or `null` when it is no source this tool reads (declaration files hold types only). */
export function dialectOf(path: string): Dialect | null {
  const extension = extensionOf(path);
  return isNobodysWork(path) || !Object.hasOwn(DIALECT_OF, extension)
    ? null
    : (DIALECT_OF[extension] ?? null);
}

/** Other people's packages and files that hold types only: nothing in them is this repository's running code. */
export function isNobodysWork(path: string): boolean {
  return VENDORED.test(path) || /\.d\.[cm]?ts$/.test(path);
}

/** `ts` of `src/a.ts`; empty when the name has none. */
export function extensionOf(path: string): string {
  return /\.([a-z]+)$/.exec(path)?.[1] ?? '';
}
