/** Limits of recording in a page. */
export const RECORDING_LIMITS = {
  /** Longest recording: two bytes a packet and player stay in memory, 5 MiB a player at 128 frames. */
  seconds: 7_200,
  /** Blocks of half a second to a second and a half, at most 260 kB each, that may wait for the disk: 17 MB. */
  waitingBlocks: 64,
  /** Recordings that this browser keeps until the studio has them. */
  keptTakes: 16,
  /** Below this no recording is begun: what is left must do for the one that runs. */
  freeBytesMin: 64 * 1024 * 1024,
} as const;
