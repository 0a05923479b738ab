import type { WeighedStatement } from './core/weigh.ts';
import { type GateInput, isNeutralAsWhole, onStage, remembered } from './gate-stage.ts';
import { type Change, firstParent } from './git/hunks.ts';
import { type EpochStatement, findVoidKeys } from './judge-epoch.ts';
import { parseChange } from './parse-change.ts';
import { hashOf } from './report.ts';
import type { Verdict } from './verdict-cache.ts';
import { writeTexts } from './write-changes.ts';

/**
 * Keys that passed with their commits and come to nothing by the end of the epoch. None where the epoch is one commit, which has
 * been judged. All of them where it cannot be told.
 */
export async function voidKeys(
  input: GateInput,
  judged: readonly WeighedStatement[],
  gatedKeys: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const { head } = input.repository;
  const passed = judged.filter(({ key }) => !gatedKeys.has(key));
  const arrivals = new Map(input.commits.map((commit, place) => [commit, place]));
  const statements = judged.map(({ key, commit, people }) => ({
    key,
    arrival: arrivals.get(commit) ?? 0,
    people: [...people],
    isGated: gatedKeys.has(key),
  }));
  const first = statements.reduce(
    (least, { arrival }) => Math.min(least, arrival),
    input.epochBegin ?? arrivals.size,
  );
  const change = { from: await lastBefore(input, input.commits.slice(first)), to: head };
  if (passed.length === 0 || change.from === (await firstParent(input.repository, head))) return new Set();
  const about = { from: change.from, statements: statements.map((one) => hashOf(one)).sort() };
  const found = await remembered(input, head, about, () => checkEpoch(input, change, statements));
  return new Set(found ?? passed.map(({ key }) => key));
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
): Promise<Verdict> {
  const passed = new Set(statements.filter(({ isGated }) => !isGated).map(({ key }) => key));
  const keys = new Set(statements.map(({ key }) => key));
  return onStage(input, change, async ({ stage, files, compare, outputSha256 }) => {
    if (await isNeutralAsWhole(input, change, compare)) return [...passed];
    const changes = await Promise.all(files.map((file) => parseChange(file, keys)));
    const printedWith = (texts: readonly string[]): Promise<string | null> =>
      compare.printed(async () => {
        await writeTexts(stage, files, texts);
        return stage.run();
      });
    return [...(await findVoidKeys({ changes, statements, printedWith, outputSha256 }))];
  });
}
