import { compareBytes, encodeUtf8 } from '@jamnet/base';
import type { RoundHost } from '../round-types.ts';
import { taggedHash } from '../tagged-hash.ts';

const DOMAIN = 'jamnet/groove/rank/v1';

/** Who may forecast what; a group is never drawn for a performance of its own, or of a group it is linked with. */
export interface Candidate extends RoundHost {
  /** Owner groups with which this one is known to have dealings: it forecasts for none of them. */
  readonly linkedGroups: readonly string[];
}

export interface DrawnPerformance {
  readonly performance: string;
  readonly performerGroup: string;
}

/**
 * The hosts of one performance: owner groups in the order of SHA-256(seed ‖ performance ‖ group), of each group its first node
 * by the same rule. More keys of one owner do not raise its chance, and nobody can choose whom it forecasts.
 */
export function drawHosts(
  seed: Uint8Array,
  { performance, performerGroup }: DrawnPerformance,
  candidates: readonly Candidate[],
  count: number,
): RoundHost[] {
  const rank = (name: string): Uint8Array =>
    taggedHash(DOMAIN, seed, encodeUtf8(performance), encodeUtf8(name));
  const first = new Map<string, { host: RoundHost; node: Uint8Array }>();
  for (const { node, ownerGroup, linkedGroups } of candidates) {
    if (ownerGroup === performerGroup || linkedGroups.includes(performerGroup)) continue;
    const drawn = { host: { node, ownerGroup }, node: rank(`node/${node}`) };
    const known = first.get(ownerGroup);
    if (!known || compareBytes(drawn.node, known.node) < 0) first.set(ownerGroup, drawn);
  }
  return [...first.values()]
    .map(({ host }) => ({ host, group: rank(`group/${host.ownerGroup}`) }))
    .sort((a, b) => compareBytes(a.group, b.group))
    .slice(0, count)
    .map(({ host }) => host);
}
