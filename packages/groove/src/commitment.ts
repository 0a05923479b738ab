import { encodeUtf8 } from '@jamnet/base';
import { tagged, taggedHash, uint32 } from './tagged-hash.ts';

/** Salt of a commitment, bytes: as long as the hash, drawn anew for every bar. */
export const SALT_BYTES = 32;
export const COMMITMENT_BYTES = 32;

const DOMAIN = 'jamnet/groove/commitment/v1';
const SIGNED_DOMAIN = 'jamnet/groove/signed-commitment/v1';
const SIGNED_REVEAL_DOMAIN = 'jamnet/groove/signed-reveal/v1';

export interface Committed {
  /** Canonical bytes of the forecast. */
  readonly forecast: Uint8Array;
  readonly salt: Uint8Array;
  readonly node: string;
  readonly performance: string;
  /** 0 ≤ bar < 2³². */
  readonly bar: number;
}

/**
 * The hash of forecast, salt, node, performance and bar: neither another host nor another bar can take a commitment over.
 */
export function commitment({ forecast, salt, node, performance, bar }: Committed): Uint8Array {
  return taggedHash(DOMAIN, forecast, salt, encodeUtf8(node), encodeUtf8(performance), uint32(bar));
}

/** What a node signs when it commits: whoever holds the signature can prove who committed to what, and for which bar. */
export function commitmentStatement(performance: string, bar: number, hash: Uint8Array): Uint8Array {
  return tagged(SIGNED_DOMAIN, encodeUtf8(performance), uint32(bar), hash);
}

/** What a node signs when it opens a commitment outside its link: a stranger's false opening would void its bar. */
export function revealStatement(
  performance: string,
  bar: number,
  { forecast, salt }: Pick<Committed, 'forecast' | 'salt'>,
): Uint8Array {
  return tagged(SIGNED_REVEAL_DOMAIN, encodeUtf8(performance), uint32(bar), forecast, salt);
}
