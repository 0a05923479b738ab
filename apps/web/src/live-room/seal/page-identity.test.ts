import {
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { ProofTask } from '@jamnet/toast';
import { expect, test } from 'vitest';
import { makePageIdentity } from './page-identity.ts';
import type { ProvedSession, StreamProver } from './stream-prover.ts';

const MESSAGE = Uint8Array.from({ length: 300 }, (_, i) => i % 251);

/** SubjectPublicKeyInfo (RFC 8410 §4) of each kind is this prefix and the key's 32 bytes. */
const PREFIX = { x25519: '302a300506032b656e032100', ed25519: '302a300506032b6570032100' } as const;

function publicKey(kind: keyof typeof PREFIX, raw: Uint8Array): KeyObject {
  const key = Buffer.concat([Buffer.from(PREFIX[kind], 'hex'), raw]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

/** The other end's keys, by OpenSSL. */
function newBox() {
  const agreement = generateKeyPairSync('x25519');
  const signing = generateKeyPairSync('ed25519');
  const raw = (key: KeyObject) => new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(12));
  return {
    agreeKey: raw(agreement.publicKey),
    signKey: raw(signing.publicKey),
    agree: (other: Uint8Array) =>
      new Uint8Array(
        diffieHellman({ privateKey: agreement.privateKey, publicKey: publicKey('x25519', other) }),
      ),
    sign: (message: Uint8Array) => new Uint8Array(sign(null, message, signing.privateKey)),
    verify: (key: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
      verify(null, message, publicKey('ed25519', key), signature),
  };
}

/** A session that only has proofs to be made. */
class Waiting implements ProvedSession {
  readonly tasks: ProofTask[];
  readonly signatures: Uint8Array[] = [];
  readonly fits: boolean[] = [];

  constructor(tasks: readonly ProofTask[]) {
    this.tasks = [...tasks];
  }

  readonly proofs = { shift: () => this.tasks.shift() };

  signed(_: ProofTask, signature: Uint8Array): void {
    this.signatures.push(signature);
  }

  checked(_: ProofTask, fits: boolean): void {
    this.fits.push(fits);
  }
}

/** Until everything is answered; the most that were taken at once. */
async function workedThrough(prover: StreamProver, session: Waiting): Promise<number> {
  const count = session.tasks.length;
  let answers = 0;
  let mostTaken = 0;
  await new Promise<void>((resolve) => {
    const work = (): void => {
      prover.work(session, () => {
        if (++answers === count) resolve();
        else work();
      });
      mostTaken = Math.max(mostTaken, count - session.tasks.length - answers);
    };
    work();
  });
  return mostTaken;
}

const checkOf = (signKey: Uint8Array, message: Uint8Array, signature: Uint8Array): ProofTask => ({
  kind: 'check',
  joinId: '',
  body: new Uint8Array(0),
  signKey,
  message,
  signature,
});

test('page and box agree on one secret, and each takes what the other has signed', async () => {
  const box = newBox();
  const { identity: page } = await makePageIdentity();
  expect(page.agree(box.agreeKey)).toEqual(box.agree(page.agreeKey));
  expect(box.verify(page.signKey, MESSAGE, page.sign(MESSAGE))).toBe(true);
  expect(page.verify(box.signKey, MESSAGE, box.sign(MESSAGE))).toBe(true);
  expect(page.verify(box.signKey, MESSAGE, page.sign(MESSAGE))).toBe(false);
  expect(page.random(16)).toHaveLength(16);
});

test('a key of low order gives no secret, and bytes that are no key or signature fit nothing', async () => {
  const { identity } = await makePageIdentity();
  expect(identity.agree(new Uint8Array(32))).toBeNull();
  expect(identity.verify(new Uint8Array(5), MESSAGE, new Uint8Array(64))).toBe(false);
  expect(identity.verify(identity.signKey, MESSAGE, new Uint8Array(3))).toBe(false);
});

test('WebCrypto signs with the key that the join announced, and tells right signatures from wrong ones', async () => {
  const box = newBox();
  const { identity, prover } = await makePageIdentity();
  if (prover === null) throw new Error('this platform has no Ed25519');
  const session = new Waiting([
    { kind: 'sign', message: MESSAGE, body: new Uint8Array(0) },
    checkOf(box.signKey, MESSAGE, box.sign(MESSAGE)),
    checkOf(identity.signKey, MESSAGE, box.sign(MESSAGE)),
    checkOf(new Uint8Array(7), MESSAGE, box.sign(MESSAGE)),
    checkOf(box.signKey, MESSAGE.subarray(1), box.sign(MESSAGE)),
  ]);
  await workedThrough(prover, session);
  // Ed25519 is deterministic (RFC 8032 §5.1.6).
  expect(session.signatures).toEqual([identity.sign(MESSAGE)]);
  expect(session.fits.filter((fits) => fits)).toHaveLength(1);
  expect(session.fits).toHaveLength(4);
});

test('a flood of signatures waits with the session, not in the browser', async () => {
  const { prover } = await makePageIdentity();
  if (prover === null) throw new Error('this platform has no Ed25519');
  // Each by a signer of its own: the keys that are kept are bounded too.
  const session = new Waiting(
    Array.from({ length: 200 }, (_, i) => checkOf(new Uint8Array(32).fill(i), MESSAGE, new Uint8Array(64))),
  );
  expect(await workedThrough(prover, session)).toBeLessThanOrEqual(32);
  expect(session.fits).toEqual(new Array(200).fill(false));
});
