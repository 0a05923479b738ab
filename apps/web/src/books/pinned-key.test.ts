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

describe('the remembered key', () => {
  it('is taken on the first visit and known on the next', () => {
    const store = memoryStore();
    expect(rememberKey(store, 'log+1')).toBe('first');
    expect(rememberKey(store, 'log+1')).toBe('same');
  });

  it('is not replaced by another key unless the reader says so', () => {
    const store = memoryStore();
    rememberKey(store, 'log+1');
    expect(rememberKey(store, 'log+2')).toBe('changed');
    expect(rememberKey(store, 'log+2')).toBe('changed');
    replaceKey(store, 'log+2');
    expect(rememberKey(store, 'log+2')).toBe('same');
  });

  it('is unknown where the browser keeps nothing', () => {
    expect(rememberKey(REFUSING, 'log+1')).toBe('unknown');
    expect(() => replaceKey(REFUSING, 'log+1')).not.toThrow();
  });
});
