import { ok, type Result, refuse } from '@jamnet/base';
import { readUint53, viewOf, writeUint53 } from './bytes53.ts';
import type { WireCode } from './header.ts';

/** Request and answer have the same length, so that nobody gains by asking in another's name. */
export const SYNC_BODY_BYTES = 36;
const KIND = { request: 1, answer: 2 } as const;

/** Four-timestamp exchange (RFC 5905 §8) that also says which state of the room the asker knows. */
export interface SyncRequest {
  readonly kind: 'request';
  /** The peer's clock agrees with the room: it may start. */
  readonly ready: boolean;
  /** Version of the room that the peer has, 0 for none. */
  readonly roomVersion: number;
  /** Peer's clock when it sent, µs. */
  readonly t0Us: number;
}

export interface SyncAnswer {
  readonly kind: 'answer';
  readonly roomVersion: number;
  readonly t0Us: number;
  /** Relay's clock when the request came and when the answer left, µs. */
  readonly t1Us: number;
  readonly t2Us: number;
}

export function encodeSyncBody(target: Uint8Array, body: SyncRequest | SyncAnswer): number {
  const view = viewOf(target);
  target.fill(0, 0, SYNC_BODY_BYTES);
  view.setUint8(0, KIND[body.kind]);
  view.setUint8(1, body.kind === 'request' && body.ready ? 1 : 0);
  view.setUint32(4, body.roomVersion);
  writeUint53(view, 8, body.t0Us);
  if (body.kind === 'answer') {
    writeUint53(view, 16, body.t1Us);
    writeUint53(view, 24, body.t2Us);
  }
  return SYNC_BODY_BYTES;
}

export function decodeSyncBody(body: Uint8Array): Result<SyncRequest | SyncAnswer, WireCode> {
  if (body.length < SYNC_BODY_BYTES)
    return refuse('body-truncated', `A sync body has ${SYNC_BODY_BYTES} bytes.`);
  const view = viewOf(body);
  const kind = view.getUint8(0);
  const roomVersion = view.getUint32(4);
  const [t0Us, t1Us, t2Us] = [readUint53(view, 8), readUint53(view, 16), readUint53(view, 24)];
  if (t0Us < 0 || t1Us < 0 || t2Us < 0) return refuse('number-too-large', 'Times stay below 2^53 µs.');
  if (kind === KIND.request)
    return ok({ kind: 'request', ready: (view.getUint8(1) & 1) === 1, roomVersion, t0Us });
  if (kind === KIND.answer) return ok({ kind: 'answer', roomVersion, t0Us, t1Us, t2Us });
  return refuse('body-malformed', 'A sync body is a request (1) or an answer (2).');
}
