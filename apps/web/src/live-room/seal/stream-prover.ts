import { toHex } from '@jamnet/base';
import type { ProofTask } from '@jamnet/toast';

/** Asked of WebCrypto at once; the rest waits with the session. */
const UNDER_WAY_MAX = 32;
/** Signers whose keys are kept: more than a room's joins within an evening. */
const SIGNERS_MAX = 64;
/** PrivateKeyInfo of an Ed25519 seed (RFC 8410 §7) is this and the seed's 32 bytes. */
const PKCS8_PREFIX = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);

/** A session's side of deferred proofs: TOAST's `PeerSession` is one. */
export interface ProvedSession {
  readonly proofs: { shift(): ProofTask | undefined };
  signed(task: Extract<ProofTask, { kind: 'sign' }>, signature: Uint8Array): void;
  checked(task: Extract<ProofTask, { kind: 'check' }>, fits: boolean): void;
}

/** Signs a page's stream and checks those of others by WebCrypto, whose work keeps no packet waiting. */
export class StreamProver {
  readonly #key: CryptoKey;
  readonly #signers = new Map<string, Promise<CryptoKey>>();
  #underWay = 0;

  /** `seed`: the 32 secret bytes of an Ed25519 key. Throws what a browser without Ed25519 throws. */
  static async open(seed: Uint8Array): Promise<StreamProver> {
    const pkcs8 = new Uint8Array([...PKCS8_PREFIX, ...seed]);
    return new StreamProver(await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']));
  }

  private constructor(key: CryptoKey) {
    this.#key = key;
  }

  /** Begins what waits; `answered` is told after each answer, which may have left something to send. */
  work(session: ProvedSession, answered: () => void): void {
    while (this.#underWay < UNDER_WAY_MAX) {
      const task = session.proofs.shift();
      if (task === undefined) return;
      this.#underWay++;
      void this.#do(session, task).then(() => {
        this.#underWay--;
        answered();
      });
    }
  }

  async #do(session: ProvedSession, task: ProofTask): Promise<void> {
    if (task.kind === 'check') session.checked(task, await this.#fits(task));
    else {
      const signature = await crypto.subtle.sign('Ed25519', this.#key, new Uint8Array(task.message));
      session.signed(task, new Uint8Array(signature));
    }
  }

  async #fits({ signKey, message, signature }: Extract<ProofTask, { kind: 'check' }>): Promise<boolean> {
    try {
      const key = await this.#signer(signKey);
      return await crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(message));
    } catch {
      return false; // Bytes that are no key.
    }
  }

  #signer(signKey: Uint8Array): Promise<CryptoKey> {
    const name = toHex(signKey);
    let key = this.#signers.get(name);
    if (key === undefined) {
      const oldest = this.#signers.keys().next().value;
      if (this.#signers.size >= SIGNERS_MAX && oldest !== undefined) this.#signers.delete(oldest);
      key = crypto.subtle.importKey('raw', new Uint8Array(signKey), 'Ed25519', false, ['verify']);
      this.#signers.set(name, key);
    }
    return key;
  }
}
