import { cutHunks, type Piece, textWith } from './core/cut-hunks.ts';
import type { Fates } from './core/idle-statements.ts';
import { type HunkTexts, linkedHunks } from './core/linked-hunks.ts';
import { dialectOf, type PlacedStatement } from './core/statement.ts';
import { decoded, isTextual } from './git/hunks.ts';
import { isProgram } from './parse/is-program.ts';
import type { ParsedChange } from './parse-change.ts';

/** Groups that share a new word and are tried together, of those inside hunks. */
export const LINKED_PIECES_MAX = 40;

/** A changed file whose hunks are cut where statements begin and end. */
export interface CutFile extends ParsedChange {
  readonly pieces: readonly Piece[];
  /** Number of its first piece and of its first hunk, through all files. */
  readonly firstPiece: number;
  readonly firstHunk: number;
}

export function cutFiles(changes: readonly ParsedChange[]): CutFile[] {
  let [firstPiece, firstHunk] = [0, 0];
  return changes.map((change) => {
    const { file, before, after } = change;
    const [oldText, newText] = [decoded(file.oldText), decoded(file.newText)];
    // What is no UTF-8 would come back as other bytes: it stays whole.
    const hunks = isTextual(file) ? file.hunks : [];
    const pieces = cutHunks(
      { text: oldText, statements: before },
      { text: newText, statements: after },
      hunks,
    );
    const cut = { ...change, pieces, firstPiece, firstHunk };
    firstPiece += pieces.length;
    firstHunk += file.hunks.length;
    return cut;
  });
}

/**
 * Whole compound statements that lie in one hunk and hold a wanted piece, the outermost first. Of those nested in each other around the
 * same wanted pieces only the outermost and the innermost: what lies between earns nothing and would cost replays at will.
 */
export function compoundsIn({ after, pieces, firstPiece }: CutFile, wanted: ReadonlySet<number>): number[][] {
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
  const groups = [...after]
    .sort((a, b) => b.end - b.start - (a.end - a.start))
    .filter(isWhole)
    .map(({ start, end }) =>
      pieces.flatMap((piece, number) =>
        inkOf(piece) >= start && inkOf(piece) < end ? [firstPiece + number] : [],
      ),
    )
    .filter((group) => group.length > 1 && group.some((number) => wanted.has(number)));
  const byWanted = groups.map(
    (group) => [group.filter((number) => wanted.has(number)).join(), group] as const,
  );
  const ends = new Set([...new Map(byWanted).values(), ...new Map(byWanted.toReversed()).values()]);
  return groups.filter((group) => ends.has(group));
}

/** Where its first character stands that is no white space. */
function inkOf({ start, newText }: Piece): number {
  return start + Math.max(0, newText.search(/\S/));
}

/** What puts back the files that the change deleted. */
export function deletedPieces(files: readonly CutFile[]): number[] {
  return files.flatMap(({ file, pieces, firstPiece }) =>
    file.isDeleted ? pieces.map((_, number) => firstPiece + number) : [],
  );
}

export function linkedPieces(
  files: readonly CutFile[],
  pieces: readonly Piece[],
): readonly (readonly number[])[] {
  const deleted = new Set(deletedPieces(files));
  const texts = pieces.map(({ oldText, newText }, number) =>
    deleted.has(number) ? { before: '', after: '' } : { before: oldText, after: newText },
  );
  const olds = files.map(({ file }) => decoded(file.oldText));
  const whole = linkedHunks(texts, olds).map((group) => closed(files, new Set(group)));
  return [...new Map(whole.map((group) => [group.join(), group])).values()].slice(0, LINKED_PIECES_MAX);
}

/** With all that stands in the statements of the group: a head without its closing brace leaves no program. */
function closed(files: readonly CutFile[], group: ReadonlySet<number>): number[] {
  return files.flatMap(({ after, pieces, firstPiece }) => {
    const own = new Set(
      pieces.flatMap(({ statement }, number) => (group.has(firstPiece + number) ? [statement] : [])),
    );
    const extents = [...own].flatMap((statement) => after[statement ?? -1] ?? []);
    return pieces.flatMap((piece, number) => {
      const isInside = extents.some(({ start, end }) => inkOf(piece) >= start && inkOf(piece) < end);
      return isInside || group.has(firstPiece + number) ? [firstPiece + number] : [];
    });
  });
}

export function textsOf(own: readonly number[], pieces: readonly Piece[]): HunkTexts {
  const join = (textOf: (piece: Piece) => string): string =>
    own
      .map((number) => pieces[number])
      .map((piece) => (piece === undefined ? '' : textOf(piece)))
      .join('\n');
  return { before: join(({ oldText }) => oldText), after: join(({ newText }) => newText) };
}

/** Text of each file with these fates; `null` where one would be no program any more. */
export async function textsWith(files: readonly CutFile[], fates: Fates): Promise<readonly string[] | null> {
  const texts: string[] = [];
  for (const file of files) {
    const text = await programWith(file, fates);
    if (text === null) return null;
    texts.push(text);
  }
  return texts;
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
