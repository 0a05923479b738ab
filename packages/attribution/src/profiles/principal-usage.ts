import type { LineCounts } from '../core/lcov.ts';
import type { PrincipalProfile } from './read-profile.ts';

/** A use counts in thousandths of a minor unit, so that a line which is one part in a thousand of a session still counts. */
export const USES_PER_MINOR_UNIT = 1000n;

/**
 * What each principal paid, divided among the lines their sessions ran: u_i = Σ_p ⌊1000·r_p·ticks_ip / Σ_j ticks_jp⌋. Running a
 * line more often only divides one's own payment otherwise, so a bot that pays nothing moves nothing. Profiles of one principal
 * are added up first: splitting a session gains nothing.
 */
export function usesByPrincipal(profiles: readonly PrincipalProfile[]): LineCounts {
  const uses = new Map<string, Map<number, number>>();
  for (const { paidMinor, files } of joinByPrincipal(profiles)) {
    let total = 0n;
    for (const lines of files.values()) for (const ticks of lines.values()) total += BigInt(ticks);
    if (total === 0n) continue;
    for (const [path, lines] of files) {
      for (const [line, ticks] of lines) {
        const part = Number((USES_PER_MINOR_UNIT * paidMinor * BigInt(ticks)) / total);
        add(uses, path, line, part);
      }
    }
  }
  return uses;
}

/** Payments and ticks of profiles with one principal, added up. */
function joinByPrincipal(profiles: readonly PrincipalProfile[]): PrincipalProfile[] {
  const joined = new Map<string, { paidMinor: bigint; files: Map<string, Map<number, number>> }>();
  for (const { principal, paidMinor, files } of profiles) {
    const found = joined.get(principal) ?? { paidMinor: 0n, files: new Map() };
    joined.set(principal, found);
    found.paidMinor += paidMinor;
    for (const [path, lines] of files) for (const [line, ticks] of lines) add(found.files, path, line, ticks);
  }
  return [...joined].map(([principal, found]) => ({ principal, ...found }));
}

function add(into: Map<string, Map<number, number>>, path: string, line: number, count: number): void {
  const lines = into.get(path) ?? new Map<number, number>();
  lines.set(line, (lines.get(line) ?? 0) + count);
  into.set(path, lines);
}
