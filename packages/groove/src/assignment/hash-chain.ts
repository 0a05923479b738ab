import { assert, equalBytes } from '@jamnet/base';
import { taggedHash } from '../tagged-hash.ts';

const DOMAIN = 'jamnet/groove/chain/v1';

/** Draws that one chain gives: a year of one an hour. */
export const CHAIN_LINKS_MAX = 8784;

/** One step of the chain (Lamport 1981): easy forwards, from what is still hidden to what is published; nobody walks back. */
export function nextLink(preimage: Uint8Array): Uint8Array {
  return taggedHash(DOMAIN, preimage);
}

/**
 * A chain of hashes from a secret, published backwards: first its tip, in the log, before anything it decides; then, draw by
 * draw, the preimage of what was published last. So its owner can choose nothing once the tip stands in the log.
 */
export class HashChain {
  readonly #links: readonly Uint8Array[];
  #published = 0;

  /** `secret`: 32 bytes by chance, kept by who draws. `draws`: 1 to {@link CHAIN_LINKS_MAX}. */
  constructor(secret: Uint8Array, draws: number) {
    assert(secret.length === 32, 'the secret of a chain has 32 bytes');
    assert(Number.isInteger(draws) && draws >= 1 && draws <= CHAIN_LINKS_MAX, 'draws of a chain');
    const links = [secret];
    for (let i = 0; i < draws; i++) links.unshift(nextLink(links[0] ?? secret));
    this.#links = links;
  }

  /** What is written into the log before the first draw. */
  get tip(): Uint8Array {
    return this.#links[0] ?? new Uint8Array(0);
  }

  get drawsLeft(): number {
    return this.#links.length - 1 - this.#published;
  }

  /** The next preimage, once; `null` when the chain is used up and a new tip has to be logged. */
  reveal(): Uint8Array | null {
    if (this.drawsLeft === 0) return null;
    this.#published++;
    return this.#links[this.#published] ?? null;
  }
}

/** Is this the preimage of what was published last? */
export function isPreimage(candidate: Uint8Array, published: Uint8Array): boolean {
  return candidate.length === published.length && equalBytes(nextLink(candidate), published);
}
