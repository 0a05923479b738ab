/** AES-256 in Galois/Counter mode (FIPS 197, NIST SP 800-38D), synchronous: TOAST's core seals in the turn in which it sends. */
const ROUNDS = 14;
const TAG_BYTES = 16;
const BLOCK_BYTES = 16;

/** The S-box and its four tables with MixColumns worked in (FIPS 197 §5.1, §5.2). */
const SBOX = new Uint8Array(256);
const T0 = new Uint32Array(256);
const T1 = new Uint32Array(256);
const T2 = new Uint32Array(256);
const T3 = new Uint32Array(256);
/** What falls out of the low end of a field element when it is shifted by four (SP 800-38D §6.3). */
const FOLD = new Uint32Array(16);
fillTables();

function fillTables(): void {
  for (let p = 1, q = 1, i = 0; i < 255; i++) {
    const inverse = q;
    const rotated = inverse ^ (inverse << 1) ^ (inverse << 2) ^ (inverse << 3) ^ (inverse << 4);
    SBOX[p] = ((rotated ^ (rotated >> 8)) & 0xff) ^ 0x63;
    // 3 generates the field; 0xf6 is its inverse.
    p = (p ^ (p << 1) ^ (p & 0x80 ? 0x11b : 0)) & 0xff;
    q = q ^ (q << 1);
    q ^= q << 2;
    q = (q ^ (q << 4)) & 0xff;
    if (q & 0x80) q ^= 0x09;
  }
  SBOX[0] = 0x63;
  for (let i = 0; i < 256; i++) {
    const s = SBOX[i] ?? 0;
    const twice = ((s << 1) ^ (s & 0x80 ? 0x11b : 0)) & 0xff;
    const word = ((twice << 24) | (s << 16) | (s << 8) | (twice ^ s)) >>> 0;
    T0[i] = word;
    T1[i] = (word >>> 8) | (word << 24);
    T2[i] = (word >>> 16) | (word << 16);
    T3[i] = (word >>> 24) | (word << 8);
  }
  for (let low = 0; low < 16; low++) {
    let high = 0;
    let rest = low;
    for (let i = 0; i < 4; i++) {
      high = (high >>> 1) ^ (rest & 1 ? 0xe1000000 : 0);
      rest >>= 1;
    }
    FOLD[low] = high >>> 0;
  }
}

/** One key, expanded once; seals and opens any number of messages. */
export class AesGcm {
  readonly #keys = new Uint32Array(4 * (ROUNDS + 1));
  /** Multiples of H by each 4-bit number, four words each. */
  readonly #multiples = new Uint32Array(16 * 4);
  readonly #state = new Uint32Array(4);
  readonly #counter = new Uint32Array(4);
  readonly #stream = new Uint32Array(4);
  readonly #hash = new Uint32Array(4);

  constructor(key: Uint8Array) {
    this.#expand(key);
    this.#cipher(this.#state, this.#stream); // H: the cipher of zeros
    this.#fillMultiples();
  }

  /** Ciphertext ‖ 16-byte tag. */
  seal(nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array {
    const sealed = new Uint8Array(plain.length + TAG_BYTES);
    this.#begin(nonce);
    this.#crypt(plain, sealed);
    this.#tag(associated, sealed.subarray(0, plain.length), nonce, sealed.subarray(plain.length));
    return sealed;
  }

  /** `null` when the tag does not fit. */
  open(nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | null {
    const bytes = sealed.length - TAG_BYTES;
    if (bytes < 0) return null;
    const body = sealed.subarray(0, bytes);
    const tag = new Uint8Array(TAG_BYTES);
    this.#tag(associated, body, nonce, tag);
    let difference = 0;
    for (let i = 0; i < TAG_BYTES; i++) difference |= (tag[i] ?? 0) ^ (sealed[bytes + i] ?? 0);
    if (difference !== 0) return null;
    const plain = new Uint8Array(bytes);
    this.#begin(nonce);
    this.#crypt(body, plain);
    return plain;
  }

  #expand(key: Uint8Array): void {
    const w = this.#keys;
    for (let i = 0; i < 8; i++) w[i] = wordOf(key, 4 * i);
    let round = 1;
    for (let i = 8; i < w.length; i++) {
      let word = w[i - 1] ?? 0;
      if (i % 8 === 0) {
        word = substitute((word << 8) | (word >>> 24)) ^ (round << 24);
        round <<= 1;
      } else if (i % 8 === 4) word = substitute(word);
      w[i] = (w[i - 8] ?? 0) ^ word;
    }
  }

  #cipher(input: Uint32Array, out: Uint32Array): void {
    const w = this.#keys;
    let a = (input[0] ?? 0) ^ (w[0] ?? 0);
    let b = (input[1] ?? 0) ^ (w[1] ?? 0);
    let c = (input[2] ?? 0) ^ (w[2] ?? 0);
    let d = (input[3] ?? 0) ^ (w[3] ?? 0);
    let k = 4;
    for (let round = 1; round < ROUNDS; round++, k += 4) {
      const e = column(a, b, c, d) ^ (w[k] ?? 0);
      const f = column(b, c, d, a) ^ (w[k + 1] ?? 0);
      const g = column(c, d, a, b) ^ (w[k + 2] ?? 0);
      d = column(d, a, b, c) ^ (w[k + 3] ?? 0);
      a = e;
      b = f;
      c = g;
    }
    out[0] = lastColumn(a, b, c, d) ^ (w[k] ?? 0);
    out[1] = lastColumn(b, c, d, a) ^ (w[k + 1] ?? 0);
    out[2] = lastColumn(c, d, a, b) ^ (w[k + 2] ?? 0);
    out[3] = lastColumn(d, a, b, c) ^ (w[k + 3] ?? 0);
  }

