import { present } from '@jamnet/base';
import type { Use } from '../../core/records/records.ts';
import { chunksOf, type Tables } from '../context.ts';

/** A use with its texts, as it was brought. */
export interface NamedUse {
  readonly id: string;
  readonly contribution: string;
  readonly meter: string;
  readonly quantity: bigint;
  readonly principal: string;
}

export function namedUse({ row, contribution, meter, quantity, principal }: Use): NamedUse {
  return { id: row, contribution, meter, quantity, principal };
}

/** Uses that are stored, by their ids. */
export function storedUses(tables: Tables, ids: readonly string[]): Promise<NamedUse[]> {
  return tables
    .selectFrom('economy_use')
    .innerJoin('economy_contribution', 'economy_contribution.number', 'economy_use.contribution')
    .innerJoin('economy_name as meter', 'meter.number', 'economy_use.meter')
    .innerJoin('economy_name as principal', 'principal.number', 'economy_use.principal')
    .select([
      'economy_use.row_id as id',
      'economy_contribution.id as contribution',
      'meter.name as meter',
      'economy_use.quantity as quantity',
      'principal.name as principal',
    ])
    .where('economy_use.row_id', 'in', [...ids])
    .execute();
}

/** Stores uses that are new, of contributions with these numbers. */
export async function insertUses(
  transaction: Tables,
  uses: readonly NamedUse[],
  contributions: ReadonlyMap<string, bigint>,
): Promise<void> {
  const names = new Set(uses.flatMap(({ meter, principal }) => [meter, principal]));
  const numbers = await numbersOfNames(transaction, [...names]);
  for (const chunk of chunksOf(uses)) {
    const values = chunk.map(({ id, contribution, meter, quantity, principal }) => ({
      row_id: id,
      contribution: present(contributions.get(contribution), contribution),
      meter: present(numbers.get(meter), meter),
      quantity,
      principal: present(numbers.get(principal), principal),
    }));
    await transaction
      .insertInto('economy_use')
      .values(values)
      .onConflict((c) => c.column('row_id').doNothing())
      .execute();
  }
}

/** Numbers of names, given now to those that have none. */
async function numbersOfNames(tables: Tables, names: readonly string[]): Promise<Map<string, bigint>> {
  const known = await knownNames(tables, names);
  // In one order everywhere: two calls that name the same never wait for each other.
  const fresh = names.filter((name) => !known.has(name)).sort();
  for (const chunk of chunksOf(fresh))
    await tables
      .insertInto('economy_name')
      .values(chunk.map((name) => ({ name })))
      .onConflict((c) => c.column('name').doNothing())
      .execute();
  for (const [name, number] of await knownNames(tables, fresh)) known.set(name, number);
  return known;
}

/** Numbers of those names that have one. */
export async function knownNames(tables: Tables, names: readonly string[]): Promise<Map<string, bigint>> {
  const known = new Map<string, bigint>();
  for (const chunk of chunksOf(names)) {
    const rows = await tables
      .selectFrom('economy_name')
      .selectAll()
      .where('name', 'in', [...chunk])
      .execute();
    for (const { name, number } of rows) known.set(name, number);
  }
  return known;
}
