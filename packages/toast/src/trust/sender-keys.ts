import { type HopCrypto, senderKey } from '../crypto/toast-crypto.ts';

/** Keys of this many rotations are kept, so that what was under way is still understood. */
const GENERATIONS_KEPT = 3;

/** One sender's keys by generation and packet type: generation 0 from the room key, later ones from secrets it sent. */
export class SenderKeys {
  readonly #crypto: HopCrypto;
  readonly #joinId: string;
  readonly #secrets = new Map<number, Uint8Array>();
  /** By generation × 8 + type. */
  readonly #keys = new Map<number, Uint8Array>();
  #newest = 0;

  constructor(crypto: HopCrypto, roomKey: Uint8Array, joinId: string) {
    this.#crypto = crypto;
    this.#joinId = joinId;
    this.#secrets.set(0, roomKey);
  }

  /** Newest generation known. */
  get generation(): number {
    return this.#newest;
  }

  add(generation: number, secret: Uint8Array): void {
    if (generation <= this.#newest) return;
    this.#newest = generation;
    this.#secrets.set(generation, secret);
    for (const known of [...this.#secrets.keys()])
      if (known <= generation - GENERATIONS_KEPT) this.#secrets.delete(known);
    this.#keys.clear();
  }

  /** The key, or `null` for a generation that is not known or no longer kept. */
  of(generation: number, type: number): Uint8Array | null {
    const place = generation * 8 + type;
    const known = this.#keys.get(place);
    if (known !== undefined) return known;
    const secret = this.#secrets.get(generation);
    if (secret === undefined) return null;
    const key = senderKey(this.#crypto, secret, this.#joinId, type);
    this.#keys.set(place, key);
    return key;
  }
}
