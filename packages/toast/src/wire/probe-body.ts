import { ok, type Result, refuse } from '@jamnet/base';
import { viewOf } from './bytes53.ts';
import type { WireCode } from './header.ts';

export const PROBE_BODY_BYTES = 32;
export const CHALLENGE_BYTES = 8;
const VERSION = 1;
const FLAG_ECHO = 1;
const FLAG_UNPROVED = 2;

/** One probe of a direct path (SPEC.md §9). */
export interface Probe {
  /** To be sent back: proves that what goes to this address arrives. 8 bytes. */
  readonly challenge: Uint8Array;
  /** The challenge last taken from the other, or `null` before one. */
  readonly echo: Uint8Array | null;
  /** How long the echo waited here, µs. */
  readonly heldUs: number;
  /** The sender of the probe has no proof of this address yet: it would like an echo soon. */
  readonly isUnproved: boolean;
  /** Round trip between the probe's sender and the relay, µs. */
  readonly relayTripUs: number;
  /** Probes that the sender of this one has taken from the other, since the path was opened, modulo 2³². */
  readonly taken: number;
}

export function encodeProbe(body: Uint8Array, probe: Probe): void {
  const view = viewOf(body);
  body.fill(0, 0, PROBE_BODY_BYTES);
  view.setUint8(0, VERSION);
  view.setUint8(1, (probe.echo === null ? 0 : FLAG_ECHO) | (probe.isUnproved ? FLAG_UNPROVED : 0));
  body.set(probe.challenge, 4);
  if (probe.echo !== null) body.set(probe.echo, 12);
  view.setUint32(20, clamped(probe.heldUs));
  view.setUint32(24, clamped(probe.relayTripUs));
  view.setUint32(28, probe.taken >>> 0);
}

/** Reads a probe; bytes behind the known ones are skipped. */
export function decodeProbe(body: Uint8Array): Result<Probe, WireCode> {
  if (body.length < PROBE_BODY_BYTES || body[0] !== VERSION)
    return refuse('body-malformed', `A probe has ${PROBE_BODY_BYTES} bytes and version ${VERSION}.`);
  const view = viewOf(body);
  const flags = view.getUint8(1);
  return ok({
    challenge: body.slice(4, 4 + CHALLENGE_BYTES),
    echo: (flags & FLAG_ECHO) === 0 ? null : body.slice(12, 12 + CHALLENGE_BYTES),
    heldUs: view.getUint32(20),
    isUnproved: (flags & FLAG_UNPROVED) !== 0,
    relayTripUs: view.getUint32(24),
    taken: view.getUint32(28),
  });
}

function clamped(us: number): number {
  return Math.min(0xffffffff, Math.max(0, Math.round(us)));
}
