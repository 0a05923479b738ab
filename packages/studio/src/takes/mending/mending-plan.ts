import { existsSync, readFileSync } from 'node:fs';
import { writeWhole } from '../../config/write-whole.ts';
import type { Hole } from '../repair-excerpts.ts';

/** One excerpt that hosts were asked to mend. */
export interface MendedExcerpt {
  /** Id of the task. */
  readonly task: string;
  /** Hashes under which the mesh keeps what hosts get, and what they made of it; null while nothing of them holds. */
  readonly input: string;
  readonly result: string | null;
  readonly track: number;
  readonly bits: number;
  /** In samples of the room's timeline, as sorted as in the take. */
  readonly holes: readonly Hole[];
}

/** What hosts were asked to do about one take of the archive. */
export interface MendingPlan {
  /** False while excerpts are still being cut: after a crash they are cut again. */
  readonly isWhole: boolean;
  readonly excerpts: readonly MendedExcerpt[];
}

export function readPlan(file: string): MendingPlan | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as MendingPlan) : null; // Written below.
}

export function writePlan(file: string, plan: MendingPlan): void {
  writeWhole(file, JSON.stringify(plan));
}
