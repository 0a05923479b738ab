import { seededChance } from '@jamnet/base';
import type { Bar } from '../bars.ts';
import { clamp } from '../integers.ts';
import { barsOfDrummer } from './drummer.ts';

/** A drummer whose hurry and force wander from bar to bar (a random walk that is drawn back): yesterday's bar says little. */
export function barsOfMoodyDrummer(seed: string, count: number): Bar[] {
  const chance = seededChance(`${seed}/mood`);
  let [hurryUs, force] = [0, 0];
  return barsOfDrummer(seed, count).map((bar) => {
    hurryUs = Math.round(0.5 * hurryUs + 30_000 * (chance.unit() - 0.5));
    force = Math.round(0.5 * force + 30 * (chance.unit() - 0.5));
    return {
      ...bar,
      hits: bar.hits.map((hit) => ({
        ...hit,
        offsetUs: clamp(hit.offsetUs + hurryUs, -62_500, 62_500),
        velocity: clamp(hit.velocity + force, 1, 127),
      })),
    };
  });
}
