import type { Economy } from '@jamnet/economy';
import type { Database } from '@jamnet/sql';
import { shownEpochId } from '../composition/books-view.ts';
import type { StudioServices } from '../http/services.ts';
import { checkpointFigures } from './checkpoint-figures.ts';
import { HealthDesk, type StudioFigures } from './health-desk.ts';
import { schemaSteps } from './schema-steps.ts';
import { type CheckedParts, studioChecks } from './studio-checks.ts';

export interface HealthOptions extends CheckedParts {
  readonly database: Database;
  readonly version: string;
  readonly economy: Economy;
  readonly meshQueue: () => Promise<StudioFigures['meshQueue']> | null;
  /** Verifier keys of the witnesses that count. */
  readonly witnesses: readonly string[];
  /** Asked when somebody asks, so that they may be made later. */
  readonly services: () => Pick<StudioServices, 'books' | 'filer' | 'groove' | 'relays'>;
  readonly nowUs: () => bigint;
}

/** The desk that tells how a studio is, over its parts and this process. */
export function openHealth(options: HealthOptions): HealthDesk {
  const { database, version, nowUs } = options;
  return new HealthDesk({
    checks: studioChecks(options),
    run: () => ({
      jamnet: version,
      node: process.version,
      engine: database.engine,
      upSeconds: Math.floor(process.uptime()),
      relays: options
        .services()
        .relays.list()
        .map(({ id, rooms, players }) => ({ id, rooms, players })),
    }),
    figures: () => figuresOf(options),
    clock: {
      nowMs: () => performance.now(),
      later: (task, afterMs) => {
        const timer = setTimeout(task, afterMs);
        return () => clearTimeout(timer);
      },
    },
    nowUs,
  });
}

async function figuresOf(options: HealthOptions): Promise<StudioFigures> {
  const { books, filer, groove } = options.services();
  const { economy, nowUs, logDirectory, logVkey, witnesses } = options;
  const epoch = await shownEpochId(economy, nowUs());
  const unfiled = epoch === null ? null : filer.unfiled(epoch);
  const [last] = (await books.epochs({ after: null, limit: 1 })).rows;
  return {
    schemas: await schemaSteps(options.database),
    meshQueue: (await options.meshQueue()) ?? { queued: 0, running: 0, checking: 0, accepted: 0, failed: 0 },
    grooveRounds: groove.rounds,
    unfiledCode: epoch !== null && unfiled?.ok ? { epoch, repositories: unfiled.value.length } : null,
    lastEpoch: last ? { epoch: last.epoch, closedAtUs: last.closedAtUs.toString() } : null,
    checkpoint: await checkpointFigures(logDirectory, logVkey, witnesses),
  };
}
