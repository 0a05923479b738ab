import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf, MICRO_JAM_PER_CENT, USE_METERS, worlds } from '../../testing/random-epochs.ts';
import { contribution, payeeId, receipt, use } from '../../testing/sample-input.ts';
import { apportion } from '../money/apportion.ts';
import { CONTRIBUTION_KINDS } from '../records/kinds.ts';
import { closeEpoch, type EpochInput, type EpochStatement } from './close-epoch.ts';

function close(input: EpochInput): EpochStatement {
  const closed = closeEpoch(input);
  if (!closed.ok) throw new Error(`${closed.code}: ${closed.message}`);
  return closed.value;
}

const totalOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
const paidOf = (statement: EpochStatement, payee: string): bigint =>
  statement.payments.find((payment) => payment.payee === payee)?.microJam ?? 0n;
/** Fewer runs than fast-check's default where an epoch is closed twice. */
const RUNS = { numRuns: 150 };

describe('every epoch', () => {
  test('sums exactly: payments to what was issued, lines to payments, cash and carry within the pot', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { publicEpoch: epoch, payments: paid } = close(inputOf(world));
        expect(totalOf(paid.map(({ microJam }) => microJam))).toBe(epoch.issuedMicroJam);
        expect(totalOf(paid.map(({ cents }) => cents))).toBe(epoch.cashCents);
        for (const { microJam, lines } of paid)
          expect(totalOf(lines.map((line) => line.microJam))).toBe(microJam);
        expect(2n * epoch.contributorShareCents >= epoch.revenueCents).toBe(true);
        expect(epoch.issuedMicroJam <= world.poolMicroJam).toBe(true);
        const carried = totalOf(Object.values(epoch.carriedOutCents));
        const worth = epoch.issuedMicroJam / MICRO_JAM_PER_CENT;
        const spent = worth + epoch.cashCents + carried;
        // Never more than the pot; less only by seven roundings of under a cent each: four kinds carried, the cap's rest, cash, worth.
        expect(spent <= epoch.contributorShareCents).toBe(true);
        expect(spent + 7n > epoch.contributorShareCents).toBe(true);
      }),
      RUNS,
    );
  });

  test('does not depend on the order of its inputs', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const turned = {
          ...world,
          contributions: world.contributions.toReversed(),
          receipts: world.receipts.toReversed(),
          uses: world.uses.toReversed(),
        };
        expect(close(inputOf(turned))).toEqual(close(inputOf(world)));
      }),
      RUNS,
    );
  });

  test('never overruns an owner group’s cap', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { publicEpoch: epoch, payments: paid } = close(inputOf(world));
        const groups = new Map(
          world.contributions
            .filter(({ payees }) => payees.length === 1)
            .map((c) => [c.payees[0]?.payee, c.ownerGroup]),
        );
        const cap = (epoch.entitledMicroJam * BigInt(world.capPpm)) / 1_000_000n;
        const byGroup = new Map<string, bigint>();
        for (const { payee, microJam } of paid) {
          const group = groups.get(payee) ?? payee;
          byGroup.set(group, (byGroup.get(group) ?? 0n) + microJam);
        }
        for (const sum of byGroup.values()) expect(sum <= cap).toBe(true);
      }),
      RUNS,
    );
  });

  test('never pays less for more verified merit', () => {
    const more = fc
      .tuple(worlds, fc.nat(), fc.bigInt(1n, 10n ** 9n))
      .filter(([{ contributions: list }]) => list.length > 0);
    fc.assert(
      fc.property(more, ([world, at, added]) => {
        const chosen = at % world.contributions.length;
        const payee = world.contributions[chosen]?.payees[0]?.payee ?? '';
        // His alone: more merit of work that he shares may dilute what he earns by other work of the kind.
        const sole = { payees: [{ payee, weight: 1n }] };
        const list = world.contributions.map((c, n) => (n === chosen ? { ...c, ...sole } : c));
        const raised = list.map((c, n) => (n === chosen ? { ...c, merit: c.merit + added } : c));
        const alone = { ...world, contributions: list, capPpm: 1_000_000, poolMicroJam: 10n ** 15n };
        const [before, after] = [close(inputOf(alone)), close(inputOf({ ...alone, contributions: raised }))];
        expect(paidOf(after, payee) - paidOf(before, payee)).toBeGreaterThanOrEqual(0n);
      }),
      RUNS,
    );
  });

  test('hands back less than a principal paid, θ of it at most, when all he used is his own work', () => {
    fc.assert(
      fc.property(
        worlds,
        fc.bigInt(1n, 10n ** 7n),
        fc.bigInt(1n, 10n ** 12n),
        (world, paidCents, quantity) => {
          const bot = payeeId(99);
          const own = CONTRIBUTION_KINDS.map((kind, n) =>
            contribution(900 + n, {
              kind,
              merit: 0n,
              payees: [{ payee: bot, weight: 1n }],
              ownerGroup: 'bot',
            }),
          );
          const uses = own.map((c, n) =>
            use(900 + n, { contribution: c.id, principal: 'bot', quantity, meter: USE_METERS[c.kind] }),
          );
          const statement = close({
            ...inputOf({ ...world, capPpm: 1_000_000, poolMicroJam: 10n ** 15n, issueNumerator: 5 }),
            contributions: [...world.contributions, ...own],
            uses: [...world.uses, ...uses],
            receipts: [...world.receipts, receipt(900, { principal: 'bot', amountCents: paidCents })],
          });
          // θ = 1/2; the epoch's one rounding up adds less than a cent in all, the last division less than a µJAM.
          const half = (paidCents * MICRO_JAM_PER_CENT) / 2n;
          expect(paidOf(statement, bot) <= half + MICRO_JAM_PER_CENT / 2n + 1n).toBe(true);
        },
      ),
      RUNS,
    );
  });

  test('gives ten keys of one owner group less than 10 µJAM more than one key, and nothing more under a cap that binds', () => {
    const some = worlds.filter(({ contributions: list }) => list.length > 0);
    fc.assert(
      fc.property(some, (world) => {
        const keys = Array.from({ length: 10 }, (_, n) => payeeId(100 + n));
        const own = (payees: readonly string[]) =>
          contribution(500, {
            kind: 'music',
            merit: 12_345n,
            ownerGroup: 'ring',
            payees: payees.map((payee) => ({ payee, weight: 1n })),
          });
        const registered = new Map(keys.map((payee) => [payee, 'ring']));
        const paid = (payees: readonly string[], capPpm: number): bigint => {
          const uses = [
            ...world.uses,
            use(500, { contribution: own(payees).id, principal: 'payer-1', quantity: 77n }),
          ];
          const list = [...world.contributions, own(payees)];
          const base = inputOf({ ...world, contributions: list, uses, capPpm, poolMicroJam: 10n ** 15n });
          const statement = close({ ...base, payeeGroups: registered });
          return totalOf(payees.map((payee) => paidOf(statement, payee)));
        };
        expect(paid(keys, 1_000_000) - paid(keys.slice(0, 1), 1_000_000) < 10n).toBe(true);
        expect(paid(keys, 1_000) <= paid(keys.slice(0, 1), 1_000)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('largest remainder', () => {
  test('sums to the total, keeps each part within its quota, and is independent of order, in 10,000 cases', () => {
    const parts = fc
      .array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 12 })
      .filter((weights) => totalOf(weights) > 0n);
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n), parts, (total, weights) => {
        const shares = apportion(total, weights, (n) => `key ${n}`, 'epoch');
        const sum = totalOf(weights);
        expect(totalOf(shares) === total).toBe(true);
        const quotas = weights.map((weight) => (total * weight) / sum);
        expect(shares.every((share, n) => share === quotas[n] || share === (quotas[n] ?? 0n) + 1n)).toBe(
          true,
        );
        const last = weights.length - 1;
        const turned = apportion(total, weights.toReversed(), (n) => `key ${last - n}`, 'epoch');
        expect(turned.toReversed()).toEqual(shares);
      }),
      { numRuns: 10_000 },
    );
  });

  test('decides equal remainders by the hash of epoch and payee, so that no place in a list is better', () => {
    const winners = Array.from({ length: 40 }, (_, n) =>
      apportion(1n, [1n, 1n, 1n], (k) => `key ${k}`, `epoch ${n}`).indexOf(1n),
    );
    expect(new Set(winners).size).toBe(3);
  });
});
