import { expect, test } from 'vitest';
import type { NativeMemory } from './libc.ts';
import {
  ADDRESS_SLOT_BYTES,
  addressKey,
  readSocketAddress,
  splitHostPort,
  writeSocketAddress,
} from './socket-address.ts';

function slot(): NativeMemory {
  const bytes = Buffer.alloc(ADDRESS_SLOT_BYTES);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), address: 0 };
}

function written(text: string): string {
  const memory = slot();
  const { host, port } = splitHostPort(text);
  writeSocketAddress(memory, 0, host, port);
  return readSocketAddress(memory, 0);
}

test.each([
  ['10.0.0.1:9000', '10.0.0.1:9000'],
  ['0.0.0.0:0', '0.0.0.0:0'],
  ['2001:db8::7:5000', '2001:db8:0:0:0:0:0:7:5000'],
  [':::9', '0:0:0:0:0:0:0:0:9'],
  ['0:0:0:0:0:ffff:c0a8:7:9', '192.168.0.7:9'],
  ['0:0:0:0:1:ffff:c0a8:7:9', '0:0:0:0:1:ffff:c0a8:7:9'],
  ['0:0:0:0:0:0:c0a8:7:9', '0:0:0:0:0:0:c0a8:7:9'],
])('%s is written as the system reads it: %s', (text, read) => {
  expect(written(text)).toBe(read);
});

test('a source of IPv4 has one number, whichever socket it came to, and one of IPv6 none', () => {
  const keyOf = (host: string): number => {
    const memory = slot();
    writeSocketAddress(memory, 0, host, 9);
    return addressKey(memory, 0);
  };
  expect(keyOf('0:0:0:0:0:ffff:c0a8:7')).toBe(keyOf('192.168.0.7'));
  expect(keyOf('192.168.0.7')).toBeGreaterThan(0);
  expect(keyOf('2001:db8::7')).toBe(-1);
});

test.each([
  'a:b:9000',
  '1:2:9000',
  ':::::1:9000',
  '010.0.0.1:9000',
  '::ffff:10.0.0.1:9',
  'relay.example:9',
  ':9',
])('%s is no IP address and never written as another one', (text) => {
  expect(() => written(text)).toThrow(/address/);
});
