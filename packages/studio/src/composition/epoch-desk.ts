import { bigintAsText, ok, type Result, refuse } from '@jamnet/base';
import type { Economy, EpochInfo } from '@jamnet/economy';

/** A close that runs: which steps are done, in the order in which they ended. */
interface Closing {
  readonly done: string[];
  readonly sinceUs: string;
}

export interface UnclosedEpoch extends EpochInfo {
  readonly unfiledCode: readonly string[];
  readonly closing: Readonly<Closing> | null;
}

export interface EpochDesk {
  /** Epochs that are not closed, the oldest first, with what each still lacks and how far its close is. */
  unclosed(): Promise<Result<readonly UnclosedEpoch[]>>;
  preview(epochId: string): Promise<Result<unknown>>;
  close(epochId: string): Promise<Result<unknown>>;
}

export interface EpochDeskParts {
  readonly economy: Pick<Economy, 'unclosedEpochs' | 'epoch' | 'dryRun' | 'close'>;
  /** Repositories that would earn in an epoch and are not filed. */
  readonly unfiledCode: (epochId: string) => Result<readonly string[]>;
  /** Turns what hosts did into contributions, and waits so long for the last looks at it. */
  readonly settleHosts: (waitMs: number) => Promise<unknown>;
  readonly publishBooks: () => Promise<void>;
  readonly nowUs: () => bigint;
}

/** Last looks at what hosts did take seconds on a studio's own host; what takes longer is paid with the next epoch. */
const SETTLE_MS_MAX = { preview: 5_000, close: 30_000 } as const;

/** Epochs as their operator sees them. A close goes on whoever stops watching it: who comes back asks how far it is. */
export function epochDesk(parts: EpochDeskParts): EpochDesk {
  const { economy, unfiledCode, settleHosts, publishBooks, nowUs } = parts;
  const closing = new Map<string, Closing>();
  const viewed = (epoch: EpochInfo): Result<UnclosedEpoch> => {
    const unfiled = unfiledCode(epoch.id);
    if (!unfiled.ok) return unfiled;
    const running = closing.get(epoch.id);
    // As it is now: a close goes on while this is told.
    const seen = running === undefined ? null : { ...running, done: [...running.done] };
    return ok({ ...epoch, unfiledCode: unfiled.value, closing: seen });
  };
  return {
    unclosed: async () => {
      const views: UnclosedEpoch[] = [];
      for (const epoch of await economy.unclosedEpochs()) {
        const view = viewed(epoch);
        if (!view.ok) return view;
        views.push(view.value);
      }
      return ok(views);
    },
    preview: async (epochId) => {
      const epoch = await economy.epoch(epochId);
      if (epoch?.state === 'closed')
        return refuse('epoch-closed', `Epoch ${epochId} is closed: "jamnet epoch show" has what it paid.`);
      if (epoch?.state === 'open') await settleHosts(SETTLE_MS_MAX.preview);
      const preview = await economy.dryRun(epochId);
      if (!preview.ok) return preview;
      const { publicEpoch, payments } = preview.value;
      const { revenueCents, contributorShareCents, issuedMicroJam, cashCents } = publicEpoch;
      const figures = { revenueCents, contributorShareCents, issuedMicroJam, cashCents };
      const paid = payments.map(({ payee, microJam, cents }) => ({ payee, microJam, cents }));
      return ok(asJson({ epochId, ...figures, payments: paid }));
    },
    close: async (epochId) => {
      const unfiled = unfiledCode(epochId);
      if (!unfiled.ok) return unfiled;
      if (unfiled.value.length > 0)
        return refuse(
          'code-not-filed',
          `Code of ${unfiled.value.join(', ')} would earn nothing in ${epochId}: run "jamnet code file ${epochId}" first, or take it off code/repositories.json.`,
        );
      const first = closing.get(epochId);
      const progress: Closing = first ?? { done: [], sinceUs: nowUs().toString() };
      closing.set(epochId, progress);
      try {
        const isOpen = (await economy.epoch(epochId))?.state === 'open';
        if (first === undefined && isOpen) await settleHosts(SETTLE_MS_MAX.close);
        const onPhase = (phase: string): void => {
          if (!progress.done.includes(phase)) progress.done.push(phase);
        };
        const closed = await economy.close(nowUs(), epochId, { onPhase });
        if (!closed.ok) return closed;
        await publishBooks();
        return ok(asJson(closed.value));
      } finally {
        // A second request for the same close waits for the first and shares its progress.
        if (first === undefined) closing.delete(epochId);
      }
    },
  };
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, bigintAsText));
}
