import { assert } from '@jamnet/base';
import { REPAIR_SPANS_MAX } from '@jamnet/jamnode';

export interface Hole {
  readonly atSample: number;
  readonly frames: number;
}

/** A stretch of a take that one repair task sees, and the holes in it, counted from the excerpt's first sample. */
export interface RepairExcerpt {
  readonly atSample: number;
  readonly frames: number;
  readonly holes: readonly Hole[];
}

/** Strangers see at most this much of a take at once (DESIGN §8). */
export const EXCERPT_SECONDS_MAX = 2;
/** Sound on each side of a hole that a two-sided repair learns from. */
const CONTEXT_SECONDS = 0.2;

/**
 * Cuts the holes of a take into excerpts of at most 2 s, as few as their distance allows, each with 0.2 s of sound around
 * its holes where the take has it. `holes` are sorted and do not overlap; a hole longer than an excerpt can show with
 * its context is left out: nothing sensible can be put there.
 */
export function repairExcerpts(
  holes: readonly Hole[],
  takeFrames: number,
  sampleRateHz: number,
): RepairExcerpt[] {
  const framesMax = EXCERPT_SECONDS_MAX * sampleRateHz;
  const context = Math.round(CONTEXT_SECONDS * sampleRateHz);
  const groups: Hole[][] = [];
  for (const hole of holes) {
    if (hole.frames + 2 * context > framesMax) continue;
    const group = groups.at(-1);
    const first = group?.[0];
    const hasRoom = group !== undefined && group.length < REPAIR_SPANS_MAX;
    const fits =
      hasRoom && first && hole.atSample + hole.frames + context - (first.atSample - context) <= framesMax;
    if (group && fits) group.push(hole);
    else groups.push([hole]);
  }
  return groups.map((group) => excerptAround(group, takeFrames, context));
}

function excerptAround(group: readonly Hole[], takeFrames: number, context: number): RepairExcerpt {
  const first = group[0];
  const last = group.at(-1);
  assert(first && last, 'a group of holes is never empty');
  const atSample = Math.max(0, first.atSample - context);
  const end = Math.min(takeFrames, last.atSample + last.frames + context);
  const holes = group.map((hole) => ({ atSample: hole.atSample - atSample, frames: hole.frames }));
  return { atSample, frames: end - atSample, holes };
}
