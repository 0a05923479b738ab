import { expect, test } from 'vitest';
import { EMPTY_MAPPING, mappingFor, readMapped } from './mapping.ts';

const FILE = 'Id;Customer;Amount;currency;Day\nr-1;c-1;99.00;USD;2026-10-31\n';

test('columns named like a member are found, the others are for the operator to name', () => {
  expect(mappingFor(['Id', 'Customer', 'Amount', 'currency', 'Day'])).toEqual({
    ...EMPTY_MAPPING,
    id: 'Id',
    amount: 'Amount',
    currency: 'currency',
  });
});

test('a file is read by the columns named, with a fixed text for what it has no column for', () => {
  const mapping = { ...mappingFor(['Id', 'Amount', 'currency']), principal: 'Customer', receivedAt: 'Day' };
  expect(readMapped(FILE, { ...mapping, product: '=jamcaster' })).toMatchObject({
    ok: true,
    value: {
      faults: [],
      receipts: [{ id: 'r-1', principal: 'c-1', product: 'jamcaster', amountMinor: 9_900n }],
    },
  });
  expect(readMapped(FILE, { ...mapping, principal: '' })).toMatchObject({
    ok: false,
    code: 'column-missing',
  });
});
