import { createHmac, timingSafeEqual } from 'node:crypto';

/** A client answers a Retry at once; 10 s is also how long a connection may be silent. */
const GOOD_FOR_MS = 10_000;
const TIME_BYTES = 8;
const MAC_BYTES = 16;
/** RFC 9000 §17.2: no connection ID is longer. */
const CONNECTION_ID_BYTES_MAX = 20;

/** Whom a proof is for: where a first packet came from, and the connection ID that it must go to after the Retry. */
export interface ProofPlace {
  readonly host: string;
  readonly port: number;
  readonly newId: Uint8Array;
}

/**
 * Retry tokens (RFC 9000 §8.1.2, §8.1.3): time (8 bytes, ms) ‖ the connection ID that the client first chose ‖ 16 bytes of
 * HMAC-SHA-256 over both, address and new connection ID. Nothing is kept: who brings one back can be reached where it says it is.
 */
export class AddressProof {
  readonly #key: Uint8Array;

  /** `key`: 32 random bytes of this process. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  issue(place: ProofPlace, firstId: Uint8Array, nowMs: number): Uint8Array {
    const token = Buffer.alloc(TIME_BYTES + firstId.length + MAC_BYTES);
    token.writeBigUInt64BE(BigInt(Math.floor(nowMs)));
    token.set(firstId, TIME_BYTES);
    token.set(this.#mac(token.subarray(0, -MAC_BYTES), place), TIME_BYTES + firstId.length);
    return token;
  }

  /** The connection ID that the client first chose; `null` where the token is not of ours, for another place, or too old. */
  check(token: Uint8Array, place: ProofPlace, nowMs: number): Uint8Array | null {
    const idBytes = token.length - TIME_BYTES - MAC_BYTES;
    if (idBytes < 0 || idBytes > CONNECTION_ID_BYTES_MAX) return null;
    const signed = Buffer.from(token.buffer, token.byteOffset, TIME_BYTES + idBytes);
    if (!timingSafeEqual(this.#mac(signed, place), token.subarray(signed.length))) return null;
    const ageMs = nowMs - Number(signed.readBigUInt64BE());
    return ageMs >= -1 && ageMs <= GOOD_FOR_MS ? signed.subarray(TIME_BYTES) : null;
  }

  #mac(signed: Uint8Array, { host, port, newId }: ProofPlace): Uint8Array {
    const mac = createHmac('sha256', this.#key).update(`${host} ${port} ${newId.length} `).update(newId);
    return mac.update(signed).digest().subarray(0, MAC_BYTES);
  }
}
