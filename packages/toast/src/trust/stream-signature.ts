import { concatBytes } from '@jamnet/base';
import { type HopCrypto, labelled } from '../crypto/toast-crypto.ts';
import { readUint53, viewOf, writeUint53 } from '../wire/bytes53.ts';
import { HEADER_BYTES } from '../wire/header.ts';
import type { PeerIdentity } from './peer-identity.ts';

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

function signedBytes(joinId: string, body: Uint8Array): Uint8Array {
  const content = body.subarray(0, SIGNATURE_BODY_BYTES - SIGNATURE_BYTES);
  return concatBytes(labelled('jamnet/toast/stream/v3', [joinId]), content);
}

/** Signs its own stream: every {@link SIGNED_DATAGRAMS} datagrams a list of their hashes. */
export class StreamSigner {
  readonly #crypto: HopCrypto;
  readonly #identity: Pick<PeerIdentity, 'sign'>;
  readonly #joinId: string;
  readonly #body = new Uint8Array(SIGNATURE_BODY_BYTES);
  #count = 0;
  #next = -1;

  constructor(crypto: HopCrypto, identity: Pick<PeerIdentity, 'sign'>, joinId: string) {
    this.#crypto = crypto;
    this.#identity = identity;
    this.#joinId = joinId;
  }

  /** Notes an own audio datagram; answers a body to send when a list is full. */
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
    this.#body.set(
      this.#identity.sign(signedBytes(this.#joinId, this.#body)),
      SIGNATURE_BODY_BYTES - SIGNATURE_BYTES,
    );
    return this.#body;
  }
}

/** Holds another's stream against the hashes its owner signed: a member who seals in its name is found out. */
export class StreamVerifier {
  /** Datagrams that the owner signed, and such as it did not send. */
  verified = 0;
  forged = 0;
  readonly #crypto: HopCrypto;
  readonly #identity: PeerIdentity;
  readonly #signKey: Uint8Array;
  readonly #joinId: string;
  readonly #came = new HashRing();
  readonly #signed = new HashRing();

  constructor(crypto: HopCrypto, identity: PeerIdentity, joinId: string, signKey: Uint8Array) {
    this.#crypto = crypto;
    this.#identity = identity;
    this.#joinId = joinId;
    this.#signKey = signKey;
  }

  /** A datagram that the seal let through. */
  note(sequence: number, datagram: Uint8Array, bodyBytes: number): void {
    const hash = hashOf(this.#crypto, datagram, bodyBytes);
    this.#came.set(sequence, hash, 0);
    if (this.#signed.has(sequence)) this.#judge(sequence);
  }

  /** A signature body; false when its owner did not sign it. */
  take(body: Uint8Array): boolean {
    if (body.length < SIGNATURE_BODY_BYTES || body[1] !== SIGNED_DATAGRAMS) return false;
    const first = readUint53(viewOf(body), 4);
    if (first < 0) return false;
    const signature = body.subarray(SIGNATURE_BODY_BYTES - SIGNATURE_BYTES, SIGNATURE_BODY_BYTES);
    if (!this.#identity.verify(this.#signKey, signedBytes(this.#joinId, body), signature)) return false;
    for (let i = 0; i < SIGNED_DATAGRAMS; i++) {
      this.#signed.set(first + i, body, FIXED_BYTES + i * HASH_BYTES);
      if (this.#came.has(first + i)) this.#judge(first + i);
    }
    return true;
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
