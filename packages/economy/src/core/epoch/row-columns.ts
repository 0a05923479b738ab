import { present } from '@jamnet/base';
import { apportion } from '../money/apportion.ts';
import type { Policy } from '../policy/policy.ts';
import { rowNames } from '../public/public-epoch.ts';
import { type ByKind, byKind, CONTRIBUTION_KINDS, type ContributionKind } from '../records/kinds.ts';
import { type RowRule, SHARE_UNITS } from '../records/rows.ts';
import { BigColumn, type Grouped, groupByKey, Uint32Column } from './column.ts';
import type { EpochColumns, WeightedContributions } from './epoch-columns.ts';
import type { PaidByPrincipal } from './revenue.ts';
import type { PublicRow, RowSource, WeighedRow } from './settle.ts';

/** A row of money without its shares. */
export interface RowHead {
  readonly rowId: string;
  readonly rule: RowRule;
  readonly kind: ContributionKind;
  /** 10⁻⁶ cent of net revenue: cents × parts per million of the kind, so nothing is rounded here. */
  readonly netMicroCents: bigint;
  /** The payer of a use row; `null` for merit rows, which hold many. */
  readonly principal: string | null;
}

/** One share of a row: who earns how much of {@link SHARE_UNITS}, and by which contribution. */
export interface RowShare {
  readonly row: RowHead;
  readonly contribution: string;
  readonly weight: bigint;
}

export interface RowInput {
  readonly policy: Policy;
  readonly epochId: string;
  readonly paid: PaidByPrincipal;
  readonly columns: EpochColumns;
  readonly carriedCents: ByKind<bigint>;
  readonly rowKey: Uint8Array;
}

/**
 * Steps 3 and 4: each principal's money by kind, and each kind's by his own use or else by verified merit. Rows stay in
 * columns, 16 bytes a share, and become objects one at a time, in the order of their public names.
 */
export class RowColumns implements RowSource {
  readonly #columns: EpochColumns;
  readonly #epochId: string;
  readonly #payeeRanks: Uint32Array;
  readonly #rowIds: string[] = [];
  readonly #nets: bigint[] = [];
  /** Of each row: (the payer's number + 1, or 0 for merit) × 4 + the kind's number. */
  readonly #payersAndKinds = new Uint32Column();
  /** Of each row, in the order of building, the end of its shares. */
  readonly #ends = new Uint32Column();
  readonly #contributions = new Uint32Column();
  readonly #payees = new Uint32Column();
  readonly #weights = new BigColumn();
  /** Rows in the order of their names. */
  readonly #order: Uint32Array;
  #byPayee: { grouped: Grouped; rows: Uint32Array; shares: Uint32Array } | null = null;

  constructor(input: RowInput) {
    this.#columns = input.columns;
    this.#epochId = input.epochId;
    this.#payeeRanks = input.columns.payees.ranks();
    const nameOf = rowNames(input.rowKey, input.epochId);
    const unused = byKind(() => 0n);
    for (const [principal, amounts] of input.paid) {
      const used = input.columns.usedBy(principal);
      const net = splitByKind(input.policy, amounts);
      for (const kind of CONTRIBUTION_KINDS) {
        const weights = used.get(kind);
        if (net[kind] === 0n) continue;
        if (weights === undefined) unused[kind] += net[kind];
        else {
          const rowId = nameOf(principal, kind);
          this.#add({ rowId, rule: 'use', kind, principal, netMicroCents: net[kind] }, weights);
        }
      }
    }
    for (const kind of CONTRIBUTION_KINDS) {
      if (unused[kind] === 0n && input.carriedCents[kind] === 0n) continue;
      const merit = input.columns.meritOf(kind);
      if (merit.ids.length === 0) continue;
      const rowId = nameOf(null, kind);
      this.#add({ rowId, rule: 'merit', kind, principal: null, netMicroCents: unused[kind] }, merit);
    }
    this.#order = Uint32Array.from(this.#rowIds.keys());
    this.#order.sort((a, b) => (this.#rowId(a) < this.#rowId(b) ? -1 : 1));
  }

  get shares(): number {
    return this.#payees.length;
  }

