import { expect, test } from 'vitest';
import { worthOf } from './worth-of.ts';

const wallet = {
  balanceMicroJam: '10000000',
  reservedMicroJam: '90000000',
  escrowMicroJam: '0',
  worthCents: '31250',
};

test('what is left is worth its own share: units that are asked for already stand in the worth, not in the balance', () => {
  expect(worthOf(wallet, 10_000_000n)).toBe('3125');
  expect(worthOf({ ...wallet, reservedMicroJam: '0', escrowMicroJam: '90000000' }, 4_000_000n)).toBe('1250');
});

test('parts of a cent are left out, as when units are priced', () => {
  expect(worthOf({ ...wallet, worthCents: '10' }, 15_000_000n)).toBe('1');
});
