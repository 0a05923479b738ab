import { concatBytes } from '@jamnet/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAPSULE_CLOSE, FRAME, H3, STREAM } from './codes.ts';
import { Http3Connection, STREAMS_MAX } from './http3-connection.ts';
import { varint } from './varint.ts';

const NOTHING = new Uint8Array(0);
const SETTINGS = concatBytes(varint(STREAM.control), frame(FRAME.settings, varint(0x33), varint(1)));

function frame(type: number, ...payload: Uint8Array[]): Uint8Array {
  const body = concatBytes(...payload);
  return concatBytes(varint(type), varint(body.length), body);
}

function literal(name: string, value: string): Uint8Array {
  // A literal with a literal name, no Huffman: 3-bit length prefix, then 7-bit.
  const rest = name.length - 7;
  const prefix = rest < 0 ? [0x20 | name.length] : [0x27, rest];
  return concatBytes(
    Uint8Array.from(prefix),
    Buffer.from(name),
    Uint8Array.of(value.length),
    Buffer.from(value),
  );
}

function connect(changes: Readonly<Record<string, string>> = {}): Uint8Array {
  const fields = {
    ':method': 'CONNECT',
    ':protocol': 'webtransport',
    ':scheme': 'https',
    ':authority': '127.0.0.1:8440',
    ':path': '/room?ticket=x',
    origin: 'http://127.0.0.1:8440',
    ...changes,
  };
  const lines = Object.entries(fields).map(([name, value]) => literal(name, value));
  return frame(FRAME.headers, Uint8Array.of(0, 0), ...lines);
}

function opened(status = 200): Http3Connection {
  const http = new Http3Connection(() => status);
  http.stream(2, SETTINGS, false);
  http.stream(0, connect(), false);
  return http;
}

const kinds = (http: Http3Connection): string[] => http.effects.map((effect) => effect.kind);
const failure = (http: Http3Connection): number | undefined => {
  const found = http.effects.find((effect) => effect.kind === 'fail');
  return found?.kind === 'fail' ? found.code : undefined;
};

