import { expect, test } from 'vitest';
import { networkOf } from './host-port.ts';

test.each([
  ['192.0.2.7:5', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6:5', '2001:db8:1:2'],
  ['2001:db8:1:2::9:77', '2001:db8:1:2'],
  ['2001:db8::9:77', '2001:db8:0:0'],
  ['::ffff:192.0.2.7:5', '192.0.2.7'],
  ['0:0:0:0:0:ffff:c000:207:5', '192.0.2.7'],
  ['a peer in a test:5', 'a peer in a test'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
