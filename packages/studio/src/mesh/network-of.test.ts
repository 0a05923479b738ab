import { expect, test } from 'vitest';
import { networkOf } from './network-of.ts';

test.each([
  ['203.0.113.7', '203.0.113.0/24'],
  ['::ffff:203.0.113.7', '203.0.113.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:0DB8::1', '2001:db8:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
])('%s is in %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each([
  ['127.0.0.1'],
  ['127.3.2.1'],
  ['::ffff:127.0.0.1'],
  ['::1'],
  ['::'],
  [''],
  ['localhost'],
  ['999.1.1.1'],
  [undefined],
])('of %s no network is known', (address) => {
  expect(networkOf(address)).toBeNull();
});
