/** Length of an IBAN by country: SWIFT IBAN Registry, release 99, SEPA countries. */
const LENGTHS: Readonly<Record<string, number>> = {
  AD: 24,
  AT: 20,
  BE: 16,
  BG: 22,
  CH: 21,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  EE: 20,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  GI: 23,
  GR: 27,
  HR: 21,
  HU: 28,
  IE: 22,
  IS: 26,
  IT: 27,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MC: 27,
  MT: 31,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  RO: 24,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  VA: 22,
};

/**
 * Whether a text without spaces is an IBAN of a SEPA country: its length, and ISO 7064 mod 97-10 gives 1. Check digits run
 * from 02 to 98; 00, 01 and 99 would pass the sum for 97, 98 and 02.
 */
export function isIban(text: string): boolean {
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]+$/.test(text) || /^..(00|01|99)/.test(text)) return false;
  return text.length === LENGTHS[text.slice(0, 2)] && mod97(text) === 1;
}

/** ISO 13616: the first four characters go to the end, letters count 10 to 35; digit by digit, so no number grows large. */
function mod97(iban: string): number {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
  }
  return rest;
}

/** ABA routing number: nine digits whose weighted sum 3-7-1 is a multiple of 10. */
export function isRoutingNumber(text: string): boolean {
  if (!/^[0-9]{9}$/.test(text)) return false;
  const weights = [3, 7, 1];
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += Number(text[i]) * (weights[i % 3] ?? 0);
  return sum % 10 === 0;
}
