import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';
import { runVerifier } from './run-verifier.ts';
import { verifyWithGpg } from './verify-gpg.ts';

export type VerifierCode = 'ssh-keygen-missing' | 'gpg-missing';

/** Namespace of our signatures, so that one made for git or mail does not count here. */
export const SIGNATURE_NAMESPACE = 'jamnet-identity';
/** Longer ones are refused unread. */
export const SIGNATURE_BYTES_MAX = 16 << 10;

export interface SignedText {
  readonly email: string;
  readonly challenge: string;
  /** Armoured, as `ssh-keygen -Y sign -n jamnet-identity` or `gpg --armor --detach-sign` writes it. */
  readonly signature: string;
  /** Any OpenPGP key among the keys counts, whatever addresses it names: they were not vouched for by address. */
  readonly isAnyUser?: true;
}

export function isPgpSignature(signature: string): boolean {
  return signature.startsWith('-----BEGIN PGP SIGNATURE-----');
}

/**
 * Fingerprint of the key that made the signature, if it is among `keys` (allowed signers as in ssh-keygen(1), or armoured
 * OpenPGP keys, whichever the signature asks for); `null` when it is not, or signed something else.
 */
export async function verifyByKeys(
  keys: string,
  signed: SignedText,
): Promise<Result<string | null, VerifierCode>> {
  const isPgp = isPgpSignature(signed.signature);
  const key = isPgp ? await verifyWithGpg(keys, signed) : await verifyWithSsh(keys, signed);
  if (key !== 'missing') return ok(key);
  return isPgp
    ? refuse('gpg-missing', 'gpg could not be started: install GnuPG 2.2 or newer.')
    : refuse('ssh-keygen-missing', 'ssh-keygen could not be started: install OpenSSH 8.2 or newer.');
}

async function verifyWithSsh(signers: string, signed: SignedText): Promise<string | 'missing' | null> {
  const directory = await mkdtemp(join(tmpdir(), 'jamnet-signature-'));
  try {
    const [signersFile, signatureFile] = [join(directory, 'signers'), join(directory, 'signature')];
    await writeFile(signersFile, signers);
    await writeFile(signatureFile, signed.signature);
    const said = await runVerifier(
      'ssh-keygen',
      ['-Y', 'verify', '-f', signersFile, '-I', signed.email, '-n', SIGNATURE_NAMESPACE, '-s', signatureFile],
      signed.challenge,
    );
    return said === 'missing' ? said : (/key (SHA256:[\w+/=]+)/.exec(said ?? '')?.[1] ?? null);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
