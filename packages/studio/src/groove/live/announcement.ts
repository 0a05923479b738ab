import { createHash } from 'node:crypto';
import { canonicalJson, fromHex, present } from '@jamnet/base';
import { CELLS, gridOf, type StreamHead } from '@jamnet/groove';
import { type Announcement, PERFORMANCE_BARS_MAX, type Performance } from './live-types.ts';

/** What a performer signs and hashes bars onto. */
export function headOf({ performance, performerKey, piece }: Performance, startsAtUs: number): StreamHead {
  const grid = gridOf(piece);
  const key = fromHex(performerKey);
  return {
    performance,
    performerKey: present(key, 'the key of a performance'),
    grid: present(grid.ok ? grid.value : null, 'the grid of a performance'),
    startsAtUs,
  };
}

export function performanceId(
  performerGroup: string,
  announcement: Announcement,
  openedAtUs: bigint,
): string {
  const { room, performerKey, piece, bars, announced } = announcement;
  const document = canonicalJson({
    performerGroup,
    room,
    performerKey,
    piece: JSON.stringify(piece),
    bars,
    announced: JSON.stringify(announced),
    openedAtUs: `${openedAtUs}`,
  });
  return createHash('sha256').update('jamnet/performance/v2\0').update(document).digest('hex').slice(0, 40);
}

/** Why an announcement cannot be taken, as a sentence, or `null`. */
export function announcementFault({ performerKey, piece, bars, announced }: Announcement): string | null {
  if (!/^[0-9a-f]{64}$/.test(performerKey)) return 'performerKey is an Ed25519 public key: 64 hex digits.';
  const grid = gridOf(piece);
  if (!grid.ok) return grid.message;
  if (!Number.isInteger(bars) || bars < 1 || bars > PERFORMANCE_BARS_MAX)
    return `A performance has 1 to ${PERFORMANCE_BARS_MAX} bars.`;
  if (announced === null) return null;
  const isFit =
    announced.length === bars &&
    announced.every((cells) =>
      cells.every(
        (cell, at) =>
          Number.isInteger(cell) && cell >= 0 && cell < CELLS && (at === 0 || cell > (cells[at - 1] ?? -1)),
      ),
    );
  return isFit
    ? null
    : `The score lists the cells of each of the ${bars} bars: integers 0 to ${CELLS - 1}, ascending.`;
}
