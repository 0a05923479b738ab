import { LINUX, loadLibc, nativeMemory } from '../net/libc.ts';
import { lowerHelperThreads, raiseHelperThreads } from './helper-threads.ts';
import { settleMemory } from './settle-memory.ts';

/** Below the audio driver's thread (70 with JACK and ALSA as usually set up), above everything that is not sound. */
export const FIFO_PRIORITY = 60;

export interface ThreadPriority {
  /** `fifo`: runs before all normal work; `normal`: the system did not allow it. */
  readonly scheduling: 'fifo' | 'normal';
  /** How much later than asked the kernel may wake this thread, ns; 50,000 is Linux' default. */
  readonly timerSlackNs: number;
}

/**
 * Asks that the calling thread run before all normal work (SCHED_FIFO, sched(7)) and be woken to the nanosecond
 * (PR_SET_TIMERSLACK, prctl(2)). Needs root, CAP_SYS_NICE or an rtprio limit. A thread at this priority must block: a spinning
 * one is stopped for 50 ms of every second. Call it when everything is loaded: memory is put in order first. What the thread
 * starts later, threads and processes, runs as normal work unless `children` is `inherit`: one program that spins at this
 * priority takes a core from everybody.
 */
export function raiseThread(children: 'normal' | 'inherit' = 'normal'): ThreadPriority {
  settleMemory();
  const libc = loadLibc();
  if (libc === null) return { scheduling: 'normal', timerSlackNs: 50_000 };
  const parameter = nativeMemory(8);
  parameter.view.setInt32(0, FIFO_PRIORITY, true);
  const policy = children === 'normal' ? LINUX.schedFifo | LINUX.schedResetOnFork : LINUX.schedFifo;
  const isFifo = libc.schedSetscheduler(0, policy, parameter.address) === 0;
  if (isFifo) raiseHelperThreads();
  const isExact = libc.prctl(LINUX.prSetTimerslack, 1, 0, 0, 0) === 0;
  return { scheduling: isFifo ? 'fifo' : 'normal', timerSlackNs: isExact ? 1 : 50_000 };
}

/** Gives the priority back: what follows is not sound. */
export function lowerThread(): void {
  lowerHelperThreads();
  // Without privilege the kernel takes the flag back from nobody, and refuses whoever leaves it out.
  loadLibc()?.schedSetscheduler(0, LINUX.schedOther | LINUX.schedResetOnFork, nativeMemory(8).address);
}
