import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTemporary } from '../testing/make-repository.ts';
import { forgeAccountOf, keysAddressOf } from './forge-account.ts';
import { ACCOUNT_KEYS_BYTES_MAX, ACCOUNT_KEYS_MAX, verifyAccount } from './verify-account.ts';
import { SIGNATURE_NAMESPACE } from './verify-by-keys.ts';

const EMAIL = '12+ada@users.noreply.github.com';
const CHALLENGE = `jamnet identity claim v1\nemail ${EMAIL}\n`;

test.each([
  ['12+Ada@users.noreply.github.com', 'github.com', 'ada'],
  ['ada@users.noreply.github.com', 'github.com', 'ada'],
  ['12-ada@users.noreply.github.com', 'github.com', '12-ada'],
  ['12-ada@users.noreply.gitlab.com', 'gitlab.com', 'ada'],
  ['12-ada-b@users.noreply.git.mill.example', 'git.mill.example', 'ada-b'],
  ['12-ada@noreply.codeberg.org', 'codeberg.org', '12-ada'],
])('%s is of the account %s/%s', (email, host, name) => {
  expect(forgeAccountOf(email)).toEqual({ host, name });
  expect(keysAddressOf({ host, name }, 'keys')).toBe(`https://${host}/${name}.keys`);
});

test.each([
  'ada@example.org',
  'ada@github.com',
  'support@noreply.github.com',
  'support@noreply.gitlab.com',
  'ada@users.noreply.gitlab.com',
  'ada@noreply.localhost',
  'ada@noreply',
  'ada@not-noreply.codeberg.org',
  '12+@users.noreply.github.com',
  '../x@noreply.codeberg.org',
  'a/b@noreply.codeberg.org',
])('%s is of no account of a forge', async (email) => {
  expect(forgeAccountOf(email)).toBeNull();
  const signed = { email, challenge: CHALLENGE, signature: 's', publishedKeys: 'k' };
  expect(await verifyAccount(signed)).toMatchObject({ code: 'account-unknown' });
});

describe('a challenge signed by a key of a forge account', () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  let ada: string;
  let eve: string;
  beforeAll(async () => {
    temporary = await makeTemporary();
    [ada, eve] = [makeKey('ada'), makeKey('eve')];
  });
  afterAll(() => temporary.remove());

  function makeKey(name: string): string {
    const file = join(temporary.path, name);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
    // Forges publish type and key without a comment.
    return readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  }

  function sign(name: string, text = CHALLENGE, namespace = SIGNATURE_NAMESPACE): string {
    const key = join(temporary.path, name);
    return execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', key, '-n', namespace], {
      input: text,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  }

  const verify = (signature: string, publishedKeys: string, challenge = CHALLENGE) =>
    verifyAccount({ email: EMAIL, challenge, signature, publishedKeys });

  test('holds, among other keys, and names key and account', async () => {
    expect(await verify(sign('ada'), `${eve}\r\n${ada}\r\n`)).toMatchObject({
      ok: true,
      value: expect.stringMatching(/^SHA256:\S+ of github\.com\/ada$/),
    });
  });

  test.each([
    ['by a key that the account does not have', () => verify(sign('eve'), ada)],
    ['over another text', () => verify(sign('ada'), ada, `${CHALLENGE}x`)],
    ['made for git and not for us', () => verify(sign('ada', CHALLENGE, 'git'), ada)],
    ['that is far too long', () => verify('x'.repeat(1 << 20), ada)],
    ['by an account that would speak for all', () => verify(sign('eve'), `* ${eve}\n${ada}`)],
  ])('%s is refused', async (_what, refused) => {
    expect(await refused()).toMatchObject({ code: 'identity-signature-wrong' });
  });

  test('is not checked by a page that holds no keys or far too much', async () => {
    for (const page of ['', '<html>Not Found</html>', `${ada}\n${' '.repeat(ACCOUNT_KEYS_BYTES_MAX)}`])
      expect(await verify(sign('ada'), page)).toMatchObject({ code: 'account-keys-missing' });
  });

  test('is tried against so many keys and not one more', async () => {
    const others = `${eve}\n`.repeat(ACCOUNT_KEYS_MAX - 1);
    expect(await verify(sign('ada'), `${others}${ada}`)).toMatchObject({ ok: true });
    expect(await verify(sign('ada'), `${others}${eve}\n${ada}`)).toMatchObject({
      code: 'identity-signature-wrong',
    });
  });
});

describe.skipIf(spawnSync('gpg', ['--version']).status !== 0)('with gpg', () => {
  test('a key of the account counts whatever address it names', { timeout: 120_000 }, async () => {
    const temporary = await makeTemporary();
    const home = join(temporary.path, 'gnupg');
    const gpg = (...args: readonly string[]): string => {
      const all = ['--homedir', home, '--batch', '--pinentry-mode', 'loopback', ...args];
      return execFileSync('gpg', all, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    };
    try {
      mkdirSync(home, { mode: 0o700 });
      for (const name of ['Ada <ada@home.example>', 'Eve <eve@home.example>'])
        gpg('--passphrase', '', '--quick-generate-key', name, 'ed25519', 'sign', 'never');
      const file = join(temporary.path, 'challenge');
      writeFileSync(file, CHALLENGE);
      gpg('--yes', '--local-user', 'ada@home.example', '--armor', '--detach-sign', file);
      const signature = readFileSync(`${file}.asc`, 'utf8');
      const verify = (name: string) =>
        verifyAccount({
          email: EMAIL,
          challenge: CHALLENGE,
          signature,
          publishedKeys: gpg('--armor', '--export', name),
        });
      expect(await verify('ada@home.example')).toMatchObject({
        ok: true,
        value: expect.stringMatching(/^PGP:[0-9A-F]{40,64} of github\.com\/ada$/),
      });
      expect(await verify('eve@home.example')).toMatchObject({ code: 'identity-signature-wrong' });
    } finally {
      spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
      await temporary.remove();
    }
  });
});
