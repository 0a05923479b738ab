import { platformSha256 } from '@jamnet/jamnode';
import { commitToResult, type RevealMessage } from '@jamnet/mesh';
import { afterEach, expect, test } from 'vitest';
import { ResultHasher, THREAD_BYTES_MIN } from './result-hasher.ts';

const CHUNKS = 8;
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function openHasher(): ResultHasher {
  const hasher = new ResultHasher(CHUNKS);
  cleanups.push(() => hasher.close());
  return hasher;
}

/** Two results, one after the other, behind a head of six bytes. */
function messageIn(frame: Uint8Array): RevealMessage {
  for (let index = 0; index < frame.length; index++) frame[index] = (index * 7) % 251;
  const results = [frame.subarray(6, 50_006), frame.subarray(50_047)];
  const items = results.map((result, index) => ({ task: `t${index}`, lease: 1, result }));
  return { type: 'reveal', call: 3, items };
}

test('results come back with the same bytes and the commitment that the coordinator would compute', async () => {
  const hasher = openHasher();
  const frame = new Uint8Array(2 * THREAD_BYTES_MIN);
  const message = messageIn(frame);
  const expected = message.items.map(({ result }) => result.slice());
  const hashed = await hasher.hash(message, frame);
  expect(frame.length).toBe(0); // It was moved, not copied.
  expect(hashed.frame.length).toBe(2 * THREAD_BYTES_MIN);
  expect(hashed.message.items.map(({ result }) => result)).toEqual(expected);
  expect(hashed.message.items.map(({ commitment }) => commitment)).toEqual(
    expected.map((result) => commitToResult(platformSha256, result, CHUNKS)),
  );
});

test('short frames and those that share their memory are left where they are', () => {
  const hasher = openHasher();
  expect(hasher.takes(new Uint8Array(THREAD_BYTES_MIN))).toBe(true);
  expect(hasher.takes(new Uint8Array(THREAD_BYTES_MIN - 1))).toBe(false);
  expect(hasher.takes(new Uint8Array(2 * THREAD_BYTES_MIN).subarray(0, THREAD_BYTES_MIN))).toBe(false);
});

test('whoever waits when the thread ends hears of it, and later messages are refused', async () => {
  const hasher = openHasher();
  const frame = new Uint8Array(THREAD_BYTES_MIN);
  const lost = expect(hasher.hash(messageIn(frame), frame)).rejects.toMatchObject({
    code: 'hash-thread-ended',
  });
  await hasher.close();
  await lost;
  const late = new Uint8Array(THREAD_BYTES_MIN);
  await expect(hasher.hash(messageIn(late), late)).rejects.toMatchObject({ code: 'hash-thread-ended' });
  expect(late.length).toBe(THREAD_BYTES_MIN);
});
