import { assert, encodeUtf8, ok, type Result, refuse } from '@jamnet/base';
import { BARS_MAX, type Bar } from '../bars.ts';
import { commitDeadlineUs, type Grid } from '../grid.ts';
import { tagged, taggedHash, uint32 } from '../tagged-hash.ts';
import { type BarCode, checkBar, encodeBar } from './encode-bar.ts';

const HEAD_DOMAIN = 'jamnet/groove/stream/v1';
const BAR_DOMAIN = 'jamnet/groove/bar/v1';
const SIGNED_DOMAIN = 'jamnet/groove/signed-bar/v1';
const SIGNED_HEAD_DOMAIN = 'jamnet/groove/signed-stream/v1';

/** What a performer fixes before the first bar. */
export interface StreamHead {
  readonly performance: string;
  /** Ed25519, 32 bytes. */
  readonly performerKey: Uint8Array;
  readonly grid: Grid;
  /** The relay's clock at time 0 of the grid, µs. */
  readonly startsAtUs: number;
}

/** One bar as its performer hands it over. */
export interface SignedBar {
  readonly bar: Bar;
  /** Ed25519 over {@link barStatement} of the bar's hash. */
  readonly signature: Uint8Array;
}

/** An accepted bar: its hash covers all bars before it. */
export interface ReceivedBar {
  readonly bar: Bar;
  readonly hash: Uint8Array;
  readonly signature: Uint8Array;
  /** By the relay's clock, µs. */
  readonly receivedAtUs: number;
}

export type StreamCode = BarCode | 'bar-gap' | 'bar-again' | 'bar-early' | 'bar-forged' | 'stream-full';

/** Does this key's owner say this? Ed25519 of the shell. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

export function streamHash({ performance, performerKey, grid, startsAtUs }: StreamHead): Uint8Array {
  const segments = grid.segments.map((one) => `${one.firstSixteenth},${one.startUs},${one.usPerBeat}`);
  const clock = encodeUtf8(`${startsAtUs};${segments.join(';')}`);
  return taggedHash(HEAD_DOMAIN, encodeUtf8(performance), performerKey, clock);
}

/** What a performer signs to start: key, tempo map and the moment of time 0 are fixed from then on. */
export function streamStatement(head: StreamHead): Uint8Array {
  return tagged(SIGNED_HEAD_DOMAIN, encodeUtf8(head.performance), streamHash(head));
}

/** Hash of a bar and, through `previous`, of everything before it; before bar 0 stands the {@link streamHash}. */
export function barHash(previous: Uint8Array, bar: Bar): Uint8Array {
  return taggedHash(BAR_DOMAIN, previous, encodeBar(bar));
}

/** What a performer signs for each bar. */
export function barStatement(performance: string, bar: number, hash: Uint8Array): Uint8Array {
  return tagged(SIGNED_DOMAIN, encodeUtf8(performance), uint32(bar), hash);
}

/**
 * A performance as the relay receives it: bars in order, each signed and hashed onto the one before, none before it can have
 * been played. A refused bar changes nothing: the right one can still come.
 */
export class BarStream {
  readonly #head: StreamHead;
  readonly #verify: VerifySignature;
  #hash: Uint8Array;
  #bars = 0;

  constructor(head: StreamHead, verify: VerifySignature) {
    assert(head.performerKey.length === 32, 'a performer key has 32 bytes');
    this.#head = head;
    this.#verify = verify;
    this.#hash = streamHash(head);
  }

  /** Hash of all that was accepted so far. */
  get hash(): Uint8Array {
    return this.#hash;
  }

  /** Index of the bar that comes next. */
  get nextBar(): number {
    return this.#bars;
  }

  /** `nowUs`: when the relay received it, by its own clock. */
  take(nowUs: number, { bar, signature }: SignedBar): Result<ReceivedBar, StreamCode> {
    const fault = this.#faultOf(nowUs, bar);
    if (fault) return fault;
    const hash = barHash(this.#hash, bar);
    const statement = barStatement(this.#head.performance, bar.index, hash);
    if (!this.#verify(this.#head.performerKey, statement, signature))
      return refuse(
        'bar-forged',
        `The signature of bar ${bar.index} is not its performer's over all bars so far.`,
      );
    this.#hash = hash;
    this.#bars++;
    return ok({ bar, hash, signature, receivedAtUs: nowUs });
  }

  #faultOf(nowUs: number, bar: Bar): ReturnType<typeof refuse<StreamCode>> | null {
    const shape = checkBar(bar);
    if (!shape.ok) return shape;
    if (bar.index < this.#bars)
      return refuse('bar-again', `Bar ${bar.index} is fixed already: send bar ${this.#bars}.`);
    if (this.#bars >= BARS_MAX) return refuse('stream-full', `A performance has at most ${BARS_MAX} bars.`);
    if (bar.index > this.#bars) return refuse('bar-gap', `Bar ${this.#bars} comes next, not ${bar.index}.`);
    if (nowUs < this.#head.startsAtUs + commitDeadlineUs(this.#head.grid, bar.index + 1))
      return refuse('bar-early', `Bar ${bar.index} is not over yet: nobody can have played it.`);
    return null;
  }
}
