import { assert, present } from '@jamnet/base';
import { EPOCH_LIMITS, type EpochColumns } from '../../core/epoch/epoch-columns.ts';
import { Numbered } from '../../core/epoch/numbered.ts';
import { chunksOf, type Tables } from '../context.ts';
import { knownNames } from '../intake/use-rows.ts';
import { payeesOf } from './read-contributions.ts';
import type { RecordReader, UseCells } from './record-reader.ts';
import { takenThrough } from './uses-taken.ts';

/**
 * Takes the open uses up to a number into columns: those behind the last mark and those that waited. `contributions` are
 * the epoch's by their rows' numbers. Uses of others are kept aside until it is known which of these were taken before.
 * Answers the numbers of uses that wait: their contribution was accepted after the epoch, or its meter is not of this policy.
 */
export async function readUses(
  tables: Tables,
  columns: EpochColumns,
  contributions: Numbered,
  reader: RecordReader,
  through: bigint,
): Promise<bigint[]> {
  const meters = await metersOf(tables, columns);
  const principals = new Numbered();
  const aside: UseCells[] = [];
  const waiting: bigint[] = [];
  const take = (used: number, meter: number, quantity: number, principal: number): void => {
    assert(columns.uses < EPOCH_LIMITS.uses, 'an epoch of more uses than fit');
    columns.takeUse(used, meter, quantity, principals.numberOf(principal));
  };
  const takePage = (page: readonly UseCells[]): void => {
    for (const cells of page) {
      const [number, contribution, meterNumber, quantity, principal] = cells;
      const meter = meters.get(meterNumber);
      const used = contributions.find(contribution);
      if (meter === undefined) waiting.push(BigInt(number));
      else if (used < 0) aside.push(cells);
      else take(used, meter, quantity, principal);
    }
  };
  for (const numbers of chunksOf(await waitingNumbers(tables))) takePage(await usesOf(tables, numbers));
  const after = Number(await takenThrough(tables));
  for await (const page of reader.uses(after, Number(through))) takePage(page);
  await takeEarlier(tables, columns, contributions, aside);
  for (const [number, contribution, meter, quantity, principal] of aside) {
    const used = contributions.find(contribution);
    if (used < 0) waiting.push(BigInt(number));
    else take(used, present(meters.get(meter), 'meter'), quantity, principal);
  }
  await namePrincipals(columns, principals, reader);
  return waiting;
}

/** Places in the policy of meters by their names' numbers. */
async function metersOf(tables: Tables, columns: EpochColumns): Promise<ReadonlyMap<number, number>> {
  const known = await knownNames(tables, columns.meterNames());
  return new Map([...known].map(([name, number]) => [Number(number), columns.meterNumber(name)]));
}

async function waitingNumbers(tables: Tables): Promise<bigint[]> {
  const rows = await tables.selectFrom('economy_use_waiting').select('number').execute();
  return rows.map(({ number }) => number);
}

async function usesOf(tables: Tables, numbers: readonly bigint[]): Promise<UseCells[]> {
  const rows = await tables
    .selectFrom('economy_use')
    .select(['number', 'contribution', 'meter', 'quantity', 'principal'])
    .where('number', 'in', [...numbers])
    .execute();
  return rows.map(({ number, contribution, meter, quantity, principal }) => [
    Number(number),
    Number(contribution),
    Number(meter),
    Number(quantity),
    Number(principal),
  ]);
}

/** Contributions that an epoch before this one took, as far as uses name them. */
async function takeEarlier(
  tables: Tables,
  columns: EpochColumns,
  contributions: Numbered,
  uses: readonly UseCells[],
): Promise<void> {
  const named = new Set(uses.map(([, contribution]) => BigInt(contribution)));
  for (const numbers of chunksOf([...named])) {
    const rows = await tables
      .selectFrom('economy_contribution')
      .select(['number', 'id', 'meter', 'payees', 'merit', 'owner_group'])
      .where('number', 'in', [...numbers])
      .where('epoch_id', 'is not', null)
      .execute();
    for (const { number, id, meter: name, payees, merit, owner_group: ownerGroup } of rows) {
      const meter = columns.meterNumber(name);
      if (meter < 0) continue;
      contributions.numberOf(Number(number));
      const amounts = { merit: Number(merit), payees: payeesOf(payees) };
      columns.takeContribution({ id, meter, ...amounts, ownerGroup, earlier: true });
    }
  }
}

/** Names of the principals that used something, under the numbers their uses were taken with. */
async function namePrincipals(
  columns: EpochColumns,
  principals: Numbered,
  reader: RecordReader,
): Promise<void> {
  const names = new Array<string>(principals.size);
  for await (const page of reader.names())
    for (const [number, name] of page) {
      const principal = principals.find(number);
      if (principal >= 0) names[principal] = name;
    }
  names.forEach((name, principal) => {
    assert(columns.principals.numberOf(name) === principal, 'principals are named once, in their order');
  });
  assert(columns.principals.size === principals.size, 'every principal has a name');
}