describe('an HTTP/3 connection for WebTransport', () => {
  test('announces its settings, takes a CONNECT and carries datagrams of that session only', () => {
    const http = opened();
    expect(kinds(http)).toEqual(['write', 'write', 'opened']);
    expect(http.session).toBe(0);
    expect(http.datagram(Uint8Array.of(0, 7, 8))).toEqual(Uint8Array.of(7, 8));
    expect(http.datagram(Uint8Array.of(1, 7, 8))).toBeNull();
    expect(failure(http)).toBeUndefined();
  });

  test('wherever the bytes are cut, the same effects follow', () => {
    const whole = concatBytes(
      frame(0x21, NOTHING),
      frame(0x40 + 0x1f * 5 + 0x21, Buffer.alloc(700)),
      connect(),
    );
    const outcome = (cuts: readonly number[]): string[] => {
      const http = new Http3Connection(() => 200);
      const points = [...new Set([0, ...cuts.map((cut) => cut % whole.length), whole.length])].sort(
        (a, b) => a - b,
      );
      points.slice(1).forEach((end, i) => {
        http.stream(0, whole.subarray(points[i], end), false);
      });
      return kinds(http);
    };
    expect(outcome(Array.from(whole.keys()))).toEqual(['write', 'write', 'opened']);
    fc.assert(
      fc.property(fc.array(fc.nat()), (cuts) => {
        expect(outcome(cuts)).toEqual(['write', 'write', 'opened']);
      }),
    );
  });

  test.each([403, 404, 503])('passes on the refusal %i and opens nothing', (status) => {
    const http = opened(status);
    expect(http.session).toBe(-1);
    expect(kinds(http)).toEqual(['write', 'write']);
    expect(http.effects[1]).toMatchObject({ fin: true });
    expect(http.datagram(Uint8Array.of(0, 1))).toBeNull();
  });

  test('answers 404 to what is no WebTransport, and 429 to a second session', () => {
    const http = opened();
    http.stream(4, connect(), false);
    http.stream(8, connect({ ':protocol': 'websocket' }), false);
    expect(http.session).toBe(0);
    expect(http.effects.slice(3)).toMatchObject([
      { kind: 'write', stream: 4, fin: true },
      { kind: 'write', stream: 8, fin: true },
    ]);
  });

  test.each([
    ['upper case', { Origin: 'x' }],
    ['an unknown pseudo-field', { ':moon': '1' }],
    ['http', { ':scheme': 'http' }],
    ['no path', { ':path': '' }],
  ])('resets a malformed request: %s', (_, changes) => {
    const http = new Http3Connection(() => 200);
    http.stream(0, connect(changes), false);
    expect(http.effects.at(-1)).toEqual({ kind: 'reset', stream: 0, code: H3.messageError });
  });

  test('ends the session by a close capsule cut in two DATA frames, by the stream’s end, or by us', () => {
    const capsule = concatBytes(varint(CAPSULE_CLOSE), varint(4), Uint8Array.of(0, 0, 0, 0));
    const byCapsule = opened();
    byCapsule.stream(
      0,
      frame(FRAME.data, varint(0x1234), varint(3), Uint8Array.of(1, 2, 3), capsule.subarray(0, 3)),
      false,
    );
    expect(byCapsule.session).toBe(0);
    byCapsule.stream(0, frame(FRAME.data, capsule.subarray(3)), false);
    const byEnd = opened();
    byEnd.stream(0, NOTHING, true);
    const byUs = opened();
    byUs.close(0, 'over');
    for (const http of [byCapsule, byEnd, byUs]) {
      expect(http.session).toBe(-1);
      expect(kinds(http).slice(-2)).toEqual(['write', 'closed']);
    }
  });

  test('skips unknown one-way streams and refuses WebTransport streams', () => {
    const http = opened();
    http.stream(6, concatBytes(varint(0x21), Buffer.alloc(5000)), true);
    http.stream(10, concatBytes(varint(0x54), varint(0), Buffer.alloc(50)), true);
    http.stream(4, concatBytes(varint(0x41), varint(0), Buffer.alloc(50)), false);
    expect(http.effects.slice(3)).toEqual([{ kind: 'reset', stream: 4, code: H3.requestRejected }]);
  });

  test.each<readonly [string, number, (http: Http3Connection) => void]>([
    [
      'a control stream that begins otherwise',
      H3.missingSettings,
      (http) => http.stream(2, concatBytes(varint(0), frame(0x07, varint(0))), false),
    ],
    [
      'settings twice',
      H3.frameUnexpected,
      (http) => http.stream(2, concatBytes(SETTINGS, frame(FRAME.settings)), false),
    ],
    [
      'a setting twice',
      H3.settingsError,
      (http) =>
        http.stream(
          2,
          concatBytes(varint(0), frame(FRAME.settings, varint(6), varint(1), varint(6), varint(1))),
          false,
        ),
    ],
    [
      'a setting of HTTP/2',
      H3.settingsError,
      (http) => http.stream(2, concatBytes(varint(0), frame(FRAME.settings, varint(2), varint(1))), false),
    ],
    [
      'settings too long',
      H3.excessiveLoad,
      (http) => http.stream(2, concatBytes(varint(0), varint(FRAME.settings), varint(1025)), false),
    ],
    [
      'headers too long',
      H3.excessiveLoad,
      (http) => http.stream(0, concatBytes(varint(FRAME.headers), varint(8193)), false),
    ],
    [
      'a second control stream',
      H3.streamCreation,
      (http) => {
        http.stream(2, SETTINGS, false);
        http.stream(6, SETTINGS, false);
      },
    ],
    ['a push stream', H3.streamCreation, (http) => http.stream(2, varint(STREAM.push), false)],
    ['the control stream’s end', H3.closedCriticalStream, (http) => http.stream(2, SETTINGS, true)],
    ['data before headers', H3.frameUnexpected, (http) => http.stream(0, frame(FRAME.data, NOTHING), false)],
    ['a frame of HTTP/2', H3.frameUnexpected, (http) => http.stream(0, frame(0x02, NOTHING), false)],
    ['an end inside a frame', H3.frameError, (http) => http.stream(0, connect().subarray(0, 9), true)],
    [
      'a dynamic reference',
      H3.qpackDecompressionFailed,
      (http) => http.stream(0, frame(FRAME.headers, Uint8Array.of(2, 0, 0x80)), false),
    ],
    ['a datagram of nothing', H3.datagramError, (http) => void http.datagram(NOTHING)],
    [
      'more streams than the limit',
      H3.excessiveLoad,
      (http) => {
        for (let i = 0; i <= STREAMS_MAX; i++) http.stream(4 * i, frame(0x21, NOTHING), false);
      },
    ],
  ])('closes the connection at %s', (_, code, act) => {
    const http = new Http3Connection(() => 200);
    act(http);
    expect(failure(http)).toBe(code);
  });

  test('random bytes on random streams never throw and end at most once', () => {
    const step = fc.record({
      id: fc.nat({ max: 12 }),
      bytes: fc.uint8Array({ maxLength: 60 }),
      fin: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        fc.array(fc.uint8Array({ maxLength: 20 })),
        (steps, datagrams) => {
          const http = opened();
          for (const { id, bytes, fin } of steps) http.stream(id, bytes, fin);
          for (const datagram of datagrams) http.datagram(datagram);
          expect(kinds(http).filter((kind) => kind === 'fail').length).toBeLessThanOrEqual(1);
          expect(kinds(http).filter((kind) => kind === 'closed').length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
