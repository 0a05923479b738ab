import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runVerifier } from './run-verifier.ts';
import type { SignedText } from './verify-by-keys.ts';

/**
 * `PGP:` and the fingerprint of the primary key that signed the challenge, if it is among the armoured `keys` with a user id of
 * this address that is not revoked (`isAnyUser`: with any); `null` when not. A keyring of its own: nobody's trust or keys of this machine count.
 */
export async function verifyWithGpg(keys: string, signed: SignedText): Promise<string | 'missing' | null> {
  const directory = await mkdtemp(join(tmpdir(), 'jamnet-gpg-'));
  const run = (args: readonly string[], input = ''): Promise<string | 'missing' | null> =>
    runVerifier('gpg', ['--homedir', directory, '--batch', '--no-tty', '--no-autostart', ...args], input);
  try {
    const signatureFile = join(directory, 'signature.asc');
    await writeFile(signatureFile, signed.signature);
    const imported = await run(['--import'], keys);
    if (imported === 'missing') return imported;
    const said = await run(
      ['--trust-model', 'always', '--status-fd', '1', '--verify', signatureFile, '-'],
      signed.challenge,
    );
    // GnuPG, doc/DETAILS: GOODSIG only for keys that are neither expired nor revoked; VALIDSIG ends with the primary key.
    const isGood = /^\[GNUPG:\] GOODSIG /m.test(said ?? '');
    const key = /^\[GNUPG:\] VALIDSIG .* ([0-9A-F]{40,64})$/m.exec(said ?? '')?.[1];
    if (!isGood || key === undefined) return null;
    if (signed.isAnyUser) return `PGP:${key}`;
    const listed = await run(['--with-colons', '--list-keys', key]);
    return isListedFor(listed ?? '', signed.email) ? `PGP:${key}` : null;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A user id line of `--with-colons`: validity in field 2 (`r` revoked, `e` expired, `i` invalid), the id in field 10. */
function isListedFor(listed: string, email: string): boolean {
  return listed.split('\n').some((line) => {
    const fields = line.split(':');
    const [kind, validity = ''] = fields;
    const address = /<([^<>]*)>$/.exec(fields[9] ?? '')?.[1] ?? fields[9];
    return kind === 'uid' && !/[rei]/.test(validity) && address?.toLowerCase() === email.toLowerCase();
  });
}
