import { encodeUtf8, fromBase64, ok, type Result, refuse, toBase64 } from '@jamnet/base';
import { isKeyName, parseVerifierKey } from './note-key.ts';
import { vrfVerify } from './vrf.ts';

/**
 * A witness's beacon for one leaf of a log: the output of its verifiable random function for the leaf's number, given only once it
 * has cosigned a tree that holds the leaf. Whoever wrote the leaf could not know it, and the witness has no choice of it.
 */
export interface Beacon {
  /** Name of the witness's key. */
  readonly witness: string;
  /** 64 bytes. */
  readonly output: Uint8Array;
}

export type BeaconCode = 'vkey-malformed' | 'beacon-invalid';

/** What is evaluated: one value for each leaf of each log, whatever the log looks like later. */
export function beaconInput(origin: string, leaf: bigint): Uint8Array {
  return encodeUtf8(`jamnet/beacon/v1\n${origin}\n${leaf}\n`);
}

/** `name base64(proof)`. */
export function formatBeacon(name: string, proof: Uint8Array): string {
  return `${name} ${toBase64(proof)}\n`;
}

/** Checks one line by the witness's vkey. */
export function verifyBeacon(
  line: string,
  vkey: string,
  { origin, leaf }: { readonly origin: string; readonly leaf: bigint },
): Result<Beacon, BeaconCode> {
  const key = parseVerifierKey(vkey);
  if (!key.ok) return key;
  const [name = '', encoded = '', more] = line.trimEnd().split(' ');
  const proof = fromBase64(encoded);
  const isOurs = isKeyName(name) && name === key.value.name && proof !== null && more === undefined;
  const output = isOurs ? vrfVerify(key.value.publicKey, beaconInput(origin, leaf), proof) : null;
  return output
    ? ok({ witness: name, output })
    : refuse('beacon-invalid', `This is no beacon of ${key.value.name} for leaf ${leaf} of ${origin}.`);
}
