/**
 * How to start Node for a process that handles sound. With its usual garbage collection a real-time thread waits for helper
 * threads that have no priority: measured on a busy machine, one period in a hundred came 2 to 1,000 ms late with helpers, and
 * 0.2 to 0.4 ms without. A small old space is collected whole every few seconds, 20 to 67 ms each: measured in the relay and
 * the proxy. None of the flags can be set once Node runs.
 */
export const REALTIME_NODE_FLAGS: readonly string[] = [
  '--single-threaded-gc',
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--initial-old-space-size=512',
  '--expose-gc',
];
