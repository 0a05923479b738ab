import { createHash } from 'node:crypto';
import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import type { ObjectSource } from './object-store.ts';
import { BYTES_MAX, describeOnEveryStore, PIECE_BYTES } from './testing/every-store.ts';

const SIZES = [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES + 17, BYTES_MAX];

function bytesOf(size: number, seed = 'a'): Uint8Array {
  const chance = seededChance(`${seed} ${size}`);
  return Uint8Array.from({ length: size }, () => chance.below(256));
}

const nameOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Read in bits of an odd size; `tearAt`: the reading after the first fails there. */
function sourceOf(bytes: Uint8Array, tearAt = Number.POSITIVE_INFINITY): ObjectSource {
  let readings = 0;
  return {
    bytes: bytes.length,
    async *read(from) {
      const isTorn = ++readings > 1;
      for (let at = from; at < bytes.length; at += 997) {
        if (isTorn && at >= tearAt) throw new Error('torn');
        yield bytes.subarray(at, at + 997);
      }
    },
  };
}

async function readAll(pieces: AsyncIterable<Uint8Array> | null): Promise<Uint8Array | null> {
  if (pieces === null) return null;
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

describeOnEveryStore('an object store', (openFresh) => {
  test.each(SIZES)('gives back %i bytes as they were put, after a restart too', async (size) => {
    const { store, reopen } = openFresh();
    const bytes = bytesOf(size);
    const name = nameOf(bytes);
    expect(await store.get(name)).toBeNull();
    expect(await store.size(name)).toBeNull();
    expect(await store.put(name, sourceOf(bytes))).toEqual({ ok: true, value: { sentBytes: size } });
    expect(await reopen().size(name)).toBe(size);
    expect(await readAll(await reopen().get(name))).toEqual(bytes);
  });

  test('takes the same object again without sending a byte', async () => {
    const { store } = openFresh();
    const bytes = bytesOf(5000);
    await store.put(nameOf(bytes), sourceOf(bytes));
    expect(await store.put(nameOf(bytes), sourceOf(bytes))).toEqual({ ok: true, value: { sentBytes: 0 } });
  });

  test('goes on with a torn put where it ended, and has nothing under the name before', async () => {
    const { store, reopen } = openFresh();
    const bytes = bytesOf(10 * PIECE_BYTES);
    const name = nameOf(bytes);
    await expect(store.put(name, sourceOf(bytes, 6 * PIECE_BYTES))).rejects.toThrow('torn');
    expect(await store.size(name)).toBeNull();
    expect(await store.list('', 10)).toEqual([]);
    const again = await reopen().put(name, sourceOf(bytes));
    expect(again.ok && again.value.sentBytes).toBeLessThanOrEqual(5 * PIECE_BYTES);
    expect(await readAll(await store.get(name))).toEqual(bytes);
  });

  test('refuses bytes that are not what the name says, names that are no hash, and too many bytes', async () => {
    const { store } = openFresh();
    const bytes = bytesOf(100);
    const other = nameOf(bytesOf(101));
    const big = bytesOf(BYTES_MAX + 1);
    expect(await store.put(other, sourceOf(bytes))).toMatchObject({ code: 'object-hash-differs' });
    expect(await store.put('../x', sourceOf(bytes))).toMatchObject({ code: 'object-name-invalid' });
    expect(await store.put(nameOf(big), sourceOf(big))).toMatchObject({ code: 'object-too-large' });
    const short = { ...sourceOf(bytes), bytes: 99 };
    expect(await store.put(nameOf(bytes), short)).toMatchObject({ code: 'object-hash-differs' });
    expect(await store.get('../x')).toBeNull();
    expect(await store.list('', 10)).toEqual([]);
  });

  test('lists what it has by name, page after page', async () => {
    const { store } = openFresh();
    const names: string[] = [];
    for (let n = 0; n < 7; n++) {
      const bytes = bytesOf(10, `${n}`);
      names.push(nameOf(bytes));
      await store.put(nameOf(bytes), sourceOf(bytes));
    }
    names.sort();
    expect(await store.list('', 3)).toEqual(names.slice(0, 3));
    expect(await store.list(names[2] ?? '', 3)).toEqual(names.slice(3, 6));
    expect(await store.list(names[5] ?? '', 3)).toEqual(names.slice(6));
  });

  test('forgets the bytes of an erased object for good, whole or torn, and keeps its name', async () => {
    const { store, reopen } = openFresh();
    const [whole, torn] = [bytesOf(9000, 'whole'), bytesOf(9000, 'torn')];
    await store.put(nameOf(whole), sourceOf(whole));
    await expect(store.put(nameOf(torn), sourceOf(torn, 5000))).rejects.toThrow('torn');
    for (const bytes of [whole, torn]) {
      const name = nameOf(bytes);
      await store.erase(name);
      await store.erase(name);
      expect(await reopen().isErased(name)).toBe(true);
      expect(await reopen().get(name)).toBeNull();
      expect(await reopen().put(name, sourceOf(bytes))).toMatchObject({ code: 'object-erased' });
    }
    expect(await store.list('', 10)).toEqual([]);
    expect(await store.sweep(Number.POSITIVE_INFINITY)).toBe(0);
  });

  test('sweeps what a torn put left once it is old, and nothing else', async () => {
    const { store } = openFresh();
    const [kept, torn] = [bytesOf(9000, 'kept'), bytesOf(9000, 'torn')];
    await store.put(nameOf(kept), sourceOf(kept));
    await expect(store.put(nameOf(torn), sourceOf(torn, 5000))).rejects.toThrow('torn');
    expect(await store.sweep(0)).toBe(0);
    expect(await store.sweep(Number.POSITIVE_INFINITY)).toBe(1);
    expect(await store.sweep(Number.POSITIVE_INFINITY)).toBe(0);
    const again = await store.put(nameOf(torn), sourceOf(torn));
    expect(again).toEqual({ ok: true, value: { sentBytes: 9000 } });
    expect(await readAll(await store.get(nameOf(kept)))).toEqual(kept);
  });

  test('may be given one object by several at once', async () => {
    const { store, reopen } = openFresh();
    const bytes = bytesOf(3 * PIECE_BYTES);
    const puts = [store, reopen(), reopen()].map((each) => each.put(nameOf(bytes), sourceOf(bytes)));
    for (const put of await Promise.all(puts)) expect(put.ok).toBe(true);
    expect(await readAll(await store.get(nameOf(bytes)))).toEqual(bytes);
  });
});
