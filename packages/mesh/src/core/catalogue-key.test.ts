import { toHex } from '@jamnet/base';
import { ed25519 } from '@noble/curves/ed25519.js';
import { expect, test } from 'vitest';
import { isHandedOver, KEY_HAND_OVERS_MAX, type KeyHandOver, signHandOver } from './catalogue-key.ts';

const [first, second, third, thief] = [1, 2, 3, 9].map((n) => new Uint8Array(32).fill(n)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const hex = (seed: Uint8Array): string => toHex(ed25519.getPublicKey(seed));

test('a key is followed over every change that the key before signed', () => {
  const changes = [signHandOver(first, hex(second)), signHandOver(second, hex(third))];
  expect(isHandedOver(changes, hex(first), hex(third))).toBe(true);
  expect(isHandedOver(changes, hex(second), hex(third))).toBe(true);
  expect(isHandedOver(changes, hex(third), hex(third))).toBe(true);
  expect(isHandedOver(changes, hex(third), hex(first))).toBe(false);
  expect(isHandedOver([], hex(first), hex(second))).toBe(false);
});

test('a change that another key signed, or that is no signature, leads nowhere', () => {
  const forged: KeyHandOver = { ...signHandOver(thief, hex(thief)), from: hex(first) };
  expect(isHandedOver([forged], hex(first), hex(thief))).toBe(false);
  const good = signHandOver(first, hex(second));
  for (const broken of [
    { ...good, to: hex(third) },
    { ...good, signature: 'zz' },
    { ...good, from: '00' },
  ])
    expect(isHandedOver([broken], hex(first), broken.to)).toBe(false);
});

test('no more changes are walked through than the limit says', () => {
  const other = signHandOver(thief, hex(third));
  const last = signHandOver(first, hex(second));
  const list = (others: number) => [...Array<KeyHandOver>(others).fill(other), last];
  expect(isHandedOver(list(KEY_HAND_OVERS_MAX - 1), hex(first), hex(second))).toBe(true);
  expect(isHandedOver(list(KEY_HAND_OVERS_MAX), hex(first), hex(second))).toBe(false);
});
