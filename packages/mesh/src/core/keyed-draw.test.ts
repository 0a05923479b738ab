import { AssertionError, encodeUtf8, seededChance, toHex } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDraw, evidenceSalt } from './keyed-draw.ts';
import { pureSha256 } from './pure-sha256.ts';

const SECRET = pureSha256(encodeUtf8('a secret of the test'));

/** What a host would have to foresee: which of 64 tasks are checked at 5 %, and in which chunk. */
function foreseen(secret: Uint8Array): number[] {
  return Array.from({ length: 64 }, (_, n) => {
    const draw = checkDraw(pureSha256, secret, `task ${n}`);
    return draw.keyedUnitBelow(1000, 'whether') < 50 ? draw.keyedUnitBelow(8, 'chunk') : -1;
  });
}

test('tells apart two secrets that a seeded chance takes for one', () => {
  // Found by search: the fold to 32 bits in `seededChance` meets itself after about 2¹⁶ seeds.
  const [one, other] = [115_601, 151_864].map((n) => pureSha256(encodeUtf8(`secret ${n}`)));
  if (!one || !other) throw new Error('no secrets');
  const words = (secret: Uint8Array) => {
    const chance = seededChance(toHex(secret));
    return Array.from({ length: 16 }, () => chance.uint32());
  };
  expect(words(one)).toEqual(words(other));
  expect(foreseen(one)).not.toEqual(foreseen(other));
});

test('each of the 256 bits of the secret changes the draws and the salts', () => {
  const draw = (secret: Uint8Array) =>
    checkDraw(pureSha256, secret, 'task').keyedUnitBelow(2 ** 32, 'whether');
  const drawn = new Set([draw(SECRET)]);
  const salts = new Set([toHex(evidenceSalt(pureSha256, SECRET, 'task'))]);
  for (let bit = 0; bit < 256; bit++) {
    const changed = SECRET.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    drawn.add(draw(changed));
    salts.add(toHex(evidenceSalt(pureSha256, changed, 'task')));
  }
  expect(drawn.size).toBe(257);
  expect(salts.size).toBe(257);
});

test('repeats for the same secret, task and label, and for no other', () => {
  const draw = (task: string, label: string) =>
    checkDraw(pureSha256, SECRET, task).keyedUnitBelow(2 ** 32, label);
  expect(draw('a', 'x')).toBe(draw('a', 'x'));
  expect(new Set([draw('a', 'x'), draw('a', 'y'), draw('b', 'x'), draw('ax', ''), draw('', 'ax')]).size).toBe(
    5,
  );
});

test('fills any limit evenly and never reaches it', () => {
  const counts = new Array<number>(6).fill(0);
  for (let n = 0; n < 12_000; n++) {
    const face = checkDraw(pureSha256, SECRET, `${n}`).keyedUnitBelow(6, 'chunk');
    counts[face] = (counts[face] ?? 0) + 1;
  }
  // Chi-square with 5 degrees of freedom: above 20.5 once in a thousand secrets.
  const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
  expect(counts).toHaveLength(6);
  expect(chiSquare).toBeLessThan(20.5);
  const limits = fc.integer({ min: 1, max: 2 ** 32 });
  fc.assert(
    fc.property(limits, fc.string(), (limit, task) => {
      const drawn = checkDraw(pureSha256, SECRET, task).keyedUnitBelow(limit, 'whether');
      expect(drawn >= 0 && drawn < limit && Number.isInteger(drawn)).toBe(true);
    }),
  );
});

test('rejects words that would favour small results, and draws on', () => {
  const limit = 3 * 2 ** 30;
  const hashes: Uint8Array[] = [new Uint8Array(32).fill(255), new Uint8Array(32).fill(255)];
  hashes.push(Uint8Array.of(...new Array<number>(28).fill(255), 0, 0, 0, 7));
  let calls = 0;
  const hash = (): Uint8Array => hashes[calls++] ?? new Uint8Array(32);
  expect(checkDraw(hash, SECRET, 'task').keyedUnitBelow(limit, 'whether')).toBe(7);
  expect(calls).toBe(3);
});

test.each([0, 31, 33])('a secret of %i bytes is our mistake', (length) => {
  const draw = checkDraw(pureSha256, new Uint8Array(length), 'task');
  expect(() => draw.keyedUnitBelow(2, 'whether')).toThrow(AssertionError);
  expect(() => evidenceSalt(pureSha256, new Uint8Array(length), 'task')).toThrow(AssertionError);
});

test.each([0, 1.5, 2 ** 32 + 1])('a limit of %d is our mistake', (limit) => {
  expect(() => checkDraw(pureSha256, SECRET, 'task').keyedUnitBelow(limit, 'whether')).toThrow(
    AssertionError,
  );
});
