import { concatBytes } from '@jamnet/base';
import { type HopCrypto, labelled } from '../crypto/toast-crypto.ts';
import { readUint53, viewOf, writeUint53 } from '../wire/bytes53.ts';
import { HEADER_BYTES } from '../wire/header.ts';

/** Datagrams that one signature vouches for, and the bytes of each one's hash that it lists. */
export const SIGNED_DATAGRAMS = 32;
const HASH_BYTES = 8;
const FIXED_BYTES = 12;
const SIGNATURE_BYTES = 64;
/** First byte of the body, in packets of type stats. */
export const SIGNATURE_KIND = 2;
export const SIGNATURE_BODY_BYTES = FIXED_BYTES + SIGNED_DATAGRAMS * HASH_BYTES + SIGNATURE_BYTES;
/** Hashes remembered on each side: signatures and datagrams may overtake each other by as much. */
const REMEMBERED = 256;

/** SHA-256 behind the platform's HMAC: a key that everybody knows makes it a plain hash. */
const HASH_KEY = new Uint8Array(32);

function hashOf(crypto: HopCrypto, datagram: Uint8Array, bodyBytes: number): Uint8Array {
  return crypto.hmac(HASH_KEY, datagram.subarray(0, HEADER_BYTES + bodyBytes)).subarray(0, HASH_BYTES);
}

/** What its owner signs of a body whose hashes are whole. */
export function signedBytes(joinId: string, body: Uint8Array): Uint8Array {
  const content = body.subarray(0, SIGNATURE_BODY_BYTES - SIGNATURE_BYTES);
  return concatBytes(labelled('jamnet/toast/stream/v3', [joinId]), content);
}

/** Puts the signature, 64 bytes, into its body. */
export function putSignature(body: Uint8Array, signature: Uint8Array): void {
  body.set(signature, SIGNATURE_BODY_BYTES - SIGNATURE_BYTES);
}

/** Lists its own stream: every {@link SIGNED_DATAGRAMS} datagrams a body of their hashes, to be signed. */
export class StreamSigner {
  readonly #crypto: HopCrypto;
  readonly #body = new Uint8Array(SIGNATURE_BODY_BYTES);
  #count = 0;
  #next = -1;

  constructor(crypto: HopCrypto) {
    this.#crypto = crypto;
  }

  /** Notes an own audio datagram; answers a body to sign when a list is full, which the next call overwrites. */
  note(sequence: number, datagram: Uint8Array, bodyBytes: number): Uint8Array | null {
    if (sequence !== this.#next) this.#count = 0;
    if (this.#count === 0) {
      this.#body.fill(0);
      this.#body[0] = SIGNATURE_KIND;
      this.#body[1] = SIGNED_DATAGRAMS;
      writeUint53(viewOf(this.#body), 4, sequence);
    }
    this.#body.set(hashOf(this.#crypto, datagram, bodyBytes), FIXED_BYTES + this.#count * HASH_BYTES);
    this.#next = sequence + 1;
    if (++this.#count < SIGNED_DATAGRAMS) return null;
    this.#count = 0;
    return this.#body;
  }
}

/** What an Ed25519 verification takes. */
export interface SignatureClaim {
  readonly signKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Holds another's stream against the hashes its owner signed: a member who seals in its name is found out. */
export class StreamVerifier {
  /** Datagrams that the owner signed, and such as it did not send. */
  verified = 0;
  forged = 0;
  readonly #crypto: HopCrypto;
  readonly #signKey: Uint8Array;
  readonly #joinId: string;
  readonly #came = new HashRing();
  readonly #signed = new HashRing();

  constructor(crypto: HopCrypto, joinId: string, signKey: Uint8Array) {
    this.#crypto = crypto;
    this.#joinId = joinId;
    this.#signKey = signKey;
  }

  /** A datagram that the seal let through. */
  note(sequence: number, datagram: Uint8Array, bodyBytes: number): void {
    const hash = hashOf(this.#crypto, datagram, bodyBytes);
    this.#came.set(sequence, hash, 0);
    if (this.#signed.has(sequence)) this.#judge(sequence);
  }

  /** What is to be checked of a signature body; `null` for a body that is none. */
  claimOf(body: Uint8Array): SignatureClaim | null {
    if (body.length < SIGNATURE_BODY_BYTES || body[1] !== SIGNED_DATAGRAMS) return null;
    if (readUint53(viewOf(body), 4) < 0) return null;
    return {
      signKey: this.#signKey,
      message: signedBytes(this.#joinId, body),
      signature: body.slice(SIGNATURE_BODY_BYTES - SIGNATURE_BYTES, SIGNATURE_BODY_BYTES),
    };
  }

  /** A body whose signature was checked and fits. */
  accept(body: Uint8Array): void {
    const first = readUint53(viewOf(body), 4);
    for (let i = 0; i < SIGNED_DATAGRAMS; i++) {
      this.#signed.set(first + i, body, FIXED_BYTES + i * HASH_BYTES);
      if (this.#came.has(first + i)) this.#judge(first + i);
    }
  }

  #judge(sequence: number): void {
    if (this.#came.equals(this.#signed, sequence)) this.verified++;
    else this.forged++;
  }
}

/** The last hashes by sequence. */
class HashRing {
  readonly #sequences = new Float64Array(REMEMBERED).fill(-1);
  readonly #hashes = new Uint8Array(REMEMBERED * HASH_BYTES);

  set(sequence: number, bytes: Uint8Array, at: number): void {
    const slot = sequence % REMEMBERED;
    this.#sequences[slot] = sequence;
    for (let i = 0; i < HASH_BYTES; i++) this.#hashes[slot * HASH_BYTES + i] = bytes[at + i] ?? 0;
  }

  has(sequence: number): boolean {
    return this.#sequences[sequence % REMEMBERED] === sequence;
  }

  equals(other: HashRing, sequence: number): boolean {
    const slot = (sequence % REMEMBERED) * HASH_BYTES;
    for (let i = 0; i < HASH_BYTES; i++) if (this.#hashes[slot + i] !== other.#hashes[slot + i]) return false;
    return true;
  }
}
