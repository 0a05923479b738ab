import { ok, type Result, refuse } from '@jamnet/base';

/** How much of a studio is simulated. */
export interface ScaleSize {
  /** Machines that repair and are paid. */
  readonly hosts: number;
  /** People: all pay, some of them play in rooms or own hosts. */
  readonly members: number;
  readonly rooms: number;
  /** Simulated days from the first of a month; the month that is under way then is run to its end and closed. */
  readonly days: number;
  /** Tasks created a day. */
  readonly tasksPerDay: number;
}

/** A few seconds of a processor a seed, so that `npm test` runs twenty: two months are closed, and what the first paid leaves. */
export const SMALL_SCALE: ScaleSize = { hosts: 10, members: 24, rooms: 3, days: 38, tasksPerDay: 8 };

/** The largest that is taken: memory grows with tasks and contributions, some 2 kB each. */
const SIZE_MAX: ScaleSize = {
  hosts: 20_000,
  members: 200_000,
  rooms: 10_000,
  days: 370,
  tasksPerDay: 50_000,
};

export type SizeCode = 'size-out-of-range';

export function checkSize(size: ScaleSize): Result<ScaleSize, SizeCode> {
  for (const name of Object.keys(SIZE_MAX) as (keyof ScaleSize)[]) {
    const value = size[name];
    if (!Number.isInteger(value) || value < 1 || value > SIZE_MAX[name])
      return refuse(
        'size-out-of-range',
        `${name} is a whole number from 1 to ${SIZE_MAX[name]}, not ${value}.`,
      );
  }
  return ok(size);
}
