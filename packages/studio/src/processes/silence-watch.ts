/** A child says something this often. */
export const WORD_EVERY_MS = 1_000;
/** Looks in a row without a word after which a child is taken to hang: a machine that is only busy runs sound before all else. */
const SILENT_LOOKS_MAX = 3;

export interface SilenceWatch {
  /** It said something. */
  heard(): void;
  end(): void;
}

/**
 * Looks every {@link WORD_EVERY_MS} whether a child said anything since, and calls `onHang` once when it did not for three looks in a row.
 * Looks are counted, not milliseconds: after this process itself stood still (a laptop's sleep) the child gets its three looks again.
 */
export function watchSilence(
  onHang: () => void,
  every = (task: () => void, everyMs: number): (() => void) => {
    const timer = setInterval(task, everyMs).unref();
    return () => clearInterval(timer);
  },
): SilenceWatch {
  let silentLooks = 0;
  const end = every(() => {
    silentLooks++;
    if (silentLooks < SILENT_LOOKS_MAX) return;
    end();
    onHang();
  }, WORD_EVERY_MS);
  const heard = (): void => {
    silentLooks = 0;
  };
  return { heard, end };
}