  *heads(): Generator<RowHead> {
    for (const row of this.#order) yield this.#head(row);
  }

  /** Without payer, times and contributions: shares summed by payee and sorted. */
  *publicRows(): Generator<PublicRow> {
    for (const row of this.#order) {
      const { rowId, rule, kind, netMicroCents } = this.#head(row);
      const shares: { payee: string; weight: bigint }[] = [];
      let last = -1;
      for (let at = this.#start(row); at < this.#ends.at(row); at++) {
        const payee = this.#payees.at(at);
        const weight = this.#weights.at(at);
        const before = shares[shares.length - 1];
        if (payee === last && before) before.weight += weight;
        else shares.push({ payee: this.#columns.payees.text(payee), weight });
        last = payee;
      }
      yield { rowId, rule, kind, netMicroCents, shares };
    }
  }

  /** Σ row weight × share, by payee. */
  points(weightOf: (row: WeighedRow) => bigint): ReadonlyMap<string, bigint> {
    const sums = new Array<bigint>(this.#columns.payees.size).fill(0n);
    for (const row of this.#order) {
      const weight = weightOf(this.#head(row));
      if (weight === 0n) continue;
      for (let at = this.#start(row); at < this.#ends.at(row); at++) {
        const payee = this.#payees.at(at);
        sums[payee] = (sums[payee] ?? 0n) + weight * this.#weights.at(at);
      }
    }
    const points = new Map<string, bigint>();
    sums.forEach((sum, payee) => {
      if (sum > 0n) points.set(this.#columns.payees.text(payee), sum);
    });
    return points;
  }

  /** Everybody with a share in some row, in code-unit order. */
  payees(): string[] {
    const seen = new Uint8Array(this.#columns.payees.size);
    for (let at = 0; at < this.shares; at++) seen[this.#payees.at(at)] = 1;
    const found: string[] = [];
    seen.forEach((mark, number) => {
      if (mark === 1) found.push(this.#columns.payees.text(number));
    });
    return found.sort();
  }

  /** A payee's shares, ordered by row and contribution. */
  sharesOf(payee: string): RowShare[] {
    const number = this.#columns.payees.find(payee);
    if (number < 0 || this.shares === 0) return [];
    this.#byPayee ??= this.#groupByPayee();
    const { grouped, rows, shares } = this.#byPayee;
    const { order, starts } = grouped;
    const own: RowShare[] = [];
    let lastRow = this.#order[0] ?? 0;
    let head = this.#head(lastRow);
    for (let k = starts[number] ?? 0; k < (starts[number + 1] ?? 0); k++) {
      const place = present(order[k], 'place');
      const share = present(shares[place], 'share');
      const row = present(rows[place], 'row');
      if (row !== lastRow) head = this.#head(row);
      lastRow = row;
      own.push({
        row: head,
        contribution: this.#columns.contributions.text(this.#contributions.at(share)),
        weight: this.#weights.at(share),
      });
    }
    return own.sort(byRowThenContribution);
  }

  /** Shares in the order of their rows' names, with their rows. */
  #groupByPayee() {
    const rows = new Uint32Array(this.shares);
    const shares = new Uint32Array(this.shares);
    let place = 0;
    for (const row of this.#order) {
      for (let at = this.#start(row); at < this.#ends.at(row); at++) {
        rows[place] = row;
        shares[place++] = at;
      }
    }
    const payeeAt = (at: number): number => this.#payees.at(shares[at] ?? 0);
    return { grouped: groupByKey(this.shares, this.#columns.payees.size, payeeAt), rows, shares };
  }

  /** Contribution weights → shares of payees, by largest remainder twice; the shares sum to {@link SHARE_UNITS}. */
  #add(head: RowHead, { ids, weights }: WeightedContributions): void {
    const { contributions, payees } = this.#columns;
    const nameOf = (index: number): string => contributions.text(present(ids[index], 'id'));
    const parts = apportion(SHARE_UNITS, weights, nameOf, this.#epochId);
    const shares: { contribution: number; payee: number; weight: bigint }[] = [];
    ids.forEach((contribution, index) => {
      const part = present(parts[index], 'part');
      const only = this.#columns.onlyPayeeOf(contribution);
      if (only >= 0) shares.push({ contribution, payee: only, weight: part });
      else {
        const split = this.#columns.payeesOf(contribution);
        splitAmongPayees(part, split, this.#epochId).forEach((weight, k) => {
          shares.push({ contribution, payee: payees.find(present(split[k], 'payee').payee), weight });
        });
      }
    });
    shares.sort((a, b) => this.#rank(a.payee) - this.#rank(b.payee));
    for (const { contribution, payee, weight } of shares) {
      if (weight === 0n) continue;
      this.#contributions.push(contribution);
      this.#payees.push(payee);
      this.#weights.push(weight);
    }
    const payer = head.principal === null ? 0 : this.#columns.principals.find(head.principal) + 1;
    this.#rowIds.push(head.rowId);
    this.#nets.push(head.netMicroCents);
    this.#payersAndKinds.push(payer * CONTRIBUTION_KINDS.length + CONTRIBUTION_KINDS.indexOf(head.kind));
    this.#ends.push(this.#payees.length);
  }

  #rank(payee: number): number {
    return this.#payeeRanks[payee] ?? 0;
  }

  #head(row: number): RowHead {
    const payerAndKind = this.#payersAndKinds.at(row);
    const payer = Math.floor(payerAndKind / CONTRIBUTION_KINDS.length);
    return {
      rowId: this.#rowId(row),
      rule: payer === 0 ? 'merit' : 'use',
      kind: present(CONTRIBUTION_KINDS[payerAndKind % CONTRIBUTION_KINDS.length], 'kind'),
      netMicroCents: present(this.#nets[row], 'net'),
      principal: payer === 0 ? null : this.#columns.principals.text(payer - 1),
    };
  }

  #rowId(row: number): string {
    return present(this.#rowIds[row], 'row');
  }

  #start(row: number): number {
    return row === 0 ? 0 : this.#ends.at(row - 1);
  }
}

function splitByKind(
  policy: Policy,
  amounts: readonly { stream: keyof Policy['streams']; cents: bigint }[],
): ByKind<bigint> {
  const net = byKind(() => 0n);
  for (const { stream, cents } of amounts) {
    const split = policy.streams[stream].kindsPpm;
    for (const kind of CONTRIBUTION_KINDS) net[kind] += cents * BigInt(split[kind]);
  }
  return net;
}

function splitAmongPayees(
  part: bigint,
  payees: readonly { payee: string; weight: bigint }[],
  epochId: string,
): bigint[] {
  return apportion(
    part,
    payees.map(({ weight }) => weight),
    (index) => present(payees[index], 'payee').payee,
    epochId,
  );
}

function byRowThenContribution(a: RowShare, b: RowShare): number {
  if (a.row.rowId !== b.row.rowId) return a.row.rowId < b.row.rowId ? -1 : 1;
  return a.contribution < b.contribution ? -1 : 1;
}
