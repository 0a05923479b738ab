import { cutHunks, type Piece, textWith } from './core/cut-hunks.ts';
import { type Fates, findIdleStatements } from './core/idle-statements.ts';
import { likelyPairs } from './core/likely-pairs.ts';
import { type HunkTexts, linkedHunks } from './core/linked-hunks.ts';
import { dialectOf, type PlacedStatement } from './core/statement.ts';
import type { ChangedFile } from './git/hunks.ts';
import { isProgram } from './parse/is-program.ts';

/** Groups that share a new word and are tried together, of those inside hunks. */
export const LINKED_PIECES_MAX = 40;

/** A changed file with the statements of both its texts. */
export interface ParsedChange {
  readonly file: ChangedFile;
  readonly before: readonly PlacedStatement[];
  readonly after: readonly PlacedStatement[];
}

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

interface CutFile extends ParsedChange {
  readonly pieces: readonly Piece[];
  /** Number of its first piece and of its first hunk, through all files. */
  readonly firstPiece: number;
  readonly firstHunk: number;
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
  if (tried.length === 0) return new Set();
  const pieces = files.flatMap((file) => file.pieces);
  const statements = tried.map((one) => one.pieces);
  const texts = statements.map((own) => textsOf(own, pieces));
  const idle = await findIdleStatements(
    {
      pieces,
      statements,
      groups: [...linkedPieces(files, pieces), ...files.flatMap((file) => compoundsIn(file, tried))],
      pairsOf: (needed) => likelyPairs(texts, needed),
      fates: new Map(
        files.flatMap((file) =>
          file.pieces.flatMap(({ hunk }, number) =>
            input.takenBack.has(file.firstHunk + hunk) ? [[file.firstPiece + number, 'old'] as const] : [],
          ),
        ),
      ),
    },
    (fates) => isSameWith(files, fates, input.isSameWith),
  );
  // A statement that stands in several places earns if one of them is needed.
  const needed = new Set(tried.filter((_, number) => !idle.has(number)).map(({ key }) => key));
  return new Set(tried.map(({ key }) => key).filter((key) => !needed.has(key)));
}

function cutFiles(changes: readonly ParsedChange[]): CutFile[] {
  let [firstPiece, firstHunk] = [0, 0];
  return changes.map((change) => {
    const { file, before, after } = change;
    const [oldText, newText] = [decoded(file.oldText), decoded(file.newText)];
    const pieces = cutHunks(
      { text: oldText, statements: before },
      { text: newText, statements: after },
      file.hunks,
    );
    const cut = { ...change, pieces, firstPiece, firstHunk };
    firstPiece += pieces.length;
    firstHunk += file.hunks.length;
    return cut;
  });
}

/** What is no UTF-8 decodes as Node decodes it. */
function decoded(latin1: string): string {
  return new TextDecoder().decode(Buffer.from(latin1, 'latin1'));
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

/** Whole compound statements that lie in one hunk and hold what is tried, the outermost first. */
function compoundsIn({ after, pieces, firstPiece }: CutFile, tried: readonly Tried[]): number[][] {
  const wanted = new Set(tried.flatMap((one) => one.pieces));
  const extents = new Map<number, { start: number; end: number }>();
  for (const { hunk, start, end } of pieces) {
    const known = extents.get(hunk);
    extents.set(hunk, {
      start: Math.min(known?.start ?? start, start),
      end: Math.max(known?.end ?? end, end),
    });
  }
  const isWhole = ({ start, end }: PlacedStatement): boolean =>
    [...extents.values()].some((hunk) => hunk.start <= start && end <= hunk.end);
  return [...after]
    .sort((a, b) => b.end - b.start - (a.end - a.start))
    .filter(isWhole)
    .map(({ start, end }) =>
      pieces.flatMap((piece, number) =>
        inkOf(piece) >= start && inkOf(piece) < end ? [firstPiece + number] : [],
      ),
    )
    .filter((group) => group.length > 1 && group.some((number) => wanted.has(number)));
}

/** Where its first character stands that is no white space. */
function inkOf({ start, newText }: Piece): number {
  return start + Math.max(0, newText.search(/\S/));
}

function linkedPieces(files: readonly CutFile[], pieces: readonly Piece[]): readonly (readonly number[])[] {
  const texts = pieces.map(({ oldText, newText }) => ({ before: oldText, after: newText }));
  const olds = files.map(({ file }) => decoded(file.oldText));
  return linkedHunks(texts, olds).slice(0, LINKED_PIECES_MAX);
}

function textsOf(own: readonly number[], pieces: readonly Piece[]): HunkTexts {
  const join = (textOf: (piece: Piece) => string): string =>
    own
      .map((number) => pieces[number])
      .map((piece) => (piece === undefined ? '' : textOf(piece)))
      .join('\n');
  return { before: join(({ oldText }) => oldText), after: join(({ newText }) => newText) };
}

/** `null` without a replay where a file would be no program any more. */
async function isSameWith(
  files: readonly CutFile[],
  fates: Fates,
  ask: StatementsInput['isSameWith'],
): Promise<boolean | null> {
  const texts: string[] = [];
  for (const file of files) {
    const text = await programWith(file, fates);
    if (text === null) return null;
    texts.push(text);
  }
  return ask(texts);
}

/** The file with its pieces as the fates say: what is taken out leaves a filler, or nothing where no filler may stand. */
async function programWith(cut: CutFile, fates: Fates): Promise<string | null> {
  const { file, after, pieces, firstPiece } = cut;
  const text = decoded(file.newText);
  const dialect = dialectOf(file.path);
  const make = (isFilled: boolean): string =>
    textWith(text, pieces, (number) => {
      const piece = pieces[number];
      const fate = fates.get(firstPiece + number);
      if (piece === undefined || fate === undefined) return undefined;
      if (fate === 'old') return piece.oldText;
      const statement = after[piece.statement ?? -1];
      const begins = statement !== undefined && inkOf(piece) === statement.start;
      return isFilled && begins ? statement.filler : '';
    });
  const filled = make(true);
  if (dialect === null || filled === text || !(await isProgram(text, dialect))) return filled;
  if (await isProgram(filled, dialect)) return filled;
  const bare = make(false);
  return (await isProgram(bare, dialect)) ? bare : null;
}
