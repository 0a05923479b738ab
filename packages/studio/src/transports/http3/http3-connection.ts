import { concatBytes } from '@jamnet/base';
import {
  CAPSULE_CLOSE,
  CLOSE_REASON_BYTES_MAX,
  FRAME,
  H3,
  HTTP2_FRAMES,
  OUR_SETTINGS,
  STREAM,
  WEBTRANSPORT_BIDI,
} from './codes.ts';
import { decodeFieldSection, encodeStatus, FIELD_BYTES_MAX } from './field-section.ts';
import { FrameReader } from './frame-reader.ts';
import { readRequest, type WebTransportRequest } from './request.ts';
import { readSettings, SETTINGS_BYTES_MAX } from './settings.ts';
import { readVarint, varint } from './varint.ts';

/** Streams of the client that are open at once; QUIC's own limits are set lower. */
export const STREAMS_MAX = 64;

/** What the owner of the QUIC connection is to do. */
export type Http3Effect =
  | { readonly kind: 'write'; readonly stream: number; readonly bytes: Uint8Array; readonly fin: boolean }
  /** Stop reading and writing the stream. */
  | { readonly kind: 'reset'; readonly stream: number; readonly code: number }
  /** Close the connection with an application error. */
  | { readonly kind: 'fail'; readonly code: number; readonly reason: string }
  | { readonly kind: 'opened'; readonly request: WebTransportRequest }
  | { readonly kind: 'closed' };

interface IncomingStream {
  readonly id: number;
  /** −1 until the first varint came: the type of a one-way stream, 0 for requests. */
  type: number;
  head: Uint8Array;
  reader: FrameReader | null;
  hasHeaders: boolean;
}

/** First one-way stream that a server opens (RFC 9000 §2.1). */
const OUR_CONTROL_STREAM = 3;

/**
 * The server's half of one HTTP/3 connection that carries one WebTransport session with datagrams (RFC 9114, 9204, 9220, 9297).
 * No socket inside: stream bytes and datagrams in, effects out. Input of any shape ends in an effect, never in a throw.
 */
export class Http3Connection {
  readonly effects: Http3Effect[] = [];
  /** Answers the status for a request: 200 admits it. */
  readonly #admit: (request: WebTransportRequest) => number;
  readonly #streams = new Map<number, IncomingStream>();
  readonly #critical = new Set<number>();
  #hasSettings = false;
  #session = -1;
  #isOver = false;

  constructor(admit: (request: WebTransportRequest) => number) {
    this.#admit = admit;
    const settings = concatBytes(...OUR_SETTINGS.flatMap(([id, value]) => [varint(id), varint(value)]));
    const bytes = concatBytes(
      varint(STREAM.control),
      varint(FRAME.settings),
      varint(settings.length),
      settings,
    );
    this.effects.push({ kind: 'write', stream: OUR_CONTROL_STREAM, bytes, fin: false });
  }

  /** Stream id of the open session, or −1. */
  get session(): number {
    return this.#session;
  }

