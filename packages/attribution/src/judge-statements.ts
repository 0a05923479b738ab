import { findIdleStatements } from './core/idle-statements.ts';
import { likelyPairs } from './core/likely-pairs.ts';
import { type CutFile, compoundsIn, cutFiles, linkedPieces, textsOf, textsWith } from './cut-change.ts';
import { isTextual } from './git/hunks.ts';
import type { ParsedChange } from './parse-change.ts';

export interface StatementsInput {
  readonly changes: readonly ParsedChange[];
  /** Statements that would earn, by key. */
  readonly keys: ReadonlySet<string>;
  /** Hunks (numbered through all files) that earn nothing, and those of them that are taken back. */
  readonly neutralHunks: ReadonlySet<number>;
  readonly takenBack: ReadonlySet<number>;
  /** Whether the workload prints the same with these texts, one for each file. */
  readonly isSameWith: (texts: readonly string[]) => Promise<boolean>;
}

interface Tried {
  readonly key: string;
  readonly pieces: readonly number[];
}

/**
 * Keys of statements that earn nothing although a hunk that holds them is needed: noise that shares lines with a real change.
 * Each is taken back or out by itself, and with what may need it.
 */
export async function findIdleKeys(input: StatementsInput): Promise<ReadonlySet<string>> {
  const files = cutFiles(input.changes);
  const tried = files.flatMap((file) => triedIn(file, input));
  const untried = keysOfNoText(input);
  if (tried.length === 0) return untried;
  const pieces = files.flatMap((file) => file.pieces);
  const statements = tried.map((one) => one.pieces);
  const wanted = new Set(statements.flat());
  const texts = statements.map((own) => textsOf(own, pieces));
  const idle = await findIdleStatements(
    {
      pieces,
      statements,
      groups: [...linkedPieces(files, pieces), ...files.flatMap((file) => compoundsIn(file, wanted))],
      pairsOf: (needed) => likelyPairs(texts, needed),
      fates: new Map(
        files.flatMap((file) =>
          file.pieces.flatMap(({ hunk }, number) =>
            input.takenBack.has(file.firstHunk + hunk) ? [[file.firstPiece + number, 'old'] as const] : [],
          ),
        ),
      ),
    },
    async (fates) => {
      const made = await textsWith(files, fates);
      return made === null ? null : input.isSameWith(made);
    },
  );
  // A statement that stands in several places earns if one of them is needed.
  const needed = new Set(tried.filter((_, number) => !idle.has(number)).map(({ key }) => key));
  return new Set([...tried.map(({ key }) => key), ...untried].filter((key) => !needed.has(key)));
}

/** Of files that are no UTF-8, which cannot be taken apart: curators look at them. */
function keysOfNoText({ changes, keys }: StatementsInput): ReadonlySet<string> {
  const files = changes.filter(({ file }) => !isTextual(file));
  return new Set(files.flatMap(({ after }) => after.map(({ key }) => key)).filter((key) => keys.has(key)));
}

/** Statements that would earn and have a piece of their own in a hunk that is needed. */
function triedIn({ after, pieces, firstPiece, firstHunk }: CutFile, input: StatementsInput): Tried[] {
  const own = new Map<number, number[]>();
  for (const [number, { statement }] of pieces.entries())
    if (statement !== null) own.set(statement, [...(own.get(statement) ?? []), number]);
  return [...own].flatMap(([statement, numbers]) => {
    const key = after[statement]?.key ?? '';
    const isNeeded = numbers.some(
      (number) => !input.neutralHunks.has(firstHunk + (pieces[number]?.hunk ?? 0)),
    );
    return input.keys.has(key) && isNeeded
      ? [{ key, pieces: numbers.map((number) => firstPiece + number) }]
      : [];
  });
}
