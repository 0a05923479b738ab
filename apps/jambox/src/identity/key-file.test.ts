import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { afterAll, expect, test } from 'vitest';
import { loadPlayerKeys } from './key-file.ts';
import { makePlayerKeys, nodeIdentity, SIGNERS_MAX, verifyEd25519 } from './node-identity.ts';

const directory = mkdtempSync(join(tmpdir(), 'jamnet-keys-'));
afterAll(() => rmSync(directory, { recursive: true }));

function codeOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error instanceof Failure ? error.code : error;
  }
  return 'fine';
}

test('keys are made at first use, for their owner alone, and are the same ever after', () => {
  const file = join(directory, 'box', 'player-keys.pem');
  const first = nodeIdentity(loadPlayerKeys(file));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8');
  const again = nodeIdentity(loadPlayerKeys(file));
  expect(again.signKey).toEqual(first.signKey);
  expect(again.agreeKey).toEqual(first.agreeKey);
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(first.signKey).toHaveLength(32);
  expect(first.signKey).not.toEqual(first.agreeKey);
});

test.each([
  ['that others can read', (file: string) => chmodSync(file, 0o640), 'keys-open'],
  [
    'cut short',
    (file: string) => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 150)),
    'keys-malformed',
  ],
  [
    'of one key',
    (file: string) => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 120)),
    'keys-malformed',
  ],
  ['of other text', (file: string) => writeFileSync(file, 'hello'), 'keys-malformed'],
])('a file %s is refused and left as it is', (name, spoil, code) => {
  const file = join(directory, `${name.length}.pem`);
  loadPlayerKeys(file);
  spoil(file);
  const before = readFileSync(file, 'utf8');
  expect(codeOf(() => loadPlayerKeys(file))).toBe(code);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('two identities agree on one secret, know each other’s signatures, and refuse a key of low order', () => {
  const [ada, ben] = [nodeIdentity(makePlayerKeys()), nodeIdentity(makePlayerKeys())];
  expect(ada.agree(ben.agreeKey)).toEqual(ben.agree(ada.agreeKey));
  expect(ada.agree(new Uint8Array(32))).toBeNull();
  const message = Uint8Array.of(1, 2, 3);
  const signature = ada.sign(message);
  expect(ben.verify(ada.signKey, message, signature)).toBe(true);
  expect(ben.verify(ben.signKey, message, signature)).toBe(false);
  expect(ben.verify(ada.signKey, Uint8Array.of(1, 2, 4), signature)).toBe(false);
});

test('more signers than are remembered are still told apart, and bytes that are no key sign nothing', () => {
  const ada = nodeIdentity(makePlayerKeys());
  const message = Uint8Array.of(1, 2, 3);
  const signers = Array.from({ length: 2 * SIGNERS_MAX + 3 }, () => nodeIdentity(makePlayerKeys()));
  const signed = signers.map((signer) => ({ key: signer.signKey, signature: signer.sign(message) }));
  for (const { key, signature } of [...signed, ...signed]) {
    expect(ada.verify(key, message, signature)).toBe(true);
    expect(verifyEd25519(key, message, signature)).toBe(true);
  }
  const [first, second] = signed;
  if (first === undefined || second === undefined) throw new Error('nobody signed');
  expect(ada.verify(first.key, message, second.signature)).toBe(false);
  for (const key of [new Uint8Array(31), new Uint8Array(32), new Uint8Array(32).fill(255)])
    expect(verifyEd25519(key, message, first.signature)).toBe(false);
  expect(verifyEd25519(first.key, message, first.signature.subarray(1))).toBe(false);
});
