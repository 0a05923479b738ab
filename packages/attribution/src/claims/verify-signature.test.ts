import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRepository, makeTemporary } from '../testing/make-repository.ts';
import { SIGNATURE_NAMESPACE } from './verify-by-keys.ts';
import { ALLOWED_SIGNERS_PATH, verifySignature } from './verify-signature.ts';

const CHALLENGE = 'jamnet identity claim v1\nemail ada@example.org\n';

describe('a challenge signed with ssh-keygen', () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  let repoDirectory: string;
  let signature: string;
  beforeAll(async () => {
    temporary = await makeTemporary();
    const ada = makeKey('ada');
    const signers = `ada@example.org namespaces="git,${SIGNATURE_NAMESPACE}" ${ada}\n`;
    repoDirectory = await makeRepository(
      [{ author: 'Ada', files: { [ALLOWED_SIGNERS_PATH]: signers } }],
      temporary.path,
    );
    signature = sign('ada', CHALLENGE);
    makeKey('eve');
  });
  afterAll(() => temporary.remove());

  function makeKey(name: string): string {
    const file = join(temporary.path, name);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
    return readFileSync(`${file}.pub`, 'utf8').trim();
  }

  function sign(name: string, text: string, namespace = SIGNATURE_NAMESPACE): string {
    const file = join(temporary.path, `${name}-${namespace}.txt`);
    writeFileSync(file, text);
    execFileSync(
      'ssh-keygen',
      ['-q', '-Y', 'sign', '-f', join(temporary.path, name), '-n', namespace, file],
      {
        stdio: 'ignore',
      },
    );
    const made = readFileSync(`${file}.sig`, 'utf8');
    execFileSync('rm', ['-f', `${file}.sig`]);
    return made;
  }

  const verify = (change: object = {}) =>
    verifySignature({ repoDirectory, email: 'ada@example.org', challenge: CHALLENGE, signature, ...change });

  test('by the key that the repository lists for the address holds, and names the key', async () => {
    expect(await verify()).toMatchObject({ ok: true, value: expect.stringMatching(/^SHA256:/) });
  });

  test.each([
    ['by another key', () => ({ signature: sign('eve', CHALLENGE) })],
    ['over another text', () => ({ challenge: `${CHALLENGE}x` })],
    ['for another address', () => ({ email: 'eve@example.org' })],
    ['made for git and not for us', () => ({ signature: sign('ada', CHALLENGE, 'git') })],
    ['that is none', () => ({ signature: 'no signature' })],
    ['that is far too long', () => ({ signature: 'x'.repeat(1 << 20) })],
  ])('%s is refused', async (_what, change) => {
    expect(await verify(change())).toMatchObject({ ok: false, code: 'identity-signature-wrong' });
  });

  test('cannot be checked where the repository lists nobody', async () => {
    const empty = await makeRepository([{ author: 'Ada', files: { a: 'b' } }], temporary.path);
    expect(await verify({ repoDirectory: empty })).toMatchObject({ code: 'allowed-signers-missing' });
    expect(await verify({ repoDirectory: join(temporary.path, 'nowhere') })).toMatchObject({
      code: 'not-a-repository',
    });
  });
});