  /** The first counter block behind the tag's, §7.1. */
  #begin(nonce: Uint8Array): void {
    for (let i = 0; i < 3; i++) this.#counter[i] = wordOf(nonce, 4 * i);
    this.#counter[3] = 2;
  }

  #crypt(from: Uint8Array, to: Uint8Array): void {
    for (let at = 0; at < from.length; at += BLOCK_BYTES) {
      this.#cipher(this.#counter, this.#stream);
      this.#counter[3] = (this.#counter[3] ?? 0) + 1;
      const end = Math.min(BLOCK_BYTES, from.length - at);
      for (let i = 0; i < end; i++) to[at + i] = (from[at + i] ?? 0) ^ byteOf(this.#stream, i);
    }
  }

  #tag(associated: Uint8Array, sealed: Uint8Array, nonce: Uint8Array, out: Uint8Array): void {
    this.#hash.fill(0);
    this.#absorb(associated);
    this.#absorb(sealed);
    this.#hash[1] = (this.#hash[1] ?? 0) ^ (associated.length * 8);
    this.#hash[3] = (this.#hash[3] ?? 0) ^ (sealed.length * 8);
    this.#multiply();
    this.#begin(nonce);
    this.#counter[3] = 1;
    this.#cipher(this.#counter, this.#stream);
    for (let i = 0; i < TAG_BYTES; i++) out[i] = byteOf(this.#hash, i) ^ byteOf(this.#stream, i);
  }

  #absorb(bytes: Uint8Array): void {
    const hash = this.#hash;
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      // Bytes past the end read as zero: the padding that §7.1 asks for.
      for (let i = 0; i < 4; i++) hash[i] = (hash[i] ?? 0) ^ wordOf(bytes, at + 4 * i);
      this.#multiply();
    }
  }

  #fillMultiples(): void {
    const m = this.#multiples;
    for (let i = 0; i < 4; i++) m[8 * 4 + i] = this.#stream[i] ?? 0;
    for (let n = 4; n > 0; n >>= 1) {
      const from = 2 * n * 4;
      const carry = (m[from + 3] ?? 0) & 1;
      for (let i = 3; i > 0; i--) m[n * 4 + i] = ((m[from + i] ?? 0) >>> 1) | ((m[from + i - 1] ?? 0) << 31);
      m[n * 4] = ((m[from] ?? 0) >>> 1) ^ (carry ? 0xe1000000 : 0);
    }
    for (let n = 2; n < 16; n <<= 1)
      for (let low = 1; low < n; low++)
        for (let i = 0; i < 4; i++) m[(n + low) * 4 + i] = (m[n * 4 + i] ?? 0) ^ (m[low * 4 + i] ?? 0);
  }

  /** hash ← hash · H, four bits at a time (SP 800-38D §6.3). */
  #multiply(): void {
    const { 0: x0 = 0, 1: x1 = 0, 2: x2 = 0, 3: x3 = 0 } = this.#hash;
    const m = this.#multiples;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let word = 3; word >= 0; word--) {
      const bits = word === 3 ? x3 : word === 2 ? x2 : word === 1 ? x1 : x0;
      for (let shift = 0; shift < 32; shift += 4) {
        const out = d & 15;
        d = (d >>> 4) | (c << 28);
        c = (c >>> 4) | (b << 28);
        b = (b >>> 4) | (a << 28);
        a = (a >>> 4) ^ (FOLD[out] ?? 0);
        const at = ((bits >>> shift) & 15) * 4;
        a ^= m[at] ?? 0;
        b ^= m[at + 1] ?? 0;
        c ^= m[at + 2] ?? 0;
        d ^= m[at + 3] ?? 0;
      }
    }
    this.#hash[0] = a;
    this.#hash[1] = b;
    this.#hash[2] = c;
    this.#hash[3] = d;
  }
}

function column(a: number, b: number, c: number, d: number): number {
  return (T0[a >>> 24] ?? 0) ^ (T1[(b >>> 16) & 255] ?? 0) ^ (T2[(c >>> 8) & 255] ?? 0) ^ (T3[d & 255] ?? 0);
}

function lastColumn(a: number, b: number, c: number, d: number): number {
  return (
    ((SBOX[a >>> 24] ?? 0) << 24) |
    ((SBOX[(b >>> 16) & 255] ?? 0) << 16) |
    ((SBOX[(c >>> 8) & 255] ?? 0) << 8) |
    (SBOX[d & 255] ?? 0)
  );
}

function substitute(word: number): number {
  return (
    ((SBOX[word >>> 24] ?? 0) << 24) |
    ((SBOX[(word >>> 16) & 255] ?? 0) << 16) |
    ((SBOX[(word >>> 8) & 255] ?? 0) << 8) |
    (SBOX[word & 255] ?? 0)
  );
}

function wordOf(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  );
}

function byteOf(words: Uint32Array, i: number): number {
  return ((words[i >> 2] ?? 0) >>> (24 - 8 * (i & 3))) & 255;
}
