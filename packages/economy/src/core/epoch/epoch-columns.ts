import { present, type Refusal, refuse } from '@jamnet/base';
import type { ContributionKind } from '../records/kinds.ts';
import {
  type Contribution,
  checkContribution,
  checkUse,
  type PayeeWeight,
  type Use,
} from '../records/records.ts';
import { BigColumn, type Grouped, groupByKey, Names, Uint32Column } from './column.ts';
import type { EpochCode, EpochTerms } from './epoch-terms.ts';

/** Records of one epoch: what two billion bytes of memory hold several times over. */
const EPOCH_LIMITS = { contributions: 8_000_000, uses: 40_000_000 } as const;

type Limits = Readonly<Record<keyof typeof EPOCH_LIMITS, number>>;

/**
 * An epoch's contributions and uses as columns: each text once, numbers in typed arrays, so that millions of records
 * cost tens of bytes each. Records are checked as they come in and may be forgotten by the caller.
 */
export class EpochColumns {
  readonly #terms: Pick<EpochTerms, 'policy' | 'window'>;
  readonly #limits: Limits;
  readonly #meters: readonly { kind: ContributionKind; weight: bigint }[];
  readonly #meterNumbers: ReadonlyMap<string, number>;
  readonly contributions = new Names();
  readonly payees = new Names();
  readonly #groups = new Names();
  readonly principals = new Names();
  /** Of each contribution: its meter's number × 2, plus 1 when it is of an earlier epoch. */
  readonly #meterOf = new Uint32Column();
  readonly #merits = new BigColumn();
  readonly #groupOf = new Uint32Column();
  /** Of each contribution the end of its payees in the two columns below. */
  readonly #payeeEnds = new Uint32Column();
  readonly #payeeOf = new Uint32Column();
  readonly #payeeWeights = new BigColumn();
  readonly #usePrincipals = new Uint32Column();
  readonly #useContributions = new Uint32Column();
  readonly #useMeters = new Uint32Column();
  readonly #useQuantities = new BigColumn();
  #byPrincipal: Grouped | null = null;

  constructor(terms: Pick<EpochTerms, 'policy' | 'window'>, limits: Limits = EPOCH_LIMITS) {
    this.#terms = terms;
    this.#limits = limits;
    const meters = Object.entries(terms.policy.meters);
    this.#meters = meters.map(([, { kind, weight }]) => ({ kind, weight: BigInt(weight) }));
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
    this.contributions.numberOf(id);
    this.#meterOf.push(this.#meterNumber(contribution.meter) * 2 + (earlier ? 1 : 0));
    this.#merits.push(contribution.merit);
    this.#groupOf.push(this.#groups.numberOf(contribution.ownerGroup));
    for (const { payee, weight } of payees) {
      this.#payeeOf.push(this.payees.numberOf(payee));
      this.#payeeWeights.push(weight);
    }
    this.#payeeEnds.push(this.#payeeOf.length);
    return null;
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
    this.#byPrincipal = null;
    this.#usePrincipals.push(this.principals.numberOf(use.principal));
    this.#useContributions.push(used);
    this.#useMeters.push(this.#meterNumber(use.meter));
    this.#useQuantities.push(use.quantity);
    return null;
  }

  kindOf(contribution: number): ContributionKind {
    return present(this.#meters[this.#meterOf.at(contribution) >>> 1], 'meter').kind;
  }

  payeesOf(contribution: number): PayeeWeight[] {
    const payees: PayeeWeight[] = [];
    const start = contribution === 0 ? 0 : this.#payeeEnds.at(contribution - 1);
    for (let at = start; at < this.#payeeEnds.at(contribution); at++)
      payees.push({ payee: this.payees.text(this.#payeeOf.at(at)), weight: this.#payeeWeights.at(at) });
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
    const found: { ids: number[]; weights: bigint[] } = { ids: [], weights: [] };
    for (let n = 0; n < this.contributions.size; n++) {
      const meter = this.#meterOf.at(n);
      const rule = present(this.#meters[meter >>> 1], 'meter');
      if ((meter & 1) === 1 || rule.kind !== kind) continue;
      const merit = this.#merits.at(n);
      if (merit === 0n) continue;
      found.ids.push(n);
      found.weights.push(merit * rule.weight);
    }
    return found;
  }

  /** What a principal used of each kind, each contribution once. */
  usedBy(principal: string): ReadonlyMap<ContributionKind, WeightedContributions> {
    const kinds = new Map<ContributionKind, { ids: number[]; weights: bigint[] }>();
    const number = this.principals.find(principal);
    if (number < 0) return kinds;
    this.#byPrincipal ??= groupByKey(this.uses, this.principals.size, (at) => this.#usePrincipals.at(at));
    const { order, starts } = this.#byPrincipal;
    const own: number[] = [];
    for (let k = starts[number] ?? 0; k < (starts[number + 1] ?? 0); k++) own.push(order[k] ?? 0);
    own.sort((a, b) => this.#useContributions.at(a) - this.#useContributions.at(b));
    for (const at of own) {
      const used = this.#useContributions.at(at);
      const { kind, weight } = present(this.#meters[this.#useMeters.at(at)], 'meter');
      const list = kinds.get(kind) ?? { ids: [], weights: [] };
      const last = list.ids.length - 1;
      const amount = this.#useQuantities.at(at) * weight;
      if (list.ids[last] === used) list.weights[last] = (list.weights[last] ?? 0n) + amount;
      else {
        list.ids.push(used);
        list.weights.push(amount);
      }
      kinds.set(kind, list);
    }
    return kinds;
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

  #meterNumber(name: string): number {
    return this.#meterNumbers.get(name) ?? -1;
  }
}

/** Numbers of contributions with what each weighs; none twice. */
export interface WeightedContributions {
  readonly ids: readonly number[];
  readonly weights: readonly bigint[];
}
