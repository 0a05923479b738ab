/** Error codes that close a connection or end a stream: RFC 9114 §8.1, RFC 9204 §6, draft-ietf-webtrans-http3. */
export const H3 = {
  noError: 0x100,
  streamCreation: 0x103,
  closedCriticalStream: 0x104,
  frameUnexpected: 0x105,
  frameError: 0x106,
  excessiveLoad: 0x107,
  idError: 0x108,
  settingsError: 0x109,
  missingSettings: 0x10a,
  requestRejected: 0x10b,
  messageError: 0x10e,
  datagramError: 0x33,
  qpackDecompressionFailed: 0x200,
} as const;

export const FRAME = {
  data: 0x00,
  headers: 0x01,
  cancelPush: 0x03,
  settings: 0x04,
  pushPromise: 0x05,
  goaway: 0x07,
  maxPushId: 0x0d,
} as const;
/** Types of HTTP/2 that HTTP/3 reserves (RFC 9114 §7.2.8). */
export const HTTP2_FRAMES: ReadonlySet<number> = new Set([0x02, 0x06, 0x08, 0x09]);
export const STREAM = { control: 0x00, push: 0x01, qpackEncoder: 0x02, qpackDecoder: 0x03 } as const;
/** Signals a WebTransport stream where a frame type would stand. */
export const WEBTRANSPORT_BIDI = 0x41;
/** CLOSE_WEBTRANSPORT_SESSION: 32-bit code and up to 1,024 bytes of reason. */
export const CAPSULE_CLOSE = 0x2843;
export const CLOSE_REASON_BYTES_MAX = 1024;

/** What we announce: no dynamic table, extended CONNECT, datagrams, one WebTransport session, in the ids of drafts 2, 7–12, 13–14 and 15. */
export const OUR_SETTINGS: readonly (readonly [number, number])[] = [
  [0x01, 0],
  [0x07, 0],
  [0x08, 1],
  [0x33, 1],
  [0x2b603742, 1],
  [0xc671706a, 1],
  [0x14e9cd29, 1],
  [0x2c7cf000, 1],
];
