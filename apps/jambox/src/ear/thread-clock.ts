import { LINUX, loadLibc, nativeMemory } from '../net/libc.ts';

/**
 * A clock of the processor's time that the calling thread took, µs (CLOCK_THREAD_CPUTIME_ID, clock_gettime(2)): it stands while
 * other threads run. `null` where it is not known how to read it. Reading allocates nothing.
 */
export function threadClock(): (() => number) | null {
  const libc = loadLibc();
  if (libc === null) return null;
  const { address, view } = nativeMemory(16);
  return () => {
    libc.clockGettime(LINUX.clockThreadCputime, address);
    // Both have 64 bits, of which a thread's seconds and every nanosecond fill the lower half at most.
    return view.getUint32(0, true) * 1e6 + view.getUint32(8, true) / 1000;
  };
}
