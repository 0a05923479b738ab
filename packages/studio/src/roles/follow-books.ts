import type { Economy } from '@jamnet/economy';
import type { Ledger } from '@jamnet/ledger';

/** How often a process looks whether another one has gone on. */
const LOOK_MS = 1_000;

export interface BooksFollower {
  readonly ledger: Pick<Ledger, 'size'>;
  readonly economy: Pick<Economy, 'unclosedEpochs' | 'close'>;
  readonly publishBooks: () => Promise<void>;
  /** Whether this process finishes what a killed one has left. */
  readonly finishes: boolean;
  /** UTC µs. */
  readonly nowUs: () => bigint;
  readonly onFailure: (error: unknown) => void;
}

/** Publishes what other processes have written, and finishes closes that they have left; answers how to end it. */
export function followBooks(follower: BooksFollower): () => Promise<void> {
  const { onFailure } = follower;
  const look = lookOnce(follower);
  let under: Promise<void> | null = null;
  const timer = setInterval(() => {
    under ??= look()
      // The database is away for a moment; the next look tries again.
      .catch(onFailure)
      .finally(() => {
        under = null;
      });
  }, LOOK_MS);
  return async () => {
    clearInterval(timer);
    await under;
  };
}

/** One look: what is new is published once, also where a close that somebody left cannot be finished now. */
export function lookOnce({
  ledger,
  economy,
  publishBooks,
  finishes,
  nowUs,
  onFailure,
}: BooksFollower): () => Promise<void> {
  let sizeSeen = -1n;
  return async () => {
    if (finishes) await finishCloses(economy, nowUs).catch(onFailure);
    const size = await ledger.size();
    if (size === sizeSeen) return;
    await publishBooks();
    sizeSeen = size;
  };
}

/** A decided epoch whose closer died: its postings have the same keys, whoever makes them. Where the closer lives, it leads. */
async function finishCloses(economy: BooksFollower['economy'], nowUs: () => bigint): Promise<void> {
  for (const { id, state } of await economy.unclosedEpochs())
    if (state === 'settling') await economy.close(nowUs(), id);
}
