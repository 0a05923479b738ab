import { assert, encodeUtf8 } from '@jamnet/base';
import { type Sha256, taggedHash } from './digest.ts';

/** Bytes of a coordinator's secret: as many as SHA-256 has, so that guessing it is as hard as inverting the hash. */
export const SECRET_BYTES = 32;

/** Domain of what decides spot checks; no other hash uses it, so nothing published tells about a check. */
const CHECK_DOMAIN = 'jamnet/mesh/check/v1';
/** Domain of the salts of work evidence. */
const SALT_DOMAIN = 'jamnet/mesh/evidence-salt/v1';
/** Domain of the names of networks. */
const NETWORK_DOMAIN = 'jamnet/mesh/network/v1';
const WORDS_PER_HASH = 8;
const WORD_VALUES = 2 ** 32;

/** Draws that come from a secret and a name alone: whoever lacks the secret foresees none, and they repeat exactly. */
export interface KeyedDraw {
  /** Uniform integer in [0, limit), `1 ≤ limit ≤ 2³²`, without modulo bias; the same label draws the same. */
  keyedUnitBelow(limit: number, label: string): number;
}

/** What decides the check of one task: whether, and of which chunk. */
export function checkDraw(hash: Sha256, secret: Uint8Array, task: string): KeyedDraw {
  return {
    keyedUnitBelow(limit, label) {
      assert(Number.isInteger(limit) && limit >= 1 && limit <= WORD_VALUES, `draw limit ${limit}`);
      const reject = WORD_VALUES - (WORD_VALUES % limit);
      // A word is rejected with probability below one half: that this loop runs on is as likely as 2⁻⁸ a round.
      for (let round = 0; ; round++) {
        const digest = keyedHash(hash, secret, CHECK_DOMAIN, task, label, String(round));
        const words = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
        for (let word = 0; word < WORDS_PER_HASH; word++) {
          const drawn = words.getUint32(4 * word);
          if (drawn < reject) return drawn % limit;
        }
      }
    },
  };
}

/** 32 bytes that hide what the evidence of one task covers from those who could otherwise guess and hash it. */
export function evidenceSalt(hash: Sha256, secret: Uint8Array, task: string): Uint8Array {
  return keyedHash(hash, secret, SALT_DOMAIN, task);
}

/** 32 bytes that tell whether two networks are one, and which they are to nobody who lacks the secret: there are few to guess. */
export function networkHash(hash: Sha256, secret: Uint8Array, network: string): Uint8Array {
  return keyedHash(hash, secret, NETWORK_DOMAIN, network);
}

function keyedHash(
  hash: Sha256,
  secret: Uint8Array,
  domain: string,
  ...names: readonly string[]
): Uint8Array {
  assert(secret.length === SECRET_BYTES, `a secret of ${secret.length} bytes, not ${SECRET_BYTES}`);
  return taggedHash(hash, domain, secret, ...names.map((name) => encodeUtf8(name)));
}
