import { ok, type Result, refuse } from '@jamnet/base';
import { pathBelow } from '../use/path-below.ts';

export type ProfileCode = 'profile-malformed';

/** Profiles taken at once, and lines of all of them. */
export const PROFILES_MAX = 10_000;
export const PROFILE_LINES_MAX = 2_000_000;

/**
 * Samples of one paying principal's sessions, added up: how often a line of a file was on top of the stack. Nothing else of a
 * session is in it: no function arguments, no times, no files outside the repository.
 */
export interface PrincipalProfile {
  /** Pseudonym of who paid. */
  readonly principal: string;
  /** What they paid in the epoch, in minor units of the currency. */
  readonly paidMinor: bigint;
  /** Ticks by line (from 1), by path at the head. */
  readonly files: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** Reads `{schema: 'jamnet/profile/v1', principal, paidMinor: '700', files: {path: [[line, ticks]…]}}` documents. */
export function parseProfiles(values: readonly unknown[]): Result<PrincipalProfile[], ProfileCode> {
  if (values.length > PROFILES_MAX)
    return refuse('profile-malformed', `Give at most ${PROFILES_MAX} profiles at once.`);
  const found: PrincipalProfile[] = [];
  let lines = 0;
  for (const [index, value] of values.entries()) {
    const profile = readProfile(value);
    if (profile === null)
      return refuse('profile-malformed', `Profile ${index + 1} is no jamnet/profile/v1 document.`);
    for (const ticks of profile.files.values()) lines += ticks.size;
    if (lines > PROFILE_LINES_MAX)
      return refuse(
        'profile-malformed',
        `The profiles name more than ${PROFILE_LINES_MAX} lines: aggregate them first.`,
      );
    found.push(profile);
  }
  return ok(found);
}

function readProfile(value: unknown): PrincipalProfile | null {
  if (typeof value !== 'object' || value === null) return null;
  // Any object may be read by name; each field is checked below.
  const { schema, principal, paidMinor, files } = value as Record<string, unknown>;
  if (schema !== 'jamnet/profile/v1' || typeof principal !== 'string' || !/^[\w.:/-]{1,128}$/.test(principal))
    return null;
  if (typeof paidMinor !== 'string' || !/^\d{1,15}$/.test(paidMinor)) return null;
  if (typeof files !== 'object' || files === null) return null;
  const read = new Map<string, ReadonlyMap<number, number>>();
  for (const [path, rows] of Object.entries(files)) {
    const ticks = readTicks(rows);
    if (ticks === null) return null;
    read.set(path, ticks);
  }
  return { principal, paidMinor: BigInt(paidMinor), files: read };
}

function readTicks(rows: unknown): ReadonlyMap<number, number> | null {
  if (!Array.isArray(rows)) return null;
  const ticks = new Map<number, number>();
  for (const row of rows) {
    if (!Array.isArray(row) || row.length !== 2) return null;
    const [line, count]: unknown[] = row;
    if (!isCount(line) || line === 0 || !isCount(count) || ticks.has(line)) return null;
    ticks.set(line, count);
  }
  return ticks;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 2 ** 40;
}

/** Lines on top of the stack in a V8 CPU profile (`--cpu-prof`, `Profiler.stop`), of files under `rootUrl` only. */
export function linesOfCpuProfile(profile: unknown, rootUrl: string): Map<string, Map<number, number>> {
  const files = new Map<string, Map<number, number>>();
  const nodes = field(profile, 'nodes');
  for (const node of Array.isArray(nodes) ? nodes : []) {
    const url = field(field(node, 'callFrame'), 'url');
    const rows = field(node, 'positionTicks');
    const path = typeof url === 'string' ? pathBelow(rootUrl, url) : null;
    if (path === null || !Array.isArray(rows) || /(^|\/)node_modules\//.test(path)) continue;
    const lines = files.get(path) ?? new Map<number, number>();
    files.set(path, lines);
    for (const row of rows) {
      const [line, ticks] = [field(row, 'line'), field(row, 'ticks')];
      if (isCount(line) && line > 0 && isCount(ticks)) lines.set(line, (lines.get(line) ?? 0) + ticks);
    }
  }
  return files;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
