import { Failure, RELEASE } from '@jamnet/base';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import { doneSteps, type JournalledStep, journalledSteps } from './schema-journal.ts';

/** How far a database has come with one store's tables. */
export interface SchemaState {
  readonly store: string;
  /** Steps by name, in their order. */
  readonly done: readonly string[];
  /** Known to this release and not done. */
  readonly waiting: readonly string[];
  /** Done by another release, unknown to this one. */
  readonly unknown: readonly string[];
}

/** Reads only. Stores that another release has made and this one does not know come last. */
export async function schemaStates(
  database: Database,
  schemas: readonly Schema[],
): Promise<readonly SchemaState[]> {
  const states: SchemaState[] = [];
  for (const schema of schemas) states.push(await schemaState(database, schema));
  const known = new Set(schemas.map(({ store }) => store));
  const strange = (await journalledSteps(database)).filter(({ store }) => !known.has(store));
  for (const store of new Set(strange.map((each) => each.store))) {
    const unknown = strange.filter((each) => each.store === store).map(({ step }) => step);
    states.push({ store, done: [], waiting: [], unknown });
  }
  return states;
}

export async function schemaState(
  { kysely, engine }: Database,
  { store, steps }: Schema,
): Promise<SchemaState> {
  const done = await doneSteps(kysely, engine, store);
  return {
    store,
    done: done.filter((step) => Object.hasOwn(steps, step)),
    waiting: Object.keys(steps)
      .filter((step) => !done.includes(step))
      .sort(),
    unknown: done.filter((step) => !Object.hasOwn(steps, step)),
  };
}

/** Throws `schema-too-new` when a release that knows more than this one changed the tables; writes nothing. */
export async function refuseNewerSchema(database: Database, states: readonly SchemaState[]): Promise<void> {
  const newer = states.filter(({ unknown }) => unknown.length > 0);
  if (newer.length > 0) throw schemaTooNew(newer, await journalledSteps(database));
}

function schemaTooNew(newer: readonly SchemaState[], journal: readonly JournalledStep[]): Failure {
  const steps = newer.map(({ store, unknown }) => `${store} ${unknown.join(', ')}`).join('; ');
  const isNewer = ({ store, step }: JournalledStep): boolean =>
    newer.some((each) => each.store === store && each.unknown.includes(step));
  const releases = [...new Set(journal.filter(isNewer).map(({ release }) => release))].sort();
  const by = releases.length === 0 ? 'a newer JAMNet' : `JAMNet ${releases.join(' and ')}`;
  return new Failure(
    'schema-too-new',
    `The tables were changed by ${by} (${steps}), which this one (${RELEASE}) does not know. Nothing was written: start the newer one again, or restore a backup from before the upgrade into another directory.`,
  );
}