  /** Bytes of a client's stream in order; `fin` when it ends behind them. */
  stream(id: number, bytes: Uint8Array, fin: boolean): void {
    if (this.#isOver || id % 2 === 1) return; // our own streams carry nothing towards us
    let stream = this.#streams.get(id);
    if (stream === undefined) {
      if (this.#streams.size >= STREAMS_MAX) {
        this.#fail(H3.excessiveLoad, 'too many streams');
        return;
      }
      stream = { id, type: -1, head: new Uint8Array(0), reader: null, hasHeaders: false };
      this.#streams.set(id, stream);
    }
    if (bytes.length > 0) this.#take(stream, bytes);
    if (fin) this.#ended(stream);
  }

  /** The client abandoned a stream. */
  aborted(id: number): void {
    const stream = this.#streams.get(id);
    if (stream !== undefined) this.#ended(stream);
  }

  /** The session's payload of an HTTP datagram (RFC 9297 §2.1), or `null` when it belongs to no open session. */
  datagram(bytes: Uint8Array): Uint8Array | null {
    const quarter = readVarint(bytes, 0);
    if (quarter === null) {
      this.#fail(H3.datagramError, 'datagram without a stream');
      return null;
    }
    return this.#session >= 0 && quarter.value * 4 === this.#session ? bytes.subarray(quarter.bytes) : null;
  }

  /** Ends the session from our side. */
  close(code: number, reason: string): void {
    if (this.#session < 0) return;
    const text = Buffer.from(reason).subarray(0, CLOSE_REASON_BYTES_MAX);
    const value = new Uint8Array(4 + text.length);
    new DataView(value.buffer).setUint32(0, code);
    value.set(text, 4);
    const capsule = concatBytes(varint(CAPSULE_CLOSE), varint(value.length), value);
    const frame = concatBytes(varint(FRAME.data), varint(capsule.length), capsule);
    this.effects.push({ kind: 'write', stream: this.#session, bytes: frame, fin: true });
    this.#sessionOver();
  }

  #take(stream: IncomingStream, bytes: Uint8Array): void {
    let rest = bytes;
    if (stream.type < 0) {
      stream.head = concatBytes(stream.head, rest.subarray(0, 8));
      const first = readVarint(stream.head, 0);
      if (first === null) return;
      const had = stream.head.length - Math.min(8, rest.length);
      const isRequest = stream.id % 4 === 0;
      if (!isRequest) rest = rest.subarray(first.bytes - had);
      else if (had > 0) rest = concatBytes(stream.head.subarray(0, had), rest);
      stream.head = new Uint8Array(0);
      stream.type = isRequest ? 0 : first.value;
      if (isRequest) this.#openRequest(stream, first.value);
      else this.#openOneWay(stream);
    }
    if (!this.#isOver) stream.reader?.push(rest);
  }

  /** RFC 9114 §6.2: types we do not know are read and thrown away. */
  #openOneWay(stream: IncomingStream): void {
    if (stream.type === STREAM.push) {
      this.#fail(H3.streamCreation, 'clients push nothing');
      return;
    }
    const isKnown =
      stream.type === STREAM.control ||
      stream.type === STREAM.qpackEncoder ||
      stream.type === STREAM.qpackDecoder;
    if (!isKnown) return;
    if (this.#critical.has(stream.type)) {
      this.#fail(H3.streamCreation, 'a second control or QPACK stream');
      return;
    }
    this.#critical.add(stream.type);
    if (stream.type === STREAM.control) {
      stream.reader = this.#controlReader();
    }
  }

  #controlReader(): FrameReader {
    return new FrameReader({
      decide: (type, length) => {
        if (!this.#hasSettings && type !== FRAME.settings)
          return this.#refuse(H3.missingSettings, 'settings come first');
        if (type === FRAME.settings) {
          if (this.#hasSettings) return this.#refuse(H3.frameUnexpected, 'settings twice');
          return length <= SETTINGS_BYTES_MAX ? 'keep' : this.#refuse(H3.excessiveLoad, 'settings too long');
        }
        const isWrong =
          type === FRAME.data ||
          type === FRAME.headers ||
          type === FRAME.pushPromise ||
          HTTP2_FRAMES.has(type);
        return isWrong ? this.#refuse(H3.frameUnexpected, `frame ${type} on the control stream`) : 'skip';
      },
      frame: (_, payload) => {
        this.#hasSettings = true;
        const settings = readSettings(payload);
        if (!settings.ok) this.#fail(H3.settingsError, settings.message);
      },
      piece: () => undefined,
    });
  }

  #openRequest(stream: IncomingStream, firstType: number): void {
    if (firstType === WEBTRANSPORT_BIDI) {
      // The room speaks in datagrams only.
      this.effects.push({ kind: 'reset', stream: stream.id, code: H3.requestRejected });
      return;
    }
    const capsules = this.#capsuleReader(stream);
    stream.reader = new FrameReader({
      decide: (type, length) => {
        if (type === FRAME.headers && !stream.hasHeaders)
          return length <= FIELD_BYTES_MAX ? 'keep' : this.#refuse(H3.excessiveLoad, 'headers too long');
        if (type === FRAME.headers) return 'skip'; // trailers
        if (type === FRAME.data)
          return !stream.hasHeaders
            ? this.#refuse(H3.frameUnexpected, 'data before headers')
            : stream.id === this.#session
              ? 'stream'
              : 'skip';
        const isWrong =
          type === FRAME.settings ||
          type === FRAME.cancelPush ||
          type === FRAME.goaway ||
          type === FRAME.maxPushId ||
          type === FRAME.pushPromise ||
          HTTP2_FRAMES.has(type);
        return isWrong ? this.#refuse(H3.frameUnexpected, `frame ${type} on a request`) : 'skip';
      },
      frame: (_, payload) => {
        stream.hasHeaders = true;
        this.#request(stream, payload);
      },
      piece: (_, bytes) => capsules.push(bytes),
    });
  }

  #capsuleReader(stream: IncomingStream): FrameReader {
    return new FrameReader({
      decide: (type, length) =>
        type !== CAPSULE_CLOSE
          ? 'skip'
          : length >= 4 && length <= 4 + CLOSE_REASON_BYTES_MAX
            ? 'keep'
            : this.#refuse(H3.messageError, 'close capsule of a wrong length'),
      frame: () => {
        if (stream.id !== this.#session) return;
        this.effects.push({ kind: 'write', stream: stream.id, bytes: new Uint8Array(0), fin: true });
        this.#sessionOver();
      },
      piece: () => undefined,
    });
  }

  #request(stream: IncomingStream, section: Uint8Array): void {
    const fields = decodeFieldSection(section);
    if (!fields.ok) {
      this.#fail(H3.qpackDecompressionFailed, fields.message);
      return;
    }
    const request = readRequest(fields.value);
    if (!request.ok) {
      this.effects.push({ kind: 'reset', stream: stream.id, code: H3.messageError });
      return;
    }
    if (request.value === null) {
      this.#answer(stream.id, 404);
      return;
    }
    if (this.#session >= 0) {
      this.#answer(stream.id, 429);
      return;
    }
    const status = this.#admit(request.value);
    if (status !== 200) {
      this.#answer(stream.id, status);
      return;
    }
    this.#session = stream.id;
    this.#respond(stream.id, 200, false);
    this.effects.push({ kind: 'opened', request: request.value });
  }

  #answer(stream: number, status: number): void {
    this.#respond(stream, status, true);
  }

  #respond(stream: number, status: number, fin: boolean): void {
    const section = encodeStatus(status);
    const bytes = concatBytes(varint(FRAME.headers), varint(section.length), section);
    this.effects.push({ kind: 'write', stream, bytes, fin });
  }

  #ended(stream: IncomingStream): void {
    this.#streams.delete(stream.id);
    if (this.#isOver) return;
    if (stream.id % 4 === 2 && stream.type >= 0 && stream.type <= 3 && stream.type !== STREAM.push) {
      this.#fail(H3.closedCriticalStream, 'a control or QPACK stream ended');
      return;
    }
    if (stream.id % 4 === 0 && stream.reader !== null && !stream.reader.isBetweenFrames) {
      this.#fail(H3.frameError, 'a request ended inside a frame');
      return;
    }
    if (stream.id === this.#session) {
      this.effects.push({ kind: 'write', stream: stream.id, bytes: new Uint8Array(0), fin: true });
      this.#sessionOver();
    }
  }

  #sessionOver(): void {
    this.#session = -1;
    this.effects.push({ kind: 'closed' });
  }

  #refuse(code: number, reason: string): 'refuse' {
    this.#fail(code, reason);
    return 'refuse';
  }

  #fail(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.effects.push({ kind: 'fail', code, reason });
    if (this.#session >= 0) this.#sessionOver();
  }
}
