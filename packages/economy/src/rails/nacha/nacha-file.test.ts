import { expect, test } from 'vitest';
import { batch, ORIGIN, order, usOrder } from '../../testing/bank/bank-samples.ts';
import { NACHA_ORDERS_MAX, nachaFault, nachaFile } from './nacha-file.ts';

test('a NACHA file has lines of 94 characters in blocks of ten, and totals that sum', () => {
  const file = nachaFile(batch([usOrder(1), usOrder(2), usOrder(3)], { currency: 'USD' }), ORIGIN);
  const lines = file.trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(new Set(lines.map((line) => line.length))).toEqual(new Set([94]));
  expect(lines.map((line) => line[0]).join('')).toBe('1566689999');
  const [header = '', , entry = ''] = lines;
  expect(header.slice(0, 34)).toBe('101 0210000211234567890261122' + '1200A');
  expect(entry.slice(0, 39)).toBe('62202100002110001            0000000101');
  expect(entry.slice(79)).toBe('021000020000001');
  // Three times 02100002, no debits, 1.01 + 1.02 + 1.03.
  expect(lines[5]?.slice(4, 44)).toBe(`0000030006300006${'0'.repeat(12)}000000000306`);
  expect(lines[6]?.slice(0, 55)).toBe(`9000001000001000000030006300006${'0'.repeat(12)}000000000306`);
});

test('a NACHA file is refused where ACH cannot pay', () => {
  const usd = { currency: 'USD' } as const;
  const wrongDigit = usOrder(1, {
    to: {
      name: 'A',
      account: { kind: 'us', routingNumber: '021000022', accountNumber: '1', type: 'savings' },
    },
  });
  for (const [code, of, origin] of [
    ['wrong-currency', batch([usOrder(1)]), ORIGIN],
    ['account-unfit', batch([order(1)], usd), ORIGIN],
    ['account-unfit', batch([wrongDigit], usd), ORIGIN],
    ['batch-malformed', batch([usOrder(1, { amountCents: 10_000_000_000n })], usd), ORIGIN],
    ['batch-malformed', batch([usOrder(1)], usd), { ...ORIGIN, companyId: '1' }],
    ['batch-malformed', batch([], usd), ORIGIN],
  ] as const)
    expect(nachaFault(of, origin)).toMatchObject({ code });
});

test('a NACHA file has as many payments as its limit: one more is refused before any is looked at', () => {
  // The first cannot be paid by ACH, so that no test looks at ten million.
  const orders = [order(1)];
  orders.length = NACHA_ORDERS_MAX;
  const usd = { currency: 'USD' } as const;
  expect(nachaFault(batch(orders, usd), ORIGIN)).toMatchObject({ code: 'account-unfit' });
  orders.length = NACHA_ORDERS_MAX + 1;
  expect(nachaFault(batch(orders, usd), ORIGIN)).toMatchObject({ code: 'batch-too-large' });
});
