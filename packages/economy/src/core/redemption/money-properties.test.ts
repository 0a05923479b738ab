import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf, USE_METERS, worlds } from '../../testing/random-epochs.ts';
import { contribution, payeeId, receipt, use, VALUATION } from '../../testing/sample-input.ts';
import { closeEpoch, type EpochInput } from '../epoch/close-epoch.ts';
import { ACCOUNTS, type JournalLeg, journalOf } from '../epoch/journal.ts';
import { worthCents } from '../money/unit-price.ts';
import type { Policy } from '../policy/policy.ts';
import { samplePolicy } from '../policy/sample-policy.ts';
import { DAY_US, monthNamed } from '../records/calendar.ts';
import { CONTRIBUTION_KINDS } from '../records/kinds.ts';
import type { Receipt, Valuation } from '../records/records.ts';
import { clearRequests } from './redemption-clear.ts';
import { redemptionCapCents, usedParts } from './redemption-gate.ts';
import { redemptionPrice } from './redemption-price.ts';

const sample = samplePolicy({ epochId: 'sample-1' });

function close(input: EpochInput) {
  const closed = closeEpoch(input);
  if (!closed.ok) throw new Error(`${closed.code}: ${closed.message}`);
  return closed.value;
}

/** Balances that follow from entries, and nothing else. */
class Balances {
  readonly #of = new Map<string, bigint>();

  post(legs: readonly JournalLeg[]): void {
    expect(new Map(['JAM', 'USD'].map((asset) => [asset, sumOf(legs, asset)]))).toEqual(
      new Map([
        ['JAM', 0n],
        ['USD', 0n],
      ]),
    );
    for (const { account, amount } of legs) this.#of.set(account, this.of(account) + amount);
  }

  of(account: string): bigint {
    return this.#of.get(account) ?? 0n;
  }

