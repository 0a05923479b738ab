export const TRY_AGAIN_MS = 1_000;

export interface KeptTrying {
  /** Does the work once and never fails: what fails is told, and tried again until it works. */
  readonly start: () => Promise<void>;
  /** Gives up what waits to be tried again; ends when nothing works any more. */
  readonly close: () => Promise<void>;
}

/** `later` calls once after so many ms and answers how to give that up. */
export function keepTrying(
  work: () => Promise<void>,
  later: (work: () => void, delayMs: number) => () => void,
  onFailure: (error: unknown) => void,
): KeptTrying {
  let giveUp: (() => void) | null = null;
  let last: Promise<void> = Promise.resolve();
  let isClosed = false;
  const start = (): Promise<void> => {
    last = work().catch((error: unknown) => {
      onFailure(error);
      if (isClosed) return;
      // However many failed, one waits.
      giveUp ??= later(() => {
        giveUp = null;
        void start();
      }, TRY_AGAIN_MS);
    });
    return last;
  };
  return {
    start,
    close: async () => {
      isClosed = true;
      giveUp?.();
      await last;
    },
  };
}
