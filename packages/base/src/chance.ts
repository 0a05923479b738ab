import { assert } from './assert.ts';

/** Chance as an argument: the same seed gives the same numbers on every machine. */
export interface Chance {
  /** Uniform 32-bit unsigned integer. */
  uint32(): number;
  /** Uniform in [0, 1) with 53 bits. */
  unit(): number;
  /** Uniform integer in [0, limit), `1 ≤ limit ≤ 2³²`, without modulo bias. */
  below(limit: number): number;
  /** An independent stream named by `label`; does not advance this one. */
  fork(label: string): Chance;
}

/** xoshiro128** 1.1 (Blackman, Vigna 2018), seeded through FNV-1a and splitmix32. */
export function seededChance(seed: string): Chance {
  const state = new Uint32Array(4);
  let mixed = fnv1a32(seed);
  for (let i = 0; i < 4; i++) {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    state[i] = splitmix32(mixed);
  }
  const uint32 = (): number => nextXoshiro(state);
  return {
    uint32,
    unit: () => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992,
    below(limit) {
      assert(Number.isInteger(limit) && limit >= 1 && limit <= 4294967296, `chance limit ${limit}`);
      const reject = 4294967296 - (4294967296 % limit);
      for (;;) {
        const drawn = uint32();
        if (drawn < reject) return drawn % limit;
      }
    },
    fork: (label) => seededChance(`${seed}/${label}`),
  };
}

/** FNV-1a over UTF-16 code units (Fowler, Noll, Vo; 32-bit offset basis and prime). */
function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Finaliser of MurmurHash3 as used by splitmix32. */
function splitmix32(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function nextXoshiro(s: Uint32Array): number {
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = s;
  const times5 = Math.imul(s1, 5);
  const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
  const t2 = s2 ^ s0;
  const t3 = s3 ^ s1;
  s[1] = s1 ^ t2;
  s[0] = s0 ^ t3;
  s[2] = t2 ^ (s1 << 9);
  s[3] = (t3 << 11) | (t3 >>> 21);
  return result;
}
