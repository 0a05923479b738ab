import { expect, test } from 'vitest';
import { ScaleBroken } from './scale-broken.ts';
import type { ScaleSize } from './scale-size.ts';
import { simulateScale } from './simulate-scale.ts';
import { PLANTED_FAULTS } from './testing/planted-faults.ts';

/** The least that reaches every desk: two closed months, and what the first paid on its way out. */
const LEAST: ScaleSize = { hosts: 10, members: 24, rooms: 2, days: 38, tasksPerDay: 8 };
const SEEDS = 6;

test.each(PLANTED_FAULTS)(
  'planted: $name; a checker finds it',
  async ({ between, fileBug, foundBy }) => {
    let found: unknown = null;
    for (let seed = 0; seed < SEEDS && found === null; seed++) {
      const planted = { ...(between ? { between: between() } : {}), ...(fileBug ? { fileBug } : {}) };
      await simulateScale({ seed: `planted ${seed}`, size: LEAST, ...planted }).catch((cause: unknown) => {
        found = cause;
      });
    }
    if (!(found instanceof ScaleBroken)) throw found ?? new Error('nobody found it');
    expect(foundBy).toContain(found.checker);
  },
  240_000,
);