  /** Everybody who holds free units. */
  holders(): [payee: string, microJam: bigint][] {
    const own = [...this.#of].filter(([code, held]) => code.startsWith('payee:') && held > 0n);
    return own.map(([code, held]) => [code.split(':')[1] ?? '', held]);
  }
}

function sumOf(legs: readonly JournalLeg[], asset: string): bigint {
  return legs.filter(({ account }) => account.endsWith(asset)).reduce((sum, { amount }) => sum + amount, 0n);
}

describe('books of random epochs and redemptions', () => {
  test('keep the reserve and the pool from going negative, units within the authorised pool, and V/S where it was', () => {
    const evenings = fc.array(
      fc.record({
        world: worlds,
        /** What each holder asks for, of a thousand parts of what he holds. */
        asked: fc.integer({ min: 0, max: 1_000 }),
        valueCents: fc.bigInt(1_000n, 10n ** 12n),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(evenings, fc.constantFrom(10n ** 12n, 10n ** 7n), (epochs, authorised) => {
        const books = new Balances();
        books.post([
          { account: ACCOUNTS.authorisedJam, amount: -authorised },
          { account: ACCOUNTS.poolJam, amount: authorised },
        ]);
        epochs.forEach(({ world, asked, valueCents }, n) => {
          const input = inputOf({ ...world, poolMicroJam: books.of(ACCOUNTS.poolJam) });
          const valuation = { ...VALUATION, valueCents };
          const statement = close({ ...input, valuation, window: { ...input.window, id: `epoch-${n}` } });
          for (const { legs } of journalOf(statement)) books.post(legs);
          redeemAll(books, valuation, asked, `period-${n}`);
          const outstanding = books.holders().reduce((sum, [, held]) => sum + held, 0n);
          expect(books.of(ACCOUNTS.reserveUsd) >= 0n).toBe(true);
          expect(books.of(ACCOUNTS.poolJam) >= 0n).toBe(true);
          // U never above the pool; S holds the pool whole, so issue and redemption move no unit in or out of it.
          expect(outstanding <= authorised).toBe(true);
          expect(outstanding + books.of(ACCOUNTS.poolJam)).toBe(authorised);
        });
      }),
      { numRuns: 60 },
    );
  });
});

function redeemAll(books: Balances, valuation: Valuation, asked: number, period: string): void {
  const price = { cents: valuation.valueCents, units: valuation.fullyDilutedUnits };
  const holders = books.holders();
  const outstandingMicroJam = holders.reduce((sum, [, held]) => sum + held, 0n);
  const reserveCents = books.of(ACCOUNTS.reserveUsd);
  const none = { monthUsedParts: 0n, quarterUsedParts: 0n };
  const cap = redemptionCapCents(sample.redemption, { reserveCents, outstandingMicroJam, price, ...none });
  const requests = holders.map(([id, held]) => ({ id, microJam: (held * BigInt(asked)) / 1_000n, price }));
  const fills = clearRequests(requests, cap, BigInt(sample.redemption.smallCents), period);
  let paid = 0n;
  for (const { id, microJam, cents } of fills) {
    // Nobody who stays pays for one who leaves: units are worth what they cost, and none is taken beyond that.
    expect(worthCents(microJam, price) >= cents).toBe(true);
    expect(usedParts(microJam, outstandingMicroJam) >= 0n).toBe(true);
    paid += cents;
    books.post([
      { account: ACCOUNTS.payeeJam(id), amount: -microJam },
      { account: ACCOUNTS.poolJam, amount: microJam },
      { account: ACCOUNTS.reserveUsd, amount: -cents },
      { account: ACCOUNTS.payableUsd(id), amount: cents },
    ]);
  }
  expect(paid <= cap).toBe(true);
}

describe('the price of a redemption', () => {
  test('is never one that could be known before the cut-off, nor older than the policy allows, nor passed over for a later one', () => {
    // Few enough days that dates meet the cut-off, the present and the 92 days exactly.
    const day = fc.integer({ min: 0, max: 6 }).map((n) => 46 * n);
    fc.assert(
      fc.property(fc.array(day, { maxLength: 8 }), day, day, (dates, cutoffDay, nowDay) => {
        const known = dates.map(
          (date, n): Valuation => ({
            ...VALUATION,
            id: `v${n}`,
            datedAtUs: BigInt(date) * DAY_US,
          }),
        );
        const priced = redemptionPrice(sample, known, BigInt(cutoffDay) * DAY_US, BigInt(nowDay) * DAY_US);
        const usable = dates.filter((date) => date > cutoffDay && date <= nowDay && nowDay - date <= 92);
        expect(priced === null).toBe(usable.length === 0);
        if (priced) expect(priced.valuation?.datedAtUs).toBe(BigInt(Math.min(...usable)) * DAY_US);
      }),
    );
  });
});

/** Months from here; a card payment of month m can be charged back for 120 days, and counts after that. */
const MONTHS = Array.from({ length: 10 }, (_, n) => `2031-${String(n + 1).padStart(2, '0')}`);
const cards: Policy = {
  ...sample,
  sample: false,
  epochs: { kind: 'calendar-month' },
  ownerGroupCapPpm: 1_000_000,
  streams: { ...sample.streams, subscription: { ...sample.streams.subscription, refundWindowDays: 120 } },
};

describe('a group that pays itself', () => {
  test('is never ahead after charge-backs, however much of what it earned was redeemed before', () => {
    const purchases = fc.array(
      fc.record({
        month: fc.integer({ min: 0, max: 4 }),
        cents: fc.bigInt(1n, 10n ** 7n),
        /** Days until the charge-back, if there is one: the card's rules end it within 120. */
        backAfterDays: fc.option(fc.integer({ min: 0, max: 119 })),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(purchases, fc.bigInt(0n, 10n ** 7n), (bought, othersCents) => {
        const receipts = [
          ...bought.flatMap(cardReceipts),
          ...cardReceipts({ ...OTHERS, cents: othersCents + 1n }, 99),
        ];
        const kept = bought.filter(({ backAfterDays }) => backAfterDays === null);
        const net = kept.reduce((sum, { cents }) => sum + cents, 0n);
        expect(redeemedBy(payeeId(99), receipts) <= net).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

const OTHERS = { month: 0, cents: 1n, backAfterDays: null };

function cardReceipts(
  { month, cents, backAfterDays }: { month: number; cents: bigint; backAfterDays: number | null },
  n: number,
): Receipt[] {
  const receivedAtUs = monthNamed(MONTHS[month] ?? '')?.startUs ?? 0n;
  const principal = n === 99 ? 'others' : 'ring';
  const paid = receipt(n, { principal, amountCents: cents, receivedAtUs });
  if (backAfterDays === null) return [paid];
  const back = {
    id: `back-${n}`,
    refundOf: paid.id,
    receivedAtUs: receivedAtUs + BigInt(backAfterDays) * DAY_US,
  };
  return [paid, { ...paid, ...back }];
}

/** Every month is closed with what had come in by then; all that the payee gets is redeemed at once, at the full price. */
function redeemedBy(payee: string, receipts: readonly Receipt[]): bigint {
  const own = CONTRIBUTION_KINDS.map((kind, n) =>
    contribution(900 + n, { kind, merit: 0n, payees: [{ payee, weight: 1n }], acceptedAtUs: 0n }),
  );
  const others = CONTRIBUTION_KINDS.map((kind, n) => contribution(n + 1, { kind, merit: 5n }));
  const uses = own.map((c, n) =>
    use(n, { contribution: c.id, principal: 'ring', quantity: 9n, meter: USE_METERS[c.kind] }),
  );
  const counted = new Set<string>();
  let deficitInCents = 0n;
  let microJam = 0n;
  let carriedInCents = { music: 0n, code: 0n, compute: 0n, curation: 0n };
  for (const id of MONTHS) {
    const window = monthNamed(id);
    if (!window) throw new Error(id);
    const known = receipts.filter((one) => !counted.has(one.id) && one.receivedAtUs < window.endUs);
    const input = {
      ...inputOf(NOTHING),
      policy: cards,
      window,
      receipts: known,
      deficitInCents,
      carriedInCents,
    };
    const statement = close({ ...input, contributions: [...others, ...own], uses, valuation: VALUATION });
    for (const one of statement.countedReceipts) counted.add(one);
    ({ deficitOutCents: deficitInCents, carriedOutCents: carriedInCents } = statement.publicEpoch);
    microJam += statement.payments.find((payment) => payment.payee === payee)?.microJam ?? 0n;
  }
  return worthCents(microJam, { cents: VALUATION.valueCents, units: VALUATION.fullyDilutedUnits });
}

const NOTHING = {
  contributions: [],
  receipts: [],
  uses: [],
  capPpm: 1_000_000,
  poolMicroJam: 10n ** 15n,
  issueNumerator: 5,
};
