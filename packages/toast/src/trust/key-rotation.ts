import { fromHex, toHex } from '@jamnet/base';
import { KEY_BYTES, labelled, type SealCrypto } from '../crypto/toast-crypto.ts';
import type { ControlMessage, RoomMember } from '../wire/control-message.ts';
import { pairKey } from './pair-key.ts';
import type { PeerIdentity } from './peer-identity.ts';

const REPEAT_US = 100_000;
/** A member that has not taken the new key by then does not hold it up: it may have gone as well. */
const WAIT_US = 1_000_000;
export const GENERATION_MAX = 0xffff;

/**
 * Who has left must not understand what follows: when a member goes, this sender draws a new secret and gives it to each
 * remaining member, sealed for that member alone; it seals with it once all have it.
 */
export class KeyRotation {
  readonly #crypto: SealCrypto;
  readonly #identity: PeerIdentity;
  readonly #roomKey: Uint8Array;
  readonly #joinId: string;
  /** Members that can take secrets, by join id: seat, pair key, and the newest generation they took. */
  readonly #members = new Map<string, { seat: number; pair: Uint8Array; taken: number }>();
  #seen = new Set<string>();
  #secret: Uint8Array;
  #generation = 0;
  #active = 0;
  #drawnUs = 0;
  #dueUs = Number.POSITIVE_INFINITY;
  /** Members are here that announced no keys: a rotation would lock them out, and is not made. */
  unreachable = 0;

  constructor(crypto: SealCrypto, identity: PeerIdentity, roomKey: Uint8Array, joinId: string) {
    this.#crypto = crypto;
    this.#identity = identity;
    this.#roomKey = roomKey;
    this.#joinId = joinId;
    this.#secret = roomKey;
  }

  get nextTickUs(): number {
    return this.#dueUs;
  }

  /** The generation to seal with, and the secret of the newest. */
  get active(): number {
    return this.#active;
  }

  get newest(): { readonly generation: number; readonly secret: Uint8Array } {
    return { generation: this.#generation, secret: this.#secret };
  }

  /** The room as it is now, this peer left out. */
  members(nowUs: number, others: readonly RoomMember[]): void {
    const present = new Set(others.map((member) => member.joinId));
    const someoneLeft = [...this.#seen].some((joinId) => !present.has(joinId));
    this.#seen = present;
    for (const joinId of [...this.#members.keys()]) if (!present.has(joinId)) this.#members.delete(joinId);
    this.unreachable = 0;
    for (const member of others) this.#meet(member);
    if (someoneLeft && this.unreachable === 0 && this.#generation < GENERATION_MAX) {
      this.#generation++;
      this.#secret = this.#identity.random(KEY_BYTES);
      this.#drawnUs = nowUs;
    }
    if (this.#generation > 0) this.#dueUs = nowUs;
  }

  #meet(member: RoomMember): void {
    const known = this.#members.get(member.joinId);
    if (known !== undefined) {
      known.seat = member.seat;
      return;
    }
    const pair = pairKey(this.#crypto, this.#identity, this.#roomKey, member);
    if (pair === null) this.unreachable++;
    else this.#members.set(member.joinId, { seat: member.seat, pair, taken: 0 });
  }

  /** Secrets to send now. */
  tick(nowUs: number): ControlMessage[] {
    if (nowUs < this.#dueUs) return [];
    const messages: ControlMessage[] = [];
    for (const [joinId, member] of this.#members) {
      if (member.taken >= this.#generation) continue;
      const key = this.#pairKey(member.pair, this.#joinId, joinId, this.#generation);
      const sealed = toHex(this.#crypto.seal(key, new Uint8Array(12), new Uint8Array(0), this.#secret));
      messages.push({ t: 'key', seat: member.seat, generation: this.#generation, sealed });
    }
    if (messages.length === 0 || nowUs - this.#drawnUs > WAIT_US) this.#active = this.#generation;
    this.#dueUs = messages.length === 0 ? Number.POSITIVE_INFINITY : nowUs + REPEAT_US;
    return messages;
  }

  /** A member says it has our secret. */
  taken(nowUs: number, joinId: string, generation: number): void {
    const member = this.#members.get(joinId);
    if (member === undefined || generation > this.#generation) return;
    member.taken = Math.max(member.taken, generation);
    this.#dueUs = Math.min(this.#dueUs, nowUs);
  }

  /** The secret another member sent us, or `null` when it does not open. */
  open(joinId: string, generation: number, sealed: string): Uint8Array | null {
    const member = this.#members.get(joinId);
    const bytes = fromHex(sealed);
    if (member === undefined || bytes === null) return null;
    const key = this.#pairKey(member.pair, joinId, this.#joinId, generation);
    return this.#crypto.open(key, new Uint8Array(12), new Uint8Array(0), bytes);
  }

  /** For one secret only: its nonce may be zero. */
  #pairKey(pair: Uint8Array, from: string, to: string, generation: number): Uint8Array {
    return this.#crypto.hmac(pair, labelled('jamnet/toast/rotate/v3', [from, to, String(generation)]));
  }
}
