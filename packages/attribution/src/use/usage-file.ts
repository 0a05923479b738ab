import { ok, type Result, refuse } from '@jamnet/base';
import { addUsage, type FileUsage, RANGES_PER_FILE_MAX } from '../core/usage.ts';
import type { UsageByPath } from './coverage.ts';

export type UsageCode = 'usage-malformed';

/** Usage files taken at once. */
export const USAGE_FILES_MAX = 10_000;

/**
 * Reads usage files: `{schema: 'jamnet/usage/v1', files: {path: {starts: [offset…], counts: [uses…]}}}`, offsets in UTF-16
 * units of the file at the head, ascending; `counts[i]` holds from `starts[i]` to `starts[i + 1]`. Counts of several add up.
 */
export function parseUsageFiles(values: readonly unknown[]): Result<UsageByPath, UsageCode> {
  if (values.length > USAGE_FILES_MAX)
    return refuse('usage-malformed', `Give at most ${USAGE_FILES_MAX} usage files at once.`);
  const recordings = new Map<string, FileUsage[]>();
  for (const [index, value] of values.entries()) {
    const files = readFiles(value);
    if (files === null)
      return refuse('usage-malformed', `Usage file ${index + 1} is no jamnet/usage/v1 document.`);
    for (const [path, usage] of Object.entries(files)) {
      const checked = readUsage(usage);
      if (checked === null)
        return refuse('usage-malformed', `Usage file ${index + 1} has malformed counts for ${path}.`);
      recordings.set(path, [...(recordings.get(path) ?? []), checked]);
    }
  }
  return ok(new Map([...recordings].map(([path, usages]) => [path, addUsage(usages)])));
}

function readFiles(value: unknown): object | null {
  if (typeof value !== 'object' || value === null || !('schema' in value) || !('files' in value)) return null;
  if (value.schema !== 'jamnet/usage/v1' || typeof value.files !== 'object') return null;
  return value.files;
}

function readUsage(value: unknown): FileUsage | null {
  if (typeof value !== 'object' || value === null || !('starts' in value) || !('counts' in value))
    return null;
  const { starts, counts } = value;
  if (!isCountList(starts) || !isCountList(counts) || starts.length !== counts.length) return null;
  return starts.every((start, i) => i === 0 || start > (starts[i - 1] ?? 0)) ? { starts, counts } : null;
}

function isCountList(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length <= RANGES_PER_FILE_MAX &&
    value.every((item) => Number.isSafeInteger(item) && item >= 0)
  );
}
