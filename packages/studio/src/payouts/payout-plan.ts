import { ok, type Result, refuse } from '@jamnet/base';
import {
  type Destination,
  type PayeeFiles,
  type PayoutQuote,
  type PayoutRules,
  type Payouts,
  quotePayout,
  type RailName,
  type RailSetup,
} from '@jamnet/economy';

/** What would be sent to one payee, or why nothing is. */
export interface PlannedPayout {
  readonly payee: string;
  readonly payableCents: bigint;
  /** `null` while nobody knows where his money goes. */
  readonly rail: RailName | null;
  readonly quote: PayoutQuote | null;
  /** In the rail's currency. */
  readonly amountCents: bigint | null;
  readonly held: { readonly code: string; readonly reason: string } | null;
}

export interface PlanParts {
  readonly files: PayeeFiles;
  readonly payouts: Payouts;
  readonly rails: readonly RailSetup[];
  readonly rules: PayoutRules;
}

const RAIL_OF: Readonly<Record<Destination['account']['kind'], RailName>> = {
  iban: 'pain.001',
  us: 'nacha',
  stripe: 'stripe',
};

/** Weighs what is payable to one payee: limit of the day, tax, fee, every gate. Writes nothing. */
export async function planPayout(
  parts: PlanParts,
  nowUs: bigint,
  payee: string,
  payableCents: bigint,
): Promise<PlannedPayout> {
  const { destination, taxForm } = await parts.files.forPayout(nowUs, payee);
  const setup = setupFor(parts, destination);
  const base = { payee, payableCents, rail: setup.ok ? setup.value.rail.name : null };
  const nothing = { ...base, quote: null, amountCents: null };
  const heldBy = ({ code, message }: { code: string; message: string }): PlannedPayout => ({
    ...nothing,
    held: { code, reason: message },
  });
  const gross = await withinTheDay(parts, nowUs, payee, payableCents);
  if (!gross.ok) return heldBy(gross);
  const quote = quotePayout(gross.value, parts.rules, taxForm);
  // The file's own reasons come first: they say what its owner can do.
  const { bankDetailRestDays } = parts.rules;
  const taxWithheld = quote.ok && quote.value.withheldCents > 0n;
  const to = await parts.files.destinationOf(payee, nowUs, { bankDetailRestDays, taxWithheld });
  if (!to.ok) return heldBy(to);
  if (!setup.ok) return heldBy(setup);
  if (!quote.ok) return heldBy(quote);
  const { rate, rail } = setup.value;
  const amountCents = (quote.value.netCents * rate.numerator) / rate.denominator;
  const may = await rail.mayPay(to.value, amountCents);
  return may.ok ? { ...base, quote: quote.value, amountCents, held: null } : heldBy(may);
}

function setupFor({ rails, rules }: PlanParts, destination: Destination | null): Result<RailSetup> {
  if (!destination) return refuse('no-destination', 'There is no account to pay to.');
  const name = RAIL_OF[destination.account.kind];
  if (!rules.rails.includes(name)) return refuse('rail-unavailable', `The policy does not pay over ${name}.`);
  const setup = rails.find(({ rail }) => rail.name === name);
  return setup ? ok(setup) : refuse('rail-unavailable', `The studio has not set up ${name}.`);
}

async function withinTheDay(
  { payouts, rules }: PlanParts,
  nowUs: bigint,
  payee: string,
  payableCents: bigint,
): Promise<Result<bigint>> {
  if (rules.dailyCentsMax === undefined) return ok(payableCents);
  const left = BigInt(rules.dailyCentsMax) - (await payouts.askedToday(nowUs, payee));
  if (left <= 0n) return refuse('daily-limit', 'The payee has been paid the most of a day: the rest waits.');
  return ok(payableCents < left ? payableCents : left);
}
