import { existsSync, readFileSync } from 'node:fs';
import { writeWhole } from '../config/write-whole.ts';
import type { StudioState } from './studio-state.ts';

/** What the page showed when the studio last wrote it down; nothing in a new data directory. The books are read anew anyway. */
export function readRememberedState(file: string): Partial<StudioState> {
  if (!existsSync(file)) return {};
  // Written by this program; a file of an older version may lack members, which then start empty.
  return JSON.parse(readFileSync(file, 'utf8')) as Partial<StudioState>;
}

/** Writes down what the page shows, for the next start. */
export function rememberState(file: string, state: StudioState): void {
  writeWhole(file, JSON.stringify({ ...state, evening: { ...state.evening, state: 'off' } }));
}
