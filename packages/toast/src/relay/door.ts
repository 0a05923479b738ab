import { toHex } from '@jamnet/base';
import { type JoinClaim, verifyWireToken } from '../crypto/join-token.ts';
import { type HopCrypto, hopKey, hopTagFits, labelled } from '../crypto/toast-crypto.ts';
import { type ControlMessage, decodeControl } from '../wire/control-message.ts';
import { bodyOf, type Header, PACKET_TYPE } from '../wire/header.ts';
import { networkOf } from '../wire/host-port.ts';
import { SourceLimit } from './source-limit.ts';

/** How long a challenge may be answered. */
const COOKIE_US = 30_000_000;
/** Joins per source network (`networkOf`) and second: the only work done for strangers. */
const JOINS_PER_SECOND = 50;
const JOINS_BURST = 200;
export const SOURCES_MAX = 4096;

export type Join = Extract<ControlMessage, { t: 'join' }>;

/** What the door makes of a stranger's datagram. */
export type Entry =
  | { readonly kind: 'unknown-source' | 'rate-limited' | 'refused' | 'forged' }
  /** The address must show that it receives what is sent to it. */
  | { readonly kind: 'challenge'; readonly join: Join; readonly key: Uint8Array; readonly cookie: string }
  | { readonly kind: 'enter'; readonly join: Join; readonly key: Uint8Array; readonly claim: JoinClaim };

export interface DoorOptions {
  readonly crypto: HopCrypto;
  readonly tokenKey: Uint8Array;
  readonly cookieKey: Uint8Array;
}

/**
 * Judges those who have no seat: keeps nothing of them but a count per source, and gives no reason to answer that is
 * longer than the question. An address proves itself by a cookie.
 */
export class Door {
  readonly #options: DoorOptions;
  readonly #joins = new SourceLimit(JOINS_PER_SECOND, JOINS_BURST, SOURCES_MAX);

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  judge(nowUs: number, from: string, bytes: Uint8Array, header: Header): Entry {
    if (header.type !== PACKET_TYPE.control) return { kind: 'unknown-source' };
    if (!this.#joins.take(networkOf(from), nowUs)) return { kind: 'rate-limited' };
    const message = decodeControl(bodyOf(bytes, header));
    if (!message.ok || message.value.t !== 'join') return { kind: 'unknown-source' };
    return this.#judgeJoin(nowUs, from, bytes, header, message.value);
  }

  #judgeJoin(nowUs: number, from: string, bytes: Uint8Array, header: Header, join: Join): Entry {
    const { crypto, tokenKey } = this.#options;
    const token = verifyWireToken(crypto, tokenKey, join.token, nowUs);
    if (!token.ok) return { kind: 'refused' };
    const key = hopKey(crypto, token.value.secret, join.joinId);
    if (!hopTagFits(crypto, key, bytes, header.bodyBytes) || header.epoch !== join.epoch)
      return { kind: 'forged' };
    const cookies = [nowUs, nowUs - COOKIE_US].map((at) => this.#cookie(at, from, join.joinId));
    if (!cookies.includes(join.cookie)) return { kind: 'challenge', join, key, cookie: cookies[0] ?? '' };
    return { kind: 'enter', join, key, claim: token.value.claim };
  }

  #cookie(atUs: number, from: string, joinId: string): string {
    const window = String(Math.floor(atUs / COOKIE_US));
    const { crypto, cookieKey } = this.#options;
    return toHex(crypto.hmac(cookieKey, labelled('cookie', [window, from, joinId])).subarray(0, 16));
  }
}
