import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, RELEASE } from '@jamnet/base';
import {
  type Database,
  migrate,
  openDatabase,
  type PlannedStep,
  planSchemas,
  refuseNewerSchema,
  schemaStates,
} from '@jamnet/sql';
import { lockDirectory } from '../config/directory-lock.ts';
import { schemasOf } from './studio-schemas.ts';

/** Which studio: its directory, and its database where that is elsewhere. */
export interface UpgradePlace {
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
}

/**
 * What an upgrade asks of who runs the studio. `none`: there is nothing to do, or processes may be replaced one after another. `restart`: the
 * studio has its database to itself, and starting the new release brings it up to date. `stop`: all processes of the old release end first.
 */
export type Downtime = 'none' | 'restart' | 'stop';

export interface UpgradePlan {
  readonly release: string;
  readonly engine: Database['engine'];
  readonly downtime: Downtime;
  readonly steps: readonly PlannedStep[];
  /** Rows that all steps read or write at most. */
  readonly rows: number;
}

export interface UpgradeReport {
  readonly release: string;
  readonly engine: Database['engine'];
  /** Steps that were done now, in their order. */
  readonly done: readonly { readonly store: string; readonly step: string }[];
}

/** What starting this release would change in a studio's tables; writes nothing, the studio may run. Throws `data-directory-missing`, `schema-too-new`. */
export async function planUpgrade(place: UpgradePlace): Promise<UpgradePlan> {
  return withDatabase(place, async (database) => {
    const { engine } = database;
    const steps = await planSchemas(database, await schemasOf(database));
    const rows = steps.flatMap(({ changes }) => changes).reduce((sum, change) => sum + change.rows, 0);
    return { release: RELEASE, engine, downtime: downtimeOf(engine, steps), steps, rows };
  });
}

/** Brings the tables up to date without starting the studio. Throws as {@link planUpgrade}, and `data-directory-in-use`. */
export async function upgradeStudio(
  place: UpgradePlace,
  onStep: (done: { readonly store: string; readonly step: string }) => void = () => undefined,
): Promise<UpgradeReport> {
  needDirectory(place);
  const lock = lockDirectory(place.dataDirectory);
  if (!lock.ok) throw new Failure(lock.code, lock.message);
  try {
    return await withDatabase(place, async (database) => {
      const { engine } = database;
      const schemas = await schemasOf(database);
      // Before the first step of any store.
      await refuseNewerSchema(database, await schemaStates(database, schemas));
      const done: { store: string; step: string }[] = [];
      for (const { store, steps } of schemas) {
        for (const step of await migrate(database, store, steps)) {
          done.push({ store, step });
          onStep({ store, step });
        }
      }
      return { release: RELEASE, engine, done };
    });
  } finally {
    lock.value.release();
  }
}

/** By what the steps do, and by who else may be at the database meanwhile. */
export function downtimeOf(
  engine: Database['engine'],
  steps: readonly Pick<PlannedStep, 'isOnline'>[],
): Downtime {
  if (steps.length === 0) return 'none';
  if (engine === 'sqlite') return 'restart';
  return steps.every(({ isOnline }) => isOnline) ? 'none' : 'stop';
}

async function withDatabase<T>(place: UpgradePlace, work: (database: Database) => Promise<T>): Promise<T> {
  needDirectory(place);
  const database = openDatabase({ directory: place.dataDirectory, databaseUrl: place.databaseUrl });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Opening would make a database where none is. */
function needDirectory({ dataDirectory, databaseUrl }: UpgradePlace): void {
  if (databaseUrl !== undefined || existsSync(join(dataDirectory, 'jamnet.sqlite'))) return;
  throw new Failure(
    'data-directory-missing',
    `There is no studio's database in ${dataDirectory}: name its --data directory.`,
  );
}
