import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSecrets } from './secrets.ts';

const newDirectory = () => mkdtempSync(join(tmpdir(), 'jamnet-secrets-'));

test('a second start finds the same keys, another data directory has others', () => {
  const directory = newDirectory();
  const first = openSecrets(directory);
  expect(openSecrets(directory).log.publicKey).toEqual(first.log.publicKey);
  expect(openSecrets(newDirectory()).operatorToken).not.toBe(first.operatorToken);
});

test('secrets are readable by their owner only', () => {
  const directory = newDirectory();
  openSecrets(directory);
  expect(statSync(join(directory, 'keys', 'root.secret')).mode & 0o077).toBe(0);
  expect(statSync(join(directory, 'operator.token')).mode & 0o077).toBe(0);
});

test('a lost root secret is not replaced when books were signed with it', () => {
  const directory = newDirectory();
  openSecrets(directory);
  mkdirSync(join(directory, 'public', 'log'), { recursive: true });
  writeFileSync(join(directory, 'public', 'log', 'checkpoint'), '');
  rmSync(join(directory, 'keys', 'root.secret'));
  expect(() => openSecrets(directory)).toThrow('restore it from a backup');
});

test('a damaged root secret is reported, not replaced', () => {
  const directory = newDirectory();
  openSecrets(directory);
  truncateSync(join(directory, 'keys', 'root.secret'), 5);
  expect(() => openSecrets(directory)).toThrow('restore it from a backup');
});

test('a secret that is given is kept, and another one later is refused', () => {
  const [one, other] = ['ab'.repeat(32), 'cd'.repeat(32)];
  const directory = newDirectory();
  const first = openSecrets(directory, one);
  expect(openSecrets(newDirectory(), one).operatorToken).toBe(first.operatorToken);
  expect(openSecrets(directory).operatorToken).toBe(first.operatorToken);
  expect(() => openSecrets(directory, other)).toThrow('is another secret than JAMNET_ROOT_SECRET');
});
