import { type Signer, signerFromSeed, signKeyChange, vkeyOf } from '@jamnet/ledger';
import { formatKeyChanges } from '@jamnet/ledger/verifier';
import { describe, expect, it } from 'vitest';
import { type KeyStore, rememberKey, replaceKey } from './pinned-key.ts';

function memoryStore(): KeyStore {
  const values = new Map<string, string>();
  return {
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
  };
}

const REFUSING: KeyStore = {
  getItem: () => {
    throw new Error('storage is blocked');
  },
  setItem: () => {
    throw new Error('storage is blocked');
  },
};

const none = () => Promise.resolve(null);
const [first, second, other] = [1, 2, 3].map((seed) =>
  signerFromSeed('log.example', new Uint8Array(32).fill(seed)),
) as [Signer, Signer, Signer];

describe('the remembered key', () => {
  it('is taken on the first visit and known on the next', async () => {
    const store = memoryStore();
    expect(await rememberKey(store, 'log+1', none)).toBe('first');
    expect(await rememberKey(store, 'log+1', none)).toBe('same');
  });

  it('is not replaced by another key unless the reader says so', async () => {
    const store = memoryStore();
    await rememberKey(store, 'log+1', none);
    expect(await rememberKey(store, 'log+2', none)).toBe('changed');
    expect(await rememberKey(store, 'log+2', none)).toBe('changed');
    replaceKey(store, 'log+2');
    expect(await rememberKey(store, 'log+2', none)).toBe('same');
  });

  it('is unknown where the browser keeps nothing', async () => {
    expect(await rememberKey(REFUSING, 'log+1', none)).toBe('unknown');
    expect(() => replaceKey(REFUSING, 'log+1')).not.toThrow();
  });

  it('is followed to the key that it handed the log on to, and to no other', async () => {
    const changes = formatKeyChanges([signKeyChange(first, second, 1n, 0n)]);
    const read = () => Promise.resolve(changes);
    const store = memoryStore();
    await rememberKey(store, vkeyOf(first), none);
    expect(await rememberKey(store, vkeyOf(other), read)).toBe('changed');
    expect(await rememberKey(store, vkeyOf(second), none)).toBe('changed');
    expect(await rememberKey(store, vkeyOf(second), read)).toBe('handed-on');
    expect(await rememberKey(store, vkeyOf(second), none)).toBe('same');
  });
});
