import type { BountyEntry } from './bounty-queue.ts';
import type { GatedWork } from './gated-work.ts';

/** Longest reason a curator may give. */
export const REASON_LENGTH_MAX = 500;

/** One line of the bounty journal; `null` when it is none. */
export function readBountyEntry(line: string): BountyEntry | null {
  try {
    const value: unknown = JSON.parse(line);
    // Any object may be read by name; each field is checked below.
    return typeof value === 'object' && value !== null ? readEntry(value as Fields) : null;
  } catch {
    // No JSON: the caller names the line.
    return null;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function readEntry({ kind, id, atUs, ...rest }: Fields): BountyEntry | null {
  if (!isText(id, /^[0-9a-f]{16}$/) || !isText(atUs, /^\d{1,20}$/)) return null;
  switch (kind) {
    case 'queued': {
      const work = readWork(rest.work);
      return work !== null && isText(rest.repository, /^\S{1,300}$/)
        ? { kind, id, repository: rest.repository, work, atUs }
        : null;
    }
    case 'granted':
    case 'refused':
      return isText(rest.curator, /^p[0-9a-f]{32}$/) && isReason(rest.reason)
        ? { kind, id, curator: rest.curator, reason: rest.reason, atUs }
        : null;
    case 'paid':
      return isText(rest.epochId, /^[\w.-]{1,64}$/) && isText(rest.contribution, /^[0-9a-f]{32,64}$/)
        ? { kind, id, epochId: rest.epochId, contribution: rest.contribution, atUs }
        : null;
    default:
      return null;
  }
}

function readWork(value: unknown): GatedWork | null {
  if (typeof value !== 'object' || value === null) return null;
  const { commit, people, keys, tokens } = value as Fields;
  if (!isText(commit, /^[0-9a-f]{40,64}$/) || !isHexes(people) || !isHexes(keys)) return null;
  return typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens >= 0
    ? { commit, people, keys, tokens }
    : null;
}

export function isReason(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= REASON_LENGTH_MAX;
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

function isHexes(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => isText(one, /^[0-9a-f]{32}$/));
}
