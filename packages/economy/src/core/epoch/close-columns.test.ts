import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { naiveCloseEpoch } from '../../testing/naive-close-epoch.ts';
import { inputOf, worlds } from '../../testing/random-epochs.ts';
import { contribution, epochInput, payeeId, receipt, use } from '../../testing/sample-input.ts';
import { closeColumns } from './close-columns.ts';
import { closeEpoch } from './close-epoch.ts';
import { EpochColumns } from './epoch-columns.ts';

describe('columns and the naive model', () => {
  test('agree on every payment, line, row, receipt and hash of random epochs', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const input = inputOf(world);
        expect(closeEpoch(input)).toEqual(naiveCloseEpoch(input));
      }),
      { numRuns: 300 },
    );
  });

  test('agree where carried money meets earlier contributions and a name that is no ASCII', () => {
    const earlier = contribution(9, { kind: 'music', merit: 5n, ownerGroup: 'Grüße' });
    const input = epochInput({
      policy: { ...epochInput().policy, name: 'Probe für Ohren' },
      earlierContributions: [earlier],
      uses: [use(1, { principal: 'payer-1', contribution: earlier.id, quantity: 3n })],
      carriedInCents: { music: 7n, code: 0n, compute: 11n, curation: 0n },
      receipts: [receipt(1, {}), receipt(2, { amountCents: 999n })],
    });
    const closed = closeEpoch(input);
    expect(closed).toEqual(naiveCloseEpoch(input));
    expect(closed.ok && closed.value.rowReceipts.size).toBe(1);
  });

  test('agree where one payee’s shares of a row, a third and two thirds, fill its lower half exactly', () => {
    const payees = [{ payee: payeeId(1), weight: 1n }];
    const works = [1, 2].map((n) => contribution(n, { kind: 'music', payees }));
    const uses = works.map((work, n) =>
      use(n, { principal: 'payer-1', contribution: work.id, quantity: BigInt(n + 1) }),
    );
    const input = epochInput({ contributions: works, uses });
    expect(closeEpoch(input)).toEqual(naiveCloseEpoch(input));
  });

  test('agree on every refusal that the order of checks decides', () => {
    const twice = [contribution(1, { kind: 'music' }), contribution(1, { kind: 'music' })];
    const bad = { ...use(1, { principal: 'payer-1', contribution: 'none' }), quantity: 0n };
    const input = epochInput({
      contributions: twice,
      uses: [bad],
      receipts: [receipt(1, { currency: 'EUR' })],
    });
    for (const fields of [
      input,
      { ...input, contributions: twice.slice(1) },
      { ...input, contributions: [], uses: [] },
    ])
      expect(closeEpoch(fields)).toEqual(naiveCloseEpoch(fields));
  });
});

describe('columns', () => {
  test('refuse what is beyond their limits and stay as they were', () => {
    const columns = new EpochColumns(epochInput(), { contributions: 1, uses: 1 });
    const one = contribution(1, { kind: 'music' });
    expect(columns.addContribution(one)).toBeNull();
    expect(columns.addContribution(contribution(2, { kind: 'music' }))).toMatchObject({
      code: 'epoch-too-large',
    });
    const used = use(1, { principal: 'payer-1', contribution: one.id });
    expect(columns.addUse(used)).toBeNull();
    expect(columns.addUse(used)).toMatchObject({ code: 'epoch-too-large' });
    expect([columns.contributions.size, columns.uses]).toEqual([1, 1]);
  });

  test('give the lines of any one payee without the others, and none of a stranger', () => {
    const input = epochInput();
    const columns = new EpochColumns(input);
    for (const one of input.contributions) columns.addContribution(one);
    const closed = closeColumns(input, columns);
    if (!closed.ok) throw new Error(closed.message);
    const last = closed.value.payments.at(-1);
    expect(last && closed.value.linesOf(last)).toMatchObject([
      { rule: 'merit', kind: 'curation', microJam: 250_000n },
    ]);
  });
});
