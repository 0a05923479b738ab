import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRepository, makeTemporary } from '../testing/make-repository.ts';
import { ALLOWED_KEYS_PATH, verifySignature } from './verify-signature.ts';

const CHALLENGE = 'jamnet identity claim v1\nemail ada@example.org\n';

describe.skipIf(spawnSync('gpg', ['--version']).status !== 0)('a challenge signed with gpg', () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  let repoDirectory: string;
  let home: string;
  beforeAll(async () => {
    temporary = await makeTemporary();
    home = join(temporary.path, 'gnupg');
    mkdirSync(home, { mode: 0o700 });
    for (const name of ['Ada <ada@example.org>', 'Bela <bela@example.org>', 'Eve <ada@example.org>'])
      gpg('--passphrase', '', '--quick-generate-key', name, 'ed25519', 'sign', 'never');
    // Eve's key names Ada's address as well, but the maintainers did not commit it.
    const keys = gpg('--armor', '--export', 'Ada <', 'bela@example.org');
    repoDirectory = await makeRepository(
      [{ author: 'Ada', files: { [ALLOWED_KEYS_PATH]: keys } }],
      temporary.path,
    );
  }, 120_000);
  afterAll(async () => {
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    await temporary.remove();
  });

  function gpg(...args: readonly string[]): string {
    const all = ['--homedir', home, '--batch', '--pinentry-mode', 'loopback', ...args];
    return execFileSync('gpg', all, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  }

  function sign(name: string, text = CHALLENGE): string {
    const file = join(temporary.path, 'challenge');
    writeFileSync(file, text);
    gpg('--yes', '--local-user', name, '--armor', '--detach-sign', file);
    return readFileSync(`${file}.asc`, 'utf8');
  }

  const verify = (signature: string, email = 'ada@example.org') =>
    verifySignature({ repoDirectory, email, challenge: CHALLENGE, signature });

  test('by a key that the repository keeps for the address holds, and names the key', async () => {
    expect(await verify(sign('Ada <'))).toMatchObject({
      ok: true,
      value: expect.stringMatching(/^PGP:[0-9A-F]{40,64}$/),
    });
  });

  test.each([
    ['by a key of another address', () => sign('bela@example.org')],
    ['by a key that names the address and is not kept there', () => sign('Eve <')],
    ['over another text', () => sign('Ada <', `${CHALLENGE}x`)],
    ['that is torn', () => sign('Ada <').slice(0, 150)],
  ])('%s is refused', async (_what, make) => {
    expect(await verify(make())).toMatchObject({ ok: false, code: 'identity-signature-wrong' });
  });

  test('cannot be checked where the repository keeps no keys', async () => {
    const empty = await makeRepository([{ author: 'Ada', files: { a: 'b' } }], temporary.path);
    const signed = { email: 'ada@example.org', challenge: CHALLENGE, signature: sign('Ada <') };
    expect(await verifySignature({ repoDirectory: empty, ...signed })).toMatchObject({
      code: 'allowed-signers-missing',
    });
  });
});
