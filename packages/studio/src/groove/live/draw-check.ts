import type { Leaf } from '@jamnet/ledger/verifier';

/** A draw that is not opened keeps its studio from fixing another for so long: a day. µs. */
export const UNOPENED_US = 86_400_000_000n;

export interface DrawsChecked {
  readonly opened: number;
  /** Given up after their day; each is a choice that the studio may have made. */
  readonly unopened: number;
  /** Leaf of the draw that waits, if one does. */
  readonly waiting: number | null;
  /** What no honest studio's log shows, as a sentence; else `null`. */
  readonly fault: string | null;
}

/**
 * Reads a log's draws in order. Between one that is fixed and the next its end has to stand, and an end without an opening not
 * before a day has passed: else a studio could fix draw after draw and go on with the one it likes.
 */
export function checkDraws(leaves: readonly Leaf[]): DrawsChecked {
  let [opened, unopened] = [0, 0];
  let waiting: { leaf: number; acceptedAtUs: bigint } | null = null;
  const answer = (fault: string | null): DrawsChecked => ({
    opened,
    unopened,
    waiting: waiting?.leaf ?? null,
    fault,
  });
  for (const [index, leaf] of leaves.entries()) {
    if (leaf.type !== 'record' || !leaf.kind.startsWith('groove-draw-')) continue;
    if (leaf.kind === 'groove-draw-fixed') {
      if (waiting)
        return answer(`leaf ${index} fixes a draw while the one of leaf ${waiting.leaf} has no end`);
      waiting = { leaf: index, acceptedAtUs: leaf.acceptedAtUs };
      continue;
    }
    if (!waiting || leaf.key !== `${leaf.kind}:${waiting.leaf}`)
      return answer(`leaf ${index} ends a draw that does not wait`);
    const isOpened = leaf.kind === 'groove-draw-opened';
    if (!isOpened && leaf.acceptedAtUs - waiting.acceptedAtUs < UNOPENED_US)
      return answer(`leaf ${index} gives the draw of leaf ${waiting.leaf} up before its day is over`);
    if (isOpened) opened++;
    else unopened++;
    waiting = null;
  }
  return answer(null);
}
