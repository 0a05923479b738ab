export { AssertionError, assert, present, unreachable } from './assert.ts';
export {
  compareBytes,
  concatBytes,
  equalBytes,
  fromBase64,
  fromHex,
  toBase64,
  toHex,
  uint64Bytes,
} from './bytes.ts';
export { bigintAsText, type CanonicalValue, canonicalJson } from './canonical-json.ts';
export { type Chance, seededChance } from './chance.ts';
export { Failure } from './failure.ts';
export { ASSET_SCALE, type Asset, divideRoundingUp, formatAmount, parseAmount } from './money.ts';
export { oneAfterAnother } from './one-after-another.ts';
export { RELEASE } from './release.ts';
export { type Ok, ok, type Refusal, type Result, refuse } from './result.ts';
export { Ring } from './ring.ts';
export { decodeUtf8, encodeUtf8 } from './utf8.ts';
