import { assert, present, type Refusal, refuse } from '@jamnet/base';
import { CONTRIBUTION_KINDS, type ContributionKind } from '../records/kinds.ts';
import {
  type Contribution,
  checkContribution,
  checkUse,
  type PayeeWeight,
  type Use,
} from '../records/records.ts';
import { Float64Column, groupByKey, Names, Uint32Column } from './column.ts';
import type { EpochCode, EpochTerms } from './epoch-terms.ts';

/** Records of one epoch: what two billion bytes of memory hold several times over. */
export const EPOCH_LIMITS = { contributions: 8_000_000, uses: 40_000_000 } as const;

type Limits = Readonly<Record<keyof typeof EPOCH_LIMITS, number>>;

/**
 * An epoch's contributions and uses as columns: each text once, numbers in typed arrays, so that millions of records
 * cost tens of bytes each. Records are checked as they come in and may be forgotten by the caller.
 */
export class EpochColumns {
  readonly #terms: Pick<EpochTerms, 'policy' | 'window'>;
  readonly #limits: Limits;
  readonly #meters: readonly { kind: ContributionKind; kindNumber: number; weight: number }[];
  readonly #meterNumbers: ReadonlyMap<string, number>;
  readonly contributions = new Names();
  readonly payees = new Names();
  readonly #groups = new Names();
  readonly principals = new Names();
  /** Of each contribution: its meter's number × 2, plus 1 when it is of an earlier epoch. */
  readonly #meterOf = new Uint32Column();
  readonly #merits = new Float64Column();
  readonly #groupOf = new Uint32Column();
  /** Of each contribution the end of its payees in the two columns below. */
  readonly #payeeEnds = new Uint32Column();
  readonly #payeeOf = new Uint32Column();
  readonly #payeeWeights = new Float64Column();
  readonly #usePrincipals = new Uint32Column();
  readonly #useContributions = new Uint32Column();
  readonly #useMeters = new Uint32Column();
  readonly #useQuantities = new Float64Column();
  #byPrincipal: UsesByPrincipal | null = null;

