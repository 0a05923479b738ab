/**
 * Bits of each symbol's code, RFC 7541 Appendix B. The code is canonical: codes of one length ascend with the symbol,
 * so the lengths alone give it. Symbol 256 ends a string and never occurs inside one.
 */
const CODE_BITS = Uint8Array.from(
  [
    '13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28',
    '6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6 5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10',
    '13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6',
    '15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28',
    '20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24',
    '22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23',
    '26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27',
    '20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26',
    '30',
  ]
    .join(' ')
    .split(' ')
    .map(Number),
);
const END_OF_STRING = 256;
const BITS_MAX = 30;
const PADDING_BITS_MAX = 7;

/** Per length: first code of that length, and the symbols in code order. */
const CODES = Array.from({ length: BITS_MAX + 1 }, () => ({ first: 0, symbols: [] as number[] }));
fillCodes();

function fillCodes(): void {
  CODE_BITS.forEach((bits, symbol) => {
    CODES[bits]?.symbols.push(symbol);
  });
  let code = 0;
  for (const row of CODES) {
    row.first = code;
    code = (code + row.symbols.length) * 2;
  }
}

/** RFC 7541 §5.2. `null` for a code that is none, an end-of-string symbol inside, padding that is too long or not of ones. */
export function decodeHuffman(from: Uint8Array): Uint8Array | null {
  // The shortest code has 5 bits.
  const out = new Uint8Array(Math.floor((from.length * 8) / 5));
  let length = 0;
  let code = 0;
  let bits = 0;
  for (let at = 0; at < from.length * 8; at++) {
    code = code * 2 + (((from[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    bits++;
    if (bits > BITS_MAX) return null;
    const row = CODES[bits];
    const symbol = row?.symbols[code - row.first];
    if (symbol === undefined) continue;
    if (symbol === END_OF_STRING) return null;
    out[length++] = symbol;
    code = 0;
    bits = 0;
  }
  return bits <= PADDING_BITS_MAX && code === 2 ** bits - 1 ? out.subarray(0, length) : null;
}
