import { likelyCompanions } from './core/companions.ts';
import { type CommitWork, idleRuns, partiesOf, workGroups } from './core/epoch-groups.ts';
import { type Fates, findIdleStatements } from './core/idle-statements.ts';
import { likelyPairs } from './core/likely-pairs.ts';
import {
  type CutFile,
  compoundsIn,
  cutFiles,
  deletedPieces,
  linkedPieces,
  textsOf,
  textsWith,
} from './cut-change.ts';
import type { ParsedChange } from './parse-change.ts';

/**
 * Replays for what an epoch brought: each statement takes two, and as many again for groups and further rounds. The first round is
 * always finished, so that nobody's noise keeps another's statements from being tried.
 */
export const EPOCH_REPLAYS_BASE = 1000;
export const EPOCH_REPLAYS_PER_STATEMENT = 4;

/** A statement that would earn, or one that its own commit's verdict held back. */
export interface EpochStatement {
  readonly key: string;
  /** Place of its commit in arrival order. */
  readonly arrival: number;
  readonly people: readonly string[];
  readonly isGated: boolean;
}

export interface EpochInput {
  /** What the whole epoch did to each source file. */
  readonly changes: readonly ParsedChange[];
  readonly statements: readonly EpochStatement[];
  /** Hash of what the workload prints with these texts, one for each file; `null`: it fails. */
  readonly printedWith: (texts: readonly string[]) => Promise<string | null>;
  /** Of what it prints at the end of the epoch. */
  readonly outputSha256: string;
}

interface Tried extends EpochStatement {
  readonly pieces: readonly number[];
}

/**
 * Keys of statements that earn nothing although each was needed when it arrived: what came with one commit and is undone, or made
 * useless, by another one of the same epoch. The work of an epoch is what differs between its two ends, whoever wrote it.
 */
export async function findVoidKeys(input: EpochInput): Promise<ReadonlySet<string>> {
  const files = cutFiles(input.changes);
  const pieces = files.flatMap((file) => file.pieces);
  const placed = triedIn(files, input.statements);
  const tried = placed.filter(({ isGated }) => !isGated);
  if (tried.length === 0) return new Set();
  const gated = placed.filter(({ isGated }) => isGated).map((one) => one.pieces);
  const statements = tried.map((one) => one.pieces);
  const wanted = new Set(statements.flat());
  const companions = likelyCompanions(
    pieces.map(({ oldText, newText }) => ({ before: oldText, after: newText })),
    wanted,
  ).map((piece) => [piece]);
  const texts = [...statements, ...companions].map((own) => textsOf(own, pieces));
  const behind = companions.map((_, index) => statements.length + index);
  let replays = 0;
  const printed = async (fates: Fates): Promise<string | null | undefined> => {
    replays++;
    const made = await textsWith(files, fates);
    return made === null ? undefined : input.printedWith(made);
  };
  const groupsOfWork = await groupsOfCommits(tried, printed);
  const isVoid = await findIdleStatements(
    {
      pieces,
      statements,
      companions,
      groups: [
        // What is noise already stands in for nothing.
        gated.flat(),
        ...gated,
        deletedPieces(files),
        [...pieces.keys()],
        ...groupsOfWork,
        ...linkedPieces(files, pieces),
        ...files.flatMap((file) => compoundsIn(file, wanted)),
      ],
      pairsOf: (needed) => withStatement(likelyPairs(texts, [...needed, ...behind]), statements.length),
      fates: new Map(),
      replaysMax: EPOCH_REPLAYS_BASE + EPOCH_REPLAYS_PER_STATEMENT * placed.length - replays,
    },
    async (fates) => {
      const said = await printed(fates);
      return said === undefined ? null : said === input.outputSha256;
    },
  );
  // A statement that stands in several places earns if one of them is needed.
  const needed = new Set(tried.filter((_, number) => !isVoid.has(number)).map(({ key }) => key));
  return new Set(tried.map(({ key }) => key).filter((key) => !needed.has(key)));
}

/** Each place of a statement with its own pieces, in arrival order: what came last is tried first. */
function triedIn(files: readonly CutFile[], statements: readonly EpochStatement[]): Tried[] {
  const known = new Map(statements.map((one) => [one.key, one]));
  const tried = files.flatMap(({ after, pieces, firstPiece }) => {
    const own = new Map<number, number[]>();
    for (const [number, { statement }] of pieces.entries())
      if (statement !== null) own.set(statement, [...(own.get(statement) ?? []), firstPiece + number]);
    return [...own].flatMap(([statement, numbers]) => {
      const one = known.get(after[statement]?.key ?? '');
      return one === undefined ? [] : [{ ...one, pieces: numbers }];
    });
  });
  return tried.sort((a, b) => a.arrival - b.arrival);
}

/** Pieces of commits whose work may undo itself: of parties, and of runs of one party's commits. */
async function groupsOfCommits(
  tried: readonly Tried[],
  printed: (fates: Fates) => Promise<string | null | undefined>,
): Promise<readonly (readonly number[])[]> {
  const works = worksOf(tried);
  const piecesOf = (commits: readonly number[]): number[] =>
    commits.flatMap((number) => works[number]?.pieces ?? []);
  const groups = workGroups(works).map(piecesOf);
  for (const commits of partiesOf(works)) {
    if (commits.length < 2) continue;
    const prints: (string | null)[] = [];
    for (let kept = 0; kept <= commits.length; kept++) {
      const later = piecesOf(commits.slice(kept));
      prints.push((await printed(new Map(later.map((piece) => [piece, 'old'] as const)))) ?? null);
    }
    groups.push(...idleRuns(prints).map(([from, to]) => piecesOf(commits.slice(from, to))));
  }
  return groups;
}

function worksOf(tried: readonly Tried[]): CommitWork[] {
  const works = new Map<number, { people: readonly string[]; pieces: number[] }>();
  for (const { arrival, people, pieces } of tried) {
    const work = works.get(arrival) ?? { people, pieces: [] };
    work.pieces.push(...pieces);
    works.set(arrival, work);
  }
  return [...works.values()];
}

function* withStatement(
  pairs: Iterable<readonly [number, number]>,
  statements: number,
): Generator<readonly [number, number]> {
  for (const pair of pairs) if (Math.min(...pair) < statements) yield pair;
}