  constructor(terms: Pick<EpochTerms, 'policy' | 'window'>, limits: Limits = EPOCH_LIMITS) {
    this.#terms = terms;
    this.#limits = limits;
    const meters = Object.entries(terms.policy.meters);
    this.#meters = meters.map(([, { kind, weight }]) => ({
      kind,
      kindNumber: CONTRIBUTION_KINDS.indexOf(kind),
      weight,
    }));
    this.#meterNumbers = new Map(meters.map(([name], number) => [name, number]));
  }

  get uses(): number {
    return this.#usePrincipals.length;
  }

  /** `null` when it was taken; contributions before the uses that name them. */
  addContribution(contribution: Contribution, earlier = false): Refusal<EpochCode> | null {
    const checked = checkContribution(contribution);
    if (!checked.ok) return checked;
    const { id, payees } = contribution;
    const fault = this.#contributionFault(contribution);
    if (fault) return fault;
    this.takeContribution({
      id,
      meter: this.meterNumber(contribution.meter),
      merit: Number(contribution.merit),
      payees: payees.map(({ payee, weight }) => ({ payee, weight: Number(weight) })),
      ownerGroup: contribution.ownerGroup,
      earlier,
    });
    return null;
  }

  /** Takes a record that was checked when the store took it, and that is not here yet. */
  takeContribution({ id, meter, merit, payees, ownerGroup, earlier }: CheckedContribution): void {
    assert(this.contributions.size < this.#limits.contributions, 'the limit was looked at before');
    this.contributions.numberOf(id);
    this.#meterOf.push(meter * 2 + (earlier ? 1 : 0));
    this.#merits.push(merit);
    this.#groupOf.push(this.#groups.numberOf(ownerGroup));
    for (const { payee, weight } of payees) {
      this.#payeeOf.push(this.payees.numberOf(payee));
      this.#payeeWeights.push(weight);
    }
    this.#payeeEnds.push(this.#payeeOf.length);
  }

  /** Takes a checked use of a contribution that is here; all by number, the principal's name may follow. */
  takeUse(contribution: number, meter: number, quantity: number, principal: number): void {
    assert(this.uses < this.#limits.uses, 'the limit was looked at before');
    this.#byPrincipal = null;
    this.#usePrincipals.push(principal);
    this.#useContributions.push(contribution);
    this.#useMeters.push(meter);
    this.#useQuantities.push(quantity);
  }

  addUse(use: Use): Refusal<EpochCode> | null {
    const checked = checkUse(use);
    if (!checked.ok) return checked;
    const used = this.contributions.find(use.contribution);
    if (used < 0)
      return refuse(
        'use-of-unknown-contribution',
        `Use ${use.row}: contribution ${use.contribution} is not known.`,
      );
    const rule = this.#terms.policy.meters[use.meter];
    if (!rule) return refuse('unknown-meter', `Use ${use.row}: the policy has no meter ${use.meter}.`);
    if (rule.kind !== this.kindOf(used))
      return refuse(
        'meter-of-other-kind',
        `Use ${use.row}: ${use.meter} measures ${rule.kind}, not ${this.kindOf(used)}.`,
      );
    if (this.uses >= this.#limits.uses)
      return refuse(
        'epoch-too-large',
        `An epoch holds at most ${this.#limits.uses} uses: sum them up first.`,
      );
    const principal = this.principals.numberOf(use.principal);
    this.takeUse(used, this.meterNumber(use.meter), Number(use.quantity), principal);
    return null;
  }

  kindOf(contribution: number): ContributionKind {
    return present(this.#meters[this.#meterOf.at(contribution) >>> 1], 'meter').kind;
  }

  payeesOf(contribution: number): PayeeWeight[] {
    const payees: PayeeWeight[] = [];
    const start = contribution === 0 ? 0 : this.#payeeEnds.at(contribution - 1);
    for (let at = start; at < this.#payeeEnds.at(contribution); at++)
      payees.push({
        payee: this.payees.text(this.#payeeOf.at(at)),
        weight: BigInt(this.#payeeWeights.at(at)),
      });
    return payees;
  }

  /** Payee of a contribution that has only one, or −1. */
  onlyPayeeOf(contribution: number): number {
    const start = contribution === 0 ? 0 : this.#payeeEnds.at(contribution - 1);
    return this.#payeeEnds.at(contribution) - start === 1 ? this.#payeeOf.at(start) : -1;
  }

  /** Contributions that tell who belongs together: those of one payee; what the payee's last one told is not repeated. */
  *owners(): Generator<Pick<Contribution, 'payees' | 'ownerGroup'>> {
    const told = new Uint32Array(this.payees.size);
    for (let n = 0; n < this.contributions.size; n++) {
      const payee = this.onlyPayeeOf(n);
      const group = this.#groupOf.at(n);
      if (payee < 0 || told[payee] === group + 1) continue;
      told[payee] = group + 1;
      yield {
        payees: [{ payee: this.payees.text(payee), weight: 1n }],
        ownerGroup: this.#groups.text(group),
      };
    }
  }

  /** What of the kind was accepted in this epoch and has merit: contribution and merit × the meter's weight. */
  meritOf(kind: ContributionKind): WeightedContributions {
    const found = new Weighing();
    for (let n = 0; n < this.contributions.size; n++) {
      const meter = this.#meterOf.at(n);
      const rule = present(this.#meters[meter >>> 1], 'meter');
      const merit = this.#merits.at(n);
      if ((meter & 1) === 0 && rule.kind === kind && merit > 0) found.add(n, merit, rule.weight);
    }
    return found;
  }

  /** What a principal used of each kind, each contribution once; in the order of {@link CONTRIBUTION_KINDS}. */
  usedBy(principal: string): readonly WeightedContributions[] {
    const kinds = CONTRIBUTION_KINDS.map(() => new Weighing());
    const number = this.principals.find(principal);
    if (number < 0) return kinds;
    this.#byPrincipal ??= this.#groupUses();
    const { order, starts, contributions } = this.#byPrincipal;
    const end = starts[number + 1] ?? 0;
    for (let k = starts[number] ?? 0; k < end; k++) {
      const at = order[k] ?? 0;
      const { kindNumber, weight } = present(this.#meters[this.#useMeters.at(at)], 'meter');
      const used = contributions[at] ?? 0;
      present(kinds[kindNumber], 'kind').add(used, this.#useQuantities.at(at), weight);
    }
    return kinds;
  }

  /** Gives up the memory of uses: nobody has used anything any more. */
  forgetUses(): void {
    this.#byPrincipal = null;
    for (const column of [this.#usePrincipals, this.#useContributions, this.#useMeters, this.#useQuantities])
      column.clear();
  }

  /** Uses by principal and, of each, by contribution. */
  #groupUses(): UsesByPrincipal {
    const contributions = this.#useContributions.whole();
    const { order: byContribution } = groupByKey(contributions, this.contributions.size);
    const { order, starts } = groupByKey(this.#usePrincipals.whole(), this.principals.size, byContribution);
    return { order, starts, contributions };
  }

  #contributionFault({ id, meter, kind, acceptedAtUs }: Contribution): Refusal<EpochCode> | null {
    const rule = this.#terms.policy.meters[meter];
    if (this.contributions.find(id) >= 0)
      return refuse('duplicate-contribution', `Contribution ${id} is there twice.`);
    if (!rule) return refuse('unknown-meter', `Contribution ${id}: the policy has no meter ${meter}.`);
    if (rule.kind !== kind)
      return refuse(
        'meter-of-other-kind',
        `Contribution ${id}: ${meter} measures ${rule.kind}, not ${kind}.`,
      );
    if (acceptedAtUs >= this.#terms.window.endUs)
      return refuse(
        'contribution-after-epoch',
        `Contribution ${id} was accepted after the epoch: it belongs to the next.`,
      );
    return this.contributions.size >= this.#limits.contributions
      ? refuse('epoch-too-large', `An epoch holds at most ${this.#limits.contributions} contributions.`)
      : null;
  }

  meterNames(): string[] {
    return [...this.#meterNumbers.keys()];
  }

  /** Place of a meter in the policy, or −1. */
  meterNumber(name: string): number {
    return this.#meterNumbers.get(name) ?? -1;
  }
}

/** A contribution as the store keeps it: checked, its meter by its place in the policy, amounts as exact numbers. */
export interface CheckedContribution {
  readonly id: string;
  readonly meter: number;
  readonly merit: number;
  readonly payees: readonly { readonly payee: string; readonly weight: number }[];
  readonly ownerGroup: string;
  readonly earlier: boolean;
}

interface UsesByPrincipal {
  readonly order: Uint32Array;
  readonly starts: Uint32Array;
  readonly contributions: Uint32Array;
}

/** Numbers of contributions with what each weighs; none twice. Bigints where a double would not be exact. */
export interface WeightedContributions {
  readonly ids: readonly number[];
  readonly weights: readonly number[] | readonly bigint[];
}

/** Sums amounts of one contribution that come one after another. */
class Weighing implements WeightedContributions {
  readonly ids: number[] = [];
  readonly #exact: number[] = [];
  #wide: bigint[] | null = null;

  get weights(): readonly number[] | readonly bigint[] {
    return this.#wide ?? this.#exact;
  }

  add(contribution: number, amount: number, weight: number): void {
    const last = this.ids.length - 1;
    const again = this.ids[last] === contribution;
    const at = again ? last : last + 1;
    if (!again) this.ids.push(contribution);
    const sum = (again ? (this.#exact[at] ?? 0) : 0) + amount * weight;
    if (this.#wide === null && sum > Number.MAX_SAFE_INTEGER) this.#wide = this.#exact.map(BigInt);
    if (this.#wide === null) this.#exact[at] = sum;
    else this.#wide[at] = (again ? (this.#wide[at] ?? 0n) : 0n) + BigInt(amount) * BigInt(weight);
  }
}
