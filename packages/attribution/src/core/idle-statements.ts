import { encodeUtf8, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Piece } from './cut-hunks.ts';
import { limitReplays } from './limited-replays.ts';

/** What a trial makes of a piece: the old text again, or nothing. */
export type Fate = 'old' | 'gone';
export type Fates = ReadonlyMap<number, Fate>;

/** Whether the workload prints the same when these pieces (by number) are other than the commit made them; `null`: it cannot run so. */
export type IsSameWith = (fates: Fates) => Promise<boolean | null>;

/** Replays for the statements of one change. What has not been tried by then waits for curators. */
export const STATEMENT_REPLAYS_MAX = 1000;
/** Pairs of needed statements that are tried for undoing each other. */
export const PAIRS_TRIED_MAX = 50;
/** Of so many needed statements all but one are tried together as well. */
export const ALL_BUT_ONE_MAX = 12;

export interface IdleInput {
  readonly pieces: readonly Pick<Piece, 'oldText' | 'newText'>[];
  /** Pieces of each statement that would earn: its own, without what is nested in it. */
  readonly statements: readonly (readonly number[])[];
  /** Pieces that are tried together, likeliest first: stretches that share a new name, whole compound statements. */
  readonly groups: readonly (readonly number[])[];
  /** Pieces of no statement that may go with one (a line that was deleted, an import): numbered behind the statements in pairs. */
  readonly companions?: readonly (readonly number[])[];
  /** Pairs of statements, likeliest first, asked for when nothing goes by itself any more. */
  readonly pairsOf: (needed: readonly number[]) => Iterable<readonly [number, number]>;
  /** Where it begins: what is neutral already is old again. */
  readonly fates: Fates;
  /** Default {@link STATEMENT_REPLAYS_MAX}. */
  readonly replaysMax?: number;
}

/**
 * Numbers of the statements without an effect: taken back or taken out, alone or with others, they leave what is printed as it
 * is (delta debugging along the syntax tree; Misherghi and Su 2006).
 */
export async function findIdleStatements(
  { pieces, statements, groups, companions, pairsOf, fates: start, replaysMax }: IdleInput,
  replaysSameWith: IsSameWith,
): Promise<ReadonlySet<number>> {
  const limit = replaysMax ?? STATEMENT_REPLAYS_MAX;
  const { isSame, isSpent, left } = limitReplays(replaysSameWith, nameOf, limit);
  if (!(await isSame(start))) return new Set(statements.keys());
  const fates = new Map(start);
  const tried = new Set<number>();
  const attempt = async (group: readonly number[], fate: Fate): Promise<boolean> => {
    const changed = group.filter((piece) => !fates.has(piece));
    // The same text again tells nothing by a replay: taken back, it became new by a name elsewhere; taken out, there was none.
    const isMade = (piece: number): boolean => isOther(pieces[piece], fate);
    if (changed.length === 0 || (fate === 'gone' && !changed.some(isMade))) return false;
    if (fate === 'old' && changed.every((piece) => pieces[piece]?.oldText === '')) return false;
    if (
      changed.some(isMade) &&
      !(await isSame(new Map([...fates, ...changed.map((piece) => [piece, fate] as const)])))
    )
      return false;
    for (const piece of changed) fates.set(piece, fate);
    return true;
  };
  const attemptBoth = async (group: readonly number[]): Promise<boolean> =>
    (await attempt(group, 'old')) || (await attempt(group, 'gone'));
  const piecesOf = (one: number): readonly number[] =>
    statements[one] ?? companions?.[one - statements.length] ?? [];
  const isIdle = (statement: number): boolean =>
    statements[statement]?.every((piece) => fates.has(piece)) ?? false;
  const needed = (): number[] => [...statements.keys()].filter((one) => !isIdle(one));
  // However many groups there are, each statement gets its own trial, and pairs theirs.
  const reserve = Math.min(2 * (statements.length + PAIRS_TRIED_MAX), (2 * limit) / 3);
  for (const group of groups) if (left() > reserve) await attemptBoth(group);
  for (let isMore = true; isMore; ) {
    isMore = false;
    // Users stand behind what they use as a rule: from the end, one round often does.
    for (const statement of needed().reverse()) {
      isMore = (await attemptBoth(statements[statement] ?? [])) || isMore;
      if (!isSpent()) tried.add(statement);
    }
    if (isMore) {
      // What holds on to each other in a row can go from one side only: one a round, or stretches at once.
      for (let size = Math.ceil(needed().length / 2); size > 1; size = Math.ceil(size / 2))
        for (const stretch of chunksOf(needed(), size)) await attemptBoth(stretch.flatMap(piecesOf));
      continue;
    }
    let pairsLeft = PAIRS_TRIED_MAX;
    for (const [one, other] of pairsOf(needed())) {
      if (pairsLeft-- === 0) break;
      isMore = (await attemptBoth([...piecesOf(one), ...piecesOf(other)])) || isMore;
    }
    if (isMore || needed().length > ALL_BUT_ONE_MAX) continue;
    for (const kept of needed())
      isMore = (await attemptBoth(needed().flatMap((one) => (one === kept ? [] : piecesOf(one))))) || isMore;
  }
  return new Set([...statements.keys()].filter((one) => isIdle(one) || !tried.has(one)));
}

function chunksOf(numbers: readonly number[], size: number): (readonly number[])[] {
  return Array.from({ length: Math.ceil(numbers.length / size) }, (_, n) =>
    numbers.slice(n * size, (n + 1) * size),
  );
}

/** A hash: an epoch asks thousands of questions of thousands of pieces each. */
function nameOf(asked: Fates): string {
  const fates = [...asked].map(([piece, fate]) => `${piece}${fate}`).sort();
  return toHex(sha256(encodeUtf8(fates.join())));
}

function isOther(piece: Pick<Piece, 'oldText' | 'newText'> | undefined, fate: Fate): boolean {
  return piece !== undefined && piece.newText !== (fate === 'old' ? piece.oldText : '');
}
