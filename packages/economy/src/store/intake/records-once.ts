import { ok, type Result, refuse } from '@jamnet/base';
import type { EconomyCode } from '../codes.ts';
import { chunksOf, RECORDS_PER_CALL_MAX } from '../context.ts';

/** How many records were new, and how many had been there before, unchanged. */
export interface Added {
  readonly added: number;
  readonly repeated: number;
}

/** How far another machine's clock may run ahead of ours. */
export const CLOCK_SKEW_US = 300_000_000n;

type Fault = Extract<Result<never, EconomyCode>, { ok: false }>;

export function firstFault<T>(records: readonly T[], faultOf: (record: T) => Fault | null): Fault | null {
  if (records.length > RECORDS_PER_CALL_MAX) {
    return refuse(
      'too-many-records',
      `${records.length} records in one call; send at most ${RECORDS_PER_CALL_MAX}.`,
    );
  }
  for (const record of records) {
    const fault = faultOf(record);
    if (fault) return fault;
  }
  return null;
}

/**
 * Members that change after a record came in, or that only say when: they do not tell whether it is the same record. A
 * contribution brought again later, as after a crash, is the same one, and its first acceptance stands.
 */
const CHANGING = new Set(['epoch_id', 'posted', 'accepted_at_us', 'number']);

/** The records not stored yet, each once; a stored one with other content refuses the call. */
export async function unknownOf<Row extends { id: string }>(
  rows: readonly Row[],
  code: EconomyCode,
  stored: (ids: string[]) => Promise<readonly Row[]>,
): Promise<Result<Row[], EconomyCode>> {
  const known = new Map<string, Row>();
  for (const chunk of chunksOf(rows))
    for (const row of await stored(chunk.map(({ id }) => id))) known.set(row.id, row);
  const fresh: Row[] = [];
  for (const row of rows) {
    const before = known.get(row.id);
    if (before === undefined) fresh.push(row);
    else if (fingerprint(before) !== fingerprint(row))
      return refuse(code, `${row.id} is stored with other content; an id is used once.`);
    known.set(row.id, row);
  }
  return ok(fresh);
}

function fingerprint(row: object): string {
  const members = Object.entries(row).filter(([name]) => !CHANGING.has(name));
  return members
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort()
    .join('\0');
}
