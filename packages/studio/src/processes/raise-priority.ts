import { constants, setPriority } from 'node:os';

/**
 * Preloaded into processes that handle sound: asks the system to run them before others, for an audio packet is due every
 * 2.67 ms. Needs the right to (root, CAP_SYS_NICE or an rtprio limit); without it the process runs as any other.
 */
try {
  setPriority(constants.priority.PRIORITY_HIGHEST);
} catch {
  // Refused by the system: nothing to do about it here; delays are measured and shown either way.
}
