import { equalBytes, ok, type Result, refuse } from '@jamnet/base';
import { COMMITMENT_BYTES, commitment, SALT_BYTES } from './commitment.ts';
import { decodeForecast, type Forecast } from './forecast.ts';
import type { Reveal, RoundCode, VoidCode } from './round-types.ts';

/** What one host has sent for one bar so far. */
export interface Entry {
  commitment: Uint8Array | null;
  /** When the commitment came, by the relay's clock, µs. */
  receivedAtUs: number | null;
  forecast: Forecast | null;
  reveal: Reveal | null;
  void: VoidCode | null;
}

export function newEntry(): Entry {
  return { commitment: null, receivedAtUs: null, forecast: null, reveal: null, void: null };
}

/** Takes a commitment in time; a second, different one voids the bar, the same one again changes nothing. */
export function takeCommitment(
  entry: Entry,
  bar: number,
  hash: Uint8Array,
  nowUs: number,
): Result<null, RoundCode> {
  if (entry.void) return refuse('void', `Bar ${bar} is void for this node (${entry.void}).`);
  if (hash.length !== COMMITMENT_BYTES) {
    entry.void = 'malformed';
    return refuse(
      'malformed',
      `A commitment has ${COMMITMENT_BYTES} bytes, not ${hash.length}: the bar is void.`,
    );
  }
  if (entry.commitment && !equalBytes(entry.commitment, hash)) {
    entry.void = 'double';
    return refuse('double', `A second, different commitment to bar ${bar}: the bar is void.`);
  }
  entry.receivedAtUs ??= nowUs;
  entry.commitment = Uint8Array.from(hash);
  return ok(null);
}

/** Whose commitment to what is opened. */
interface Opening extends Reveal {
  readonly node: string;
  readonly performance: string;
  readonly bar: number;
}

/** Opens a commitment; what does not fit it, or is no forecast, voids the bar. */
export function takeReveal(
  entry: Entry,
  { forecast, salt, node, performance, bar }: Opening,
): Result<null, RoundCode> {
  if (entry.void) return refuse('void', `Bar ${bar} is void for this node (${entry.void}).`);
  if (!entry.commitment) return refuse('not-committed', `There is no commitment to bar ${bar}.`);
  if (!equalBytes(commitment({ forecast, salt, node, performance, bar }), entry.commitment)) {
    entry.void = 'mismatch';
    return refuse('mismatch', 'What is revealed is not what was committed to: the bar is void.');
  }
  const decoded = decodeForecast(forecast);
  if (!decoded.ok || salt.length !== SALT_BYTES) {
    entry.void = 'malformed';
    return refuse(
      'malformed',
      decoded.ok ? `A salt has ${SALT_BYTES} bytes: the bar is void.` : decoded.message,
    );
  }
  entry.forecast = decoded.value;
  entry.reveal = { forecast: Uint8Array.from(forecast), salt: Uint8Array.from(salt) };
  return ok(null);
}
