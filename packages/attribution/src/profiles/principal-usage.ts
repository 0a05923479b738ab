import type { LineCounts } from '../core/lcov.ts';
import { USES_MAX } from '../core/log-weight.ts';
import type { PrincipalProfile } from './read-profile.ts';

/** A use counts in thousandths of a minor unit, so that a line which is one part in a thousand of a session still counts. */
export const USES_PER_MINOR_UNIT = 1000n;

/**
 * What each principal paid, divided among the lines their sessions ran: u_i = Σ_p ⌊1000·r_p·ticks_ip / Σ_j ticks_jp⌋. Running a
 * line more often only divides one's own payment otherwise, so a bot that pays nothing moves nothing. Profiles of one principal
 * are added up first: splitting a session gains nothing.
 */
export function usesByPrincipal(profiles: readonly PrincipalProfile[]): LineCounts {
  const uses: LineSums = new Map();
  for (const { paidMinor, files } of joinByPrincipal(profiles)) {
    let total = 0n;
    for (const lines of files.values()) for (const ticks of lines.values()) total += ticks;
    if (total === 0n) continue;
    for (const [path, lines] of files) {
      for (const [line, ticks] of lines)
        add(uses, path, line, (USES_PER_MINOR_UNIT * paidMinor * ticks) / total);
    }
  }
  return new Map([...uses].map(([path, lines]) => [path, countsOf(lines)]));
}

/** Sums of lines, by path: exact, however much is added up. */
type LineSums = Map<string, Map<number, bigint>>;

/** Payments and ticks of profiles with one principal, added up. */
function joinByPrincipal(
  profiles: readonly PrincipalProfile[],
): Iterable<{ readonly paidMinor: bigint; readonly files: LineSums }> {
  const joined = new Map<string, { paidMinor: bigint; files: LineSums }>();
  for (const { principal, paidMinor, files } of profiles) {
    const found = joined.get(principal) ?? { paidMinor: 0n, files: new Map() };
    joined.set(principal, found);
    found.paidMinor += paidMinor;
    for (const [path, lines] of files)
      for (const [line, ticks] of lines) add(found.files, path, line, BigInt(ticks));
  }
  return joined.values();
}

function add(into: LineSums, path: string, line: number, count: bigint): void {
  const lines = into.get(path) ?? new Map<number, bigint>();
  lines.set(line, (lines.get(line) ?? 0n) + count);
  into.set(path, lines);
}

function countsOf(lines: ReadonlyMap<number, bigint>): ReadonlyMap<number, number> {
  const cut = (count: bigint): number => (count > BigInt(USES_MAX) ? USES_MAX : Number(count));
  return new Map([...lines].map(([line, count]) => [line, cut(count)]));
}
