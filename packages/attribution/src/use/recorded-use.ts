import { ok, type Result, refuse } from '@jamnet/base';
import { groupBy } from '../core/group-by.ts';
import { type LineCounts, parseLcov, sumLines } from '../core/lcov.ts';
import { locateSources } from '../core/locate-sources.ts';
import { addUsage, type FileUsage, usageOfLines } from '../core/usage.ts';
import { isRegularFile, type TreeFile } from '../git/history.ts';
import type { Repository } from '../git/open-repository.ts';
import { giveTexts } from '../head-texts.ts';
import type { UsageByPath } from './coverage.ts';
import { parseUsageFiles, USAGE_FILES_MAX, type UsageCode } from './usage-file.ts';

/** Use that was recorded elsewhere. What is known by line becomes places once the head's texts are there. */
export interface RecordedUse {
  placeIn(repository: Repository, tree: readonly TreeFile[]): Promise<UsageByPath>;
}

/** Reads contents of usage files (`jamnet/usage/v1`) and, given as strings, of LCOV tracefiles. */
export function readRecordedUse(values: readonly unknown[]): Result<RecordedUse, UsageCode> {
  const traces: LineCounts[] = [];
  if (values.length > USAGE_FILES_MAX)
    return refuse('usage-malformed', `Give at most ${USAGE_FILES_MAX} usage files at once.`);
  for (const text of values) {
    if (typeof text !== 'string') continue;
    const trace = parseLcov(text);
    if (!trace.ok) return trace;
    traces.push(trace.value);
  }
  const places = parseUsageFiles(values.filter((value) => typeof value !== 'string'));
  if (!places.ok) return places;
  return ok({
    placeIn: async (repository, tree) => {
      const paths = new Set(tree.map((file) => file.path));
      const lines = sumLines(traces.map((trace) => locateSources(trace, paths)));
      return sumByPath([places.value, await placeLines(repository, tree, lines)]);
    },
  });
}

/** Uses of lines as uses of places in the head's files. */
export async function placeLines(
  repository: Repository,
  tree: readonly TreeFile[],
  lines: LineCounts,
): Promise<UsageByPath> {
  const usage = new Map<string, FileUsage>();
  const counted = tree.filter((file) => isRegularFile(file.mode) && lines.has(file.path));
  await giveTexts(repository, counted, (path, text) => {
    usage.set(path, usageOfLines(lines.get(path) ?? new Map(), text));
  });
  return usage;
}

function sumByPath(recordings: readonly UsageByPath[]): UsageByPath {
  const byPath = groupBy(
    recordings.flatMap((one) => [...one]),
    ([path]) => path,
  );
  return new Map([...byPath].map(([path, found]) => [path, addUsage(found.map(([, usage]) => usage))]));
}
