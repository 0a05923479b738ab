import { present } from '@jamnet/base';
import { HALF } from '../money/share-units.ts';
import { CONTRIBUTION_KINDS, type ContributionKind } from '../records/kinds.ts';
import type { RowRule } from '../records/rows.ts';
import { type Grouped, groupByKey } from './column.ts';
import type { PublicRow, RowSource, WeighedRow } from './settle.ts';

const HALF_UNITS = BigInt(HALF);
export const ROW_ID_BYTES = 32;

/** A row of money without its shares. */
export interface RowHead {
  readonly rowId: string;
  readonly rule: RowRule;
  readonly kind: ContributionKind;
  /** 10⁻⁶ cent of net revenue: cents × parts per million of the kind, so nothing is rounded here. */
  readonly netMicroCents: bigint;
  /** Number of the payer of a use row; −1 for merit rows, which hold many. */
  readonly principal: number;
}

/** Rows as columns, in the order of their names. */
export interface RowTable {
  /** {@link ROW_ID_BYTES} a row. */
  readonly ids: Uint8Array;
  /** Of each row: (the payer's number + 1, or 0 for merit) × 4 + the kind's number. */
  readonly payersAndKinds: Uint32Array;
  readonly nets: readonly bigint[];
}

/** Shares as columns: those of one payee side by side, payees in code-unit order, each payee's in the order of rows. */
export interface ShareTable {
  readonly payees: readonly string[];
  /** Of each payee the first share, and at the end their number. */
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
  readonly contributions: Uint32Array;
  /** A share is `high · 10⁹ + low` of 10¹⁸. */
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

interface ByRow extends Grouped {
  readonly payees: Uint32Array;
}

/** What an epoch's money was divided by: all that a settlement, the public file and every explanation are made of. */
export class EpochShares implements RowSource {
  readonly rows: RowTable;
  readonly shares: ShareTable;
  #byRow: ByRow | null = null;

  constructor(rows: RowTable, shares: ShareTable) {
    this.rows = rows;
    this.shares = shares;
  }

  get rowCount(): number {
    return this.rows.payersAndKinds.length;
  }

  *heads(): Generator<RowHead> {
    for (let row = 0; row < this.rowCount; row++) yield headOf(this.rows, row);
  }

  /** Σ row weight × share, by payee; in the order of payees. */
  points(weightOf: (row: WeighedRow) => bigint): ReadonlyMap<string, bigint> {
    const weights = Array.from({ length: this.rowCount }, (_, row) => weightOf(weighedRow(this.rows, row)));
    const { payees, starts, rows, high, low } = this.shares;
    const points = new Map<string, bigint>();
    payees.forEach((payee, number) => {
      let upper = 0n;
      let lower = 0n;
      const end = starts[number + 1] ?? 0;
      for (let at = starts[number] ?? 0; at < end; at++) {
        const weight = weights[rows[at] ?? 0] ?? 0n;
        if (weight === 0n) continue;
        upper += weight * BigInt(high[at] ?? 0);
        lower += weight * BigInt(low[at] ?? 0);
      }
      const sum = upper * HALF_UNITS + lower;
      if (sum > 0n) points.set(payee, sum);
    });
    return points;
  }

  /** First of a row's places in the order by row, payees in order within each. */
  rowStart(row: number): number {
    return this.#inOrder().starts[row] ?? 0;
  }

  rowEnd(row: number): number {
    return this.#inOrder().starts[row + 1] ?? 0;
  }

  /** Number of the payee at a place in the order by row. */
  payeeAt(place: number): number {
    return this.#inOrder().payees[place] ?? 0;
  }

  highAt(place: number): number {
    return this.shares.high[this.#inOrder().order[place] ?? 0] ?? 0;
  }

  lowAt(place: number): number {
    return this.shares.low[this.#inOrder().order[place] ?? 0] ?? 0;
  }

  #inOrder(): ByRow {
    if (this.#byRow) return this.#byRow;
    const { order, starts } = groupByKey(this.shares.rows, this.rowCount);
    const payeeOf = spread(this.shares.starts);
    this.#byRow = { order, starts, payees: order.map((share) => payeeOf[share] ?? 0) };
    return this.#byRow;
  }

  /** Without payer, times and contributions: shares summed by payee and sorted. */
  *publicRows(): Generator<PublicRow> {
    for (let row = 0; row < this.rowCount; row++) {
      const { rowId, rule, kind, netMicroCents } = headOf(this.rows, row);
      const shares: { payee: string; weight: bigint }[] = [];
      let last = -1;
      for (let place = this.rowStart(row); place < this.rowEnd(row); place++) {
        const payee = this.payeeAt(place);
        const weight = BigInt(this.highAt(place)) * HALF_UNITS + BigInt(this.lowAt(place));
        const before = shares[shares.length - 1];
        if (payee === last && before) before.weight += weight;
        else shares.push({ payee: present(this.shares.payees[payee], 'payee'), weight });
        last = payee;
      }
      yield { rowId, rule, kind, netMicroCents, shares };
    }
  }
}

/** The share as one amount, of 10¹⁸. */
export function weightAt({ high, low }: Pick<ShareTable, 'high' | 'low'>, share: number): bigint {
  return BigInt(high[share] ?? 0) * HALF_UNITS + BigInt(low[share] ?? 0);
}

export function headOf(rows: RowTable, row: number): RowHead {
  const principal = Math.floor((rows.payersAndKinds[row] ?? 0) / CONTRIBUTION_KINDS.length) - 1;
  return { rowId: hexOf(rows.ids, row * ROW_ID_BYTES), ...weighedRow(rows, row), principal };
}

function weighedRow(rows: RowTable, row: number): WeighedRow {
  const payerAndKind = rows.payersAndKinds[row] ?? 0;
  return {
    rule: payerAndKind < CONTRIBUTION_KINDS.length ? 'merit' : 'use',
    kind: present(CONTRIBUTION_KINDS[payerAndKind % CONTRIBUTION_KINDS.length], 'kind'),
    netMicroCents: present(rows.nets[row], 'net'),
  };
}

/** Of each place between two starts the number of the first. */
function spread(starts: Uint32Array): Uint32Array {
  const numbers = new Uint32Array(starts[starts.length - 1] ?? 0);
  for (let number = 0; number + 1 < starts.length; number++)
    numbers.fill(number, starts[number] ?? 0, starts[number + 1] ?? 0);
  return numbers;
}

/** Hex as one flat string: pieces put together stay a rope of a kilobyte a name. */
function hexOf(bytes: Uint8Array, start: number): string {
  const codes: number[] = [];
  for (let at = start; at < start + ROW_ID_BYTES; at++) {
    const byte = bytes[at] ?? 0;
    codes.push(HEX.charCodeAt(byte >> 4), HEX.charCodeAt(byte & 15));
  }
  return String.fromCharCode(...codes);
}

const HEX = '0123456789abcdef';
