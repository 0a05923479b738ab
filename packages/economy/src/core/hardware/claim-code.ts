import { encodeUtf8, ok, present, type Result, refuse, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * Digits and letters that are not mistaken for each other in print or by ear: no 0, 1, I, L, O. There are 31, a prime, which
 * makes the check character below catch every single wrong character and every two that changed places.
 */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const BASE = ALPHABET.length;
/** 15 characters carry 74 bits: guessing is hopeless, also for who has stolen the hashes. */
const DRAWN = 15;
const GROUP = 4;

export type ClaimCodeCode = 'claim-code-malformed';

/** A new code, `XXXX-XXXX-XXXX-XXXX`; `draw` gives some bytes of cryptographic chance at each call. */
export function newClaimCode(draw: () => Uint8Array): string {
  const values: number[] = [];
  while (values.length < DRAWN) {
    for (const byte of draw()) {
      // Bytes from 248 on would make some characters likelier than others.
      if (byte < 8 * BASE && values.length < DRAWN) values.push(byte % BASE);
    }
  }
  return grouped([...values, checkOf(values)].map((value) => ALPHABET.charAt(value)).join(''));
}

/** The code as it was typed (any case, with or without hyphens and spaces), or why it cannot be one. */
export function readClaimCode(text: string): Result<string, ClaimCodeCode> {
  const letters = text.slice(0, 64).toUpperCase().replaceAll(/[\s-]/g, '');
  const values = [...letters].map((letter) => ALPHABET.indexOf(letter));
  if (values.length !== DRAWN + 1 || values.includes(-1))
    return refuse(
      'claim-code-malformed',
      `A claim code has ${DRAWN + 1} letters and digits, none of them 0, 1, I, L or O.`,
    );
  return present(values[DRAWN], 'check character') === checkOf(values.slice(0, DRAWN))
    ? ok(grouped(letters))
    : refuse('claim-code-malformed', 'A character of the claim code is wrong, or two have changed places.');
}

/** What is stored instead of the code. */
export function claimCodeSha256(code: string): string {
  return toHex(sha256(encodeUtf8(`jamnet/claim-code/v1\0${code}`)));
}

/** Σ place × value mod 31, places from 1: distinct, non-zero factors in a prime field. */
function checkOf(values: readonly number[]): number {
  return values.reduce((sum, value, index) => sum + (index + 1) * value, 0) % BASE;
}

function grouped(letters: string): string {
  return letters.match(new RegExp(`.{${GROUP}}`, 'g'))?.join('-') ?? letters;
}
