import { present } from '@jamnet/base';
import { apportion } from '../money/apportion.ts';
import { HALF, ShareDivider } from '../money/share-units.ts';
import type { Policy } from '../policy/policy.ts';
import { type ByKind, byKind, CONTRIBUTION_KINDS, type ContributionKind } from '../records/kinds.ts';
import { groupByKey, Uint32Column } from './column.ts';
import type { EpochColumns, WeightedContributions } from './epoch-columns.ts';
import { EpochShares, type RowTable, type ShareTable } from './epoch-shares.ts';
import type { PaidByPrincipal } from './revenue.ts';
import { RowNames } from './row-names.ts';

export interface RowInput {
  readonly policy: Policy;
  readonly epochId: string;
  readonly paid: PaidByPrincipal;
  readonly columns: EpochColumns;
  readonly carriedCents: ByKind<bigint>;
  /** Public name of a row, 32 bytes; no principal for merit. */
  readonly nameOf: (principal: string | null, kind: ContributionKind) => Uint8Array;
}

/** Steps 3 and 4: each principal's money by kind, and each kind's by his own use or else by verified merit. */
export function buildRows(input: RowInput): EpochShares {
  const rows = new RowBuilder(input);
  const unused = byKind(() => 0n);
  for (const [principal, amounts] of input.paid) {
    const used = input.columns.usedBy(principal);
    const net = splitByKind(input.policy, amounts);
    CONTRIBUTION_KINDS.forEach((kind, number) => {
      const weights = present(used[number], 'kind');
      if (net[kind] === 0n) return;
      if (weights.ids.length === 0) unused[kind] += net[kind];
      else rows.add(principal, kind, net[kind], weights);
    });
  }
  for (const kind of CONTRIBUTION_KINDS) {
    if (unused[kind] === 0n && input.carriedCents[kind] === 0n) continue;
    const merit = input.columns.meritOf(kind);
    if (merit.ids.length > 0) rows.add(null, kind, unused[kind], merit);
  }
  return rows.finish();
}

class RowBuilder {
  readonly #input: RowInput;
  readonly #divider: ShareDivider;
  readonly #names = new RowNames();
  readonly #nets: bigint[] = [];
  readonly #payersAndKinds = new Uint32Column();
  readonly #rowOf = new Uint32Column();
  readonly #contributions = new Uint32Column();
  readonly #payees = new Uint32Column();
  readonly #high = new Uint32Column();
  readonly #low = new Uint32Column();

  constructor(input: RowInput) {
    this.#input = input;
    this.#divider = new ShareDivider(input.epochId);
  }

  /** Contribution weights → shares of payees, by largest remainder twice; the shares sum to 10¹⁸. */
  add(principal: string | null, kind: ContributionKind, net: bigint, own: WeightedContributions): void {
    const { columns, nameOf } = this.#input;
    const { ids, weights } = own;
    const idOf = (index: number): string => columns.contributions.text(present(ids[index], 'id'));
    this.#divider.divide(weights, idOf);
    for (let index = 0; index < ids.length; index++) {
      const contribution = ids[index] ?? 0;
      const [high, low] = [this.#divider.high(index), this.#divider.low(index)];
      const only = columns.onlyPayeeOf(contribution);
      if (only >= 0) this.#push(contribution, only, high, low);
      else this.#split(contribution, BigInt(high) * BigInt(HALF) + BigInt(low));
    }
    const payer = principal === null ? 0 : columns.principals.find(principal) + 1;
    this.#names.push(nameOf(principal, kind));
    this.#nets.push(net);
    this.#payersAndKinds.push(payer * CONTRIBUTION_KINDS.length + CONTRIBUTION_KINDS.indexOf(kind));
  }

  /** Rows in the order of their names; shares by payee, then row. */
  finish(): EpochShares {
    // Shares are made: uses are not needed any more, and memory is short here.
    this.#input.columns.forgetUses();
    const order = this.#names.order();
    const placeOf = new Uint32Array(order.length);
    order.forEach((row, place) => {
      placeOf[row] = place;
    });
    const rows: RowTable = {
      ids: this.#names.inOrder(order),
      payersAndKinds: Uint32Array.from(order, (row) => this.#payersAndKinds.at(row)),
      nets: Array.from(order, (row) => present(this.#nets[row], 'net')),
    };
    return new EpochShares(rows, this.#sharesByPayee(placeOf));
  }

  #sharesByPayee(placeOf: Uint32Array): ShareTable {
    const { payees } = this.#input.columns;
    const ranks = payees.ranks();
    const rowOf = this.#rowOf.drain();
    for (let at = 0; at < rowOf.length; at++) rowOf[at] = placeOf[rowOf[at] ?? 0] ?? 0;
    const rankOf = this.#payees.drain();
    for (let at = 0; at < rankOf.length; at++) rankOf[at] = ranks[rankOf[at] ?? 0] ?? 0;
    const byRow = groupByKey(rowOf, placeOf.length);
    const { order, starts } = groupByKey(rankOf, payees.size, byRow.order);
    const names = new Array<string>(payees.size);
    ranks.forEach((rank, number) => {
      names[rank] = payees.text(number);
    });
    return {
      ...withShares(names, starts),
      rows: picked(rowOf, order),
      contributions: picked(this.#contributions.drain(), order),
      high: picked(this.#high.drain(), order),
      low: picked(this.#low.drain(), order),
    };
  }

  #split(contribution: number, part: bigint): void {
    const { columns, epochId } = this.#input;
    const payees = columns.payeesOf(contribution);
    const weights = payees.map(({ weight }) => weight);
    const keyOf = (index: number): string => present(payees[index], 'payee').payee;
    apportion(part, weights, keyOf, epochId).forEach((weight, index) => {
      const payee = columns.payees.find(keyOf(index));
      this.#push(contribution, payee, Number(weight / BigInt(HALF)), Number(weight % BigInt(HALF)));
    });
  }

  #push(contribution: number, payee: number, high: number, low: number): void {
    if (high === 0 && low === 0) return;
    this.#rowOf.push(this.#nets.length);
    this.#contributions.push(contribution);
    this.#payees.push(payee);
    this.#high.push(high);
    this.#low.push(low);
  }
}

/** Only those who have a share. */
function withShares(
  names: readonly string[],
  starts: Uint32Array,
): { payees: string[]; starts: Uint32Array } {
  const payees: string[] = [];
  const own: number[] = [];
  names.forEach((name, number) => {
    if (starts[number] === starts[number + 1]) return;
    payees.push(name);
    own.push(starts[number] ?? 0);
  });
  return { payees, starts: Uint32Array.from([...own, starts[names.length] ?? 0]) };
}

function picked(values: Uint32Array, order: Uint32Array): Uint32Array {
  const own = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at++) own[at] = values[order[at] ?? 0] ?? 0;
  return own;
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
