import { assert, concatBytes, equalBytes } from '@jamnet/base';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';

/**
 * RFC 9381, suite ECVRF-EDWARDS25519-SHA512-TAI: for each input exactly one output, which only the holder of the key can compute and
 * everybody can check. A signature would not do: its maker can make as many of one message as it likes.
 */
const SUITE = 3;
const PROOF_BYTES = 80;
const CHALLENGE_BYTES = 16;

const { Point } = ed25519;
type CurvePoint = InstanceType<typeof Point>;
const ORDER = Point.CURVE().n;

/**
 * The proof (80 bytes) of the output for `input` under an Ed25519 seed. The key may sign too, as long as no message it signs has 32
 * bytes: nonces come from the same secret (RFC 9381 §5.4.2.2).
 */
export function vrfProve(seed: Uint8Array, input: Uint8Array): Uint8Array {
  const { scalar, prefix, point, pointBytes } = ed25519.utils.getExtendedPublicKey(seed);
  const base = pointOfInput(pointBytes, input);
  const gamma = base.multiply(scalar);
  const nonce = littleEndian(sha512(concatBytes(prefix, base.toBytes()))) % ORDER;
  const challenge = challengeOf([point, base, gamma, Point.BASE.multiply(nonce), base.multiply(nonce)]);
  const answer = (nonce + littleEndian(challenge) * scalar) % ORDER;
  return concatBytes(gamma.toBytes(), challenge, bytesOf(answer));
}

/** The output, 64 bytes, or `null`: this is no proof by that key for that input. */
export function vrfVerify(publicKey: Uint8Array, input: Uint8Array, proof: Uint8Array): Uint8Array | null {
  if (proof.length !== PROOF_BYTES) return null;
  const [key, gamma] = [pointOf(publicKey), pointOf(proof.slice(0, 32))];
  const challengeBytes = proof.slice(32, 32 + CHALLENGE_BYTES);
  const answer = littleEndian(proof.slice(32 + CHALLENGE_BYTES));
  if (!key || !gamma || key.isSmallOrder() || answer >= ORDER) return null;
  const base = pointOfInput(publicKey, input);
  const challenge = littleEndian(challengeBytes);
  const u = Point.BASE.multiplyUnsafe(answer).subtract(key.multiplyUnsafe(challenge));
  const v = base.multiplyUnsafe(answer).subtract(gamma.multiplyUnsafe(challenge));
  const expected = challengeOf([key, base, gamma, u, v]);
  if (!equalBytes(expected, challengeBytes)) return null;
  return sha512(concatBytes(Uint8Array.of(SUITE, 3), gamma.clearCofactor().toBytes(), Uint8Array.of(0)));
}

/** RFC 9381 §5.4.1.1, try and increment; salted with the key. A try fails with probability 1/2. */
function pointOfInput(publicKey: Uint8Array, input: Uint8Array): CurvePoint {
  for (let attempt = 0; attempt < 256; attempt++) {
    const hash = sha512(
      concatBytes(Uint8Array.of(SUITE, 1), publicKey, input, Uint8Array.of(attempt, 0)),
    ).slice(0, 32);
    const point = pointOf(hash)?.clearCofactor();
    if (point && !point.is0()) return point;
  }
  assert(false, 'one hash of 256 is a point of the curve');
}

function challengeOf(points: readonly CurvePoint[]): Uint8Array {
  const encoded = points.map((point) => point.toBytes());
  return sha512(concatBytes(Uint8Array.of(SUITE, 2), ...encoded, Uint8Array.of(0))).slice(0, CHALLENGE_BYTES);
}

/** Noble throws on encodings that are no point: hostile input, so an answer. */
function pointOf(bytes: Uint8Array): CurvePoint | null {
  try {
    return Point.fromBytes(bytes, false);
  } catch {
    return null;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, place) => Number((value >> BigInt(8 * place)) & 255n));
}
