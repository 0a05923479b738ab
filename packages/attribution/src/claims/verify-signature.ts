import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';
import { readBlobs, readSizes } from '../git/blobs.ts';
import { readTree } from '../git/history.ts';
import { type OpenCode, openRepository } from '../git/open-repository.ts';
import { MACHINE_ENVIRONMENT } from '../machine-environment.ts';

export type SignatureCode =
  | OpenCode
  | 'ssh-keygen-missing'
  | 'allowed-signers-missing'
  | 'identity-signature-wrong';

/** Where a repository lists which keys speak for which address (ssh-keygen(1), ALLOWED SIGNERS). */
export const ALLOWED_SIGNERS_PATH = '.allowed_signers';
/** Namespace of our signatures, so that one made for git or mail does not count here. */
export const SIGNATURE_NAMESPACE = 'jamnet-identity';
const SIGNERS_BYTES_MAX = 1 << 20;
const SIGNATURE_BYTES_MAX = 16 << 10;
const VERIFY_SECONDS_MAX = 20;

export interface SignedChallenge {
  /** The repository whose maintainers vouch for keys; its list is read from the commit, not from the working tree. */
  readonly repoDirectory: string;
  readonly revision?: string;
  readonly email: string;
  readonly challenge: string;
  /** Armoured, as `ssh-keygen -Y sign -n jamnet-identity` writes it. */
  readonly signature: string;
}

/** Checks with ssh-keygen that a key which the repository lists for this address signed the challenge; gives its fingerprint. */
export async function verifySignature(signed: SignedChallenge): Promise<Result<string, SignatureCode>> {
  const opened = await openRepository(signed.repoDirectory, signed.revision);
  if (!opened.ok) return opened;
  const repository = opened.value;
  try {
    const entry = (await readTree(repository, repository.head)).find(
      (file) => file.path === ALLOWED_SIGNERS_PATH,
    );
    const sizes = await readSizes(repository, entry === undefined ? [] : [entry.blob]);
    for (const [blob, size] of sizes) if (size > SIGNERS_BYTES_MAX) sizes.delete(blob);
    let signers = '';
    await readBlobs(repository, sizes, (_blob, bytes) => {
      signers = bytes.toString('utf8');
    });
    if (signers === '')
      return refuse(
        'allowed-signers-missing',
        `The repository has no ${ALLOWED_SIGNERS_PATH}: its maintainers must commit one that lists your key.`,
      );
    return await verifyWith(signers, signed);
  } finally {
    await repository.close();
  }
}

async function verifyWith(signers: string, signed: SignedChallenge): Promise<Result<string, SignatureCode>> {
  if (signed.signature.length > SIGNATURE_BYTES_MAX) return wrong(signed.email);
  const directory = await mkdtemp(join(tmpdir(), 'jamnet-signature-'));
  try {
    const [signersFile, signatureFile] = [join(directory, 'signers'), join(directory, 'signature')];
    await writeFile(signersFile, signers);
    await writeFile(signatureFile, signed.signature);
    const said = await runVerify(
      ['-Y', 'verify', '-f', signersFile, '-I', signed.email, '-n', SIGNATURE_NAMESPACE, '-s', signatureFile],
      signed.challenge,
    );
    if (said === 'missing')
      return refuse('ssh-keygen-missing', 'ssh-keygen could not be started: install OpenSSH 8.2 or newer.');
    const key = /key (SHA256:[\w+/=]+)/.exec(said ?? '')?.[1];
    return key === undefined ? wrong(signed.email) : ok(key);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function wrong(email: string): Result<string, SignatureCode> {
  return refuse(
    'identity-signature-wrong',
    `No key that ${ALLOWED_SIGNERS_PATH} lists for ${email} made this signature over this challenge: ask for a new challenge and sign it with ssh-keygen -Y sign -n ${SIGNATURE_NAMESPACE}.`,
  );
}

/** What ssh-keygen printed; `null` when it refused. */
function runVerify(args: readonly string[], input: string): Promise<string | 'missing' | null> {
  return new Promise((resolve) => {
    const child = spawn('ssh-keygen', args, {
      env: { ...MACHINE_ENVIRONMENT, LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: VERIFY_SECONDS_MAX * 1000,
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (said.length < 4000) said += chunk.toString('utf8');
    });
    child.on('error', () => resolve('missing'));
    child.on('close', (status) => resolve(status === 0 ? said : null));
    // It may refuse before it has read everything; its status tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
