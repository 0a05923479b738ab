import { ok, type Result, refuse } from '@jamnet/base';
import { readBlobs, readSizes } from '../git/blobs.ts';
import { readTree } from '../git/history.ts';
import { type OpenCode, openRepository } from '../git/open-repository.ts';
import {
  isPgpSignature,
  SIGNATURE_BYTES_MAX,
  SIGNATURE_NAMESPACE,
  type VerifierCode,
  verifyByKeys,
} from './verify-by-keys.ts';

export type SignatureCode = OpenCode | VerifierCode | 'allowed-signers-missing' | 'identity-signature-wrong';

/** Where a repository lists which keys speak for which address (ssh-keygen(1), ALLOWED SIGNERS). */
export const ALLOWED_SIGNERS_PATH = '.allowed_signers';
/** Where it keeps the OpenPGP keys of its authors, armoured, as `gpg --export --armor` writes them. */
export const ALLOWED_KEYS_PATH = '.allowed_keys.asc';
const SIGNERS_BYTES_MAX = 1 << 20;

export interface SignedChallenge {
  /** The repository whose maintainers vouch for keys; its list is read from the commit, not from the working tree. */
  readonly repoDirectory: string;
  readonly revision?: string;
  readonly email: string;
  readonly challenge: string;
  /** Armoured, as `ssh-keygen -Y sign -n jamnet-identity` or `gpg --armor --detach-sign` writes it. */
  readonly signature: string;
}

/**
 * Checks with ssh-keygen or gpg that a key which the repository lists for this address signed the challenge; gives its
 * fingerprint.
 */
export async function verifySignature(signed: SignedChallenge): Promise<Result<string, SignatureCode>> {
  const opened = await openRepository(signed.repoDirectory, signed.revision);
  if (!opened.ok) return opened;
  const repository = opened.value;
  const path = isPgpSignature(signed.signature) ? ALLOWED_KEYS_PATH : ALLOWED_SIGNERS_PATH;
  try {
    const entry = (await readTree(repository, repository.head)).find((file) => file.path === path);
    const sizes = await readSizes(repository, entry === undefined ? [] : [entry.blob]);
    for (const [blob, size] of sizes) if (size > SIGNERS_BYTES_MAX) sizes.delete(blob);
    let signers = '';
    await readBlobs(repository, sizes, (_blob, bytes) => {
      signers = bytes.toString('utf8');
    });
    if (signers === '')
      return refuse(
        'allowed-signers-missing',
        `The repository has no ${path} of at most ${SIGNERS_BYTES_MAX} bytes: its maintainers must commit one that lists your key.`,
      );
    if (signed.signature.length > SIGNATURE_BYTES_MAX) return wrong(signed.email, path);
    const key = await verifyByKeys(signers, signed);
    if (!key.ok) return key;
    return key.value === null ? wrong(signed.email, path) : ok(key.value);
  } finally {
    await repository.close();
  }
}

function wrong(email: string, path: string): Result<string, SignatureCode> {
  return refuse(
    'identity-signature-wrong',
    `No key that ${path} lists for ${email} made this signature over this challenge: ask for a new challenge and sign it with ssh-keygen -Y sign -n ${SIGNATURE_NAMESPACE}, or gpg --armor --detach-sign.`,
  );
}
