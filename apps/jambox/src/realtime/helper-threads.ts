import { readdirSync, readFileSync } from 'node:fs';
import { LINUX, loadLibc, nativeMemory } from '../net/libc.ts';

/** Above all normal work and far below every thread that handles sound. */
const HELPER_FIFO_PRIORITY = 10;
const TASKS = '/proc/self/task';
/** As Node names the threads on which V8 compiles and collects (24 and later; before, they have no name of their own). */
const HELPERS: ReadonlySet<string> = new Set(['V8Worker', 'DelayedTaskSche']);

/**
 * Lifts the threads on which V8 compiles above normal work. A sound thread that collects memory or takes over compiled code
 * waits for them; at normal priority they wait for whatever else the machine does, and the sound with them: measured at load 3,
 * pauses of 28 to 38 ms in the first second of a stream.
 */
export function raiseHelperThreads(): void {
  setAll(LINUX.schedFifo, HELPER_FIFO_PRIORITY);
}

export function lowerHelperThreads(): void {
  setAll(LINUX.schedOther, 0);
}

function setAll(policy: number, priority: number): void {
  const libc = loadLibc();
  if (libc === null) return;
  const parameter = nativeMemory(8);
  parameter.view.setInt32(0, priority, true);
  for (const thread of helperThreads()) libc.schedSetscheduler(thread, policy, parameter.address);
}

function helperThreads(): number[] {
  try {
    return readdirSync(TASKS)
      .filter((thread) => HELPERS.has(readFileSync(`${TASKS}/${thread}/comm`, 'utf8').trim()))
      .map(Number);
  } catch {
    // A thread ended between the list and the look: they stay as they are, which costs punctuality and nothing else.
    return [];
  }
}
