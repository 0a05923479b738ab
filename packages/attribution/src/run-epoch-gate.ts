import type { WeighedStatement } from './core/weigh.ts';
import {
  atHead,
  type GateInput,
  type HeadVerdict,
  isNeutralAsWhole,
  nameOfTexts,
  onStage,
} from './gate-stage.ts';
import { type Change, firstParent } from './git/hunks.ts';
import { type EpochStatement, findVoidKeys } from './judge-epoch.ts';
import { parseChange } from './parse-change.ts';
import { hashOf } from './report.ts';
import type { TrialBook } from './trial-book.ts';
import type { Verdict } from './verdict-cache.ts';
import { writeTexts } from './write-changes.ts';

/**
 * Keys that passed with their commits and come to nothing by the end of the epoch. None where the epoch is one commit, which has
 * been judged.
 */
export async function findUndone(
  input: GateInput,
  judged: readonly WeighedStatement[],
  gatedKeys: ReadonlySet<string>,
): Promise<HeadVerdict> {
  const { head } = input.repository;
  const passed = judged.flatMap(({ key }) => (gatedKeys.has(key) ? [] : [key]));
  const statements = inArrivalOrder(input, judged, gatedKeys);
  const first = Math.min(input.epochBegin ?? input.commits.length, ...statements.map((one) => one.arrival));
  const change = { from: await lastBefore(input, input.commits.slice(first)), to: head };
  if (passed.length === 0 || change.from === (await firstParent(input.repository, head)))
    return { kind: 'judged', keys: [] };
  const named = statements.map(({ key, arrival, people, isGated }) =>
    hashOf([key, arrival, [...people], isGated]),
  );
  const about = { from: change.from, statements: named.sort() };
  return atHead(input, about, (trials) => checkEpoch(input, change, statements, trials));
}

function inArrivalOrder(
  input: GateInput,
  judged: readonly WeighedStatement[],
  gatedKeys: ReadonlySet<string>,
): EpochStatement[] {
  const arrivals = new Map(input.commits.map((commit, place) => [commit, place]));
  return judged.map(({ key, commit, people }) => ({
    key,
    arrival: arrivals.get(commit) ?? 0,
    people,
    isGated: gatedKeys.has(key),
  }));
}

/** Where the main line stood before any of these commits arrived; `null`: at its beginning. */
async function lastBefore(input: GateInput, commits: readonly string[]): Promise<string | null> {
  const came = new Set(commits);
  const line = await input.repository.run(['rev-list', '--first-parent', input.repository.head]);
  const found = line
    .toString('latin1')
    .trim()
    .split('\n')
    .find((commit) => !came.has(commit));
  return found ?? null;
}

/** Keys of statements without an effect on what the workload prints at the end of an epoch. */
async function checkEpoch(
  input: GateInput,
  change: Change,
  statements: readonly EpochStatement[],
  trials: TrialBook,
): Promise<Verdict> {
  const passed = statements.flatMap(({ key, isGated }) => (isGated ? [] : [key]));
  const keys = new Set(statements.map(({ key }) => key));
  return onStage(input, change, trials, async ({ stage, files, compare, outputSha256 }) => {
    if (await isNeutralAsWhole(input, change, compare)) return passed;
    const changes = await Promise.all(files.map((file) => parseChange(file, keys)));
    const printedWith = (texts: readonly string[]): Promise<string | null> =>
      compare.printed(nameOfTexts(texts), async () => {
        await writeTexts(stage, files, texts);
        return stage.run();
      });
    return [...(await findVoidKeys({ changes, statements, printedWith, outputSha256 }))];
  });
}
