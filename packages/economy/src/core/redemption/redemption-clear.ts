import { compareBytes, encodeUtf8, present } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { lesser } from '../money/amounts.ts';
import { apportion } from '../money/apportion.ts';
import { MICRO, type UnitPrice, worthCents } from '../money/unit-price.ts';

/** An open request with the price that its cut-off leads to. */
export interface PricedRequest {
  readonly id: string;
  readonly microJam: bigint;
  readonly price: UnitPrice;
}

/** What a request gets in this run; the rest of it is carried and priced anew. */
export interface Fill {
  readonly id: string;
  readonly microJam: bigint;
  readonly cents: bigint;
}

/**
 * Divides the cap: small requests first and whole, the smallest before the larger, then all others in proportion to
 * what they ask. Equal ones are ordered by the hash of their id, so nobody gains by asking at a certain moment.
 */
export function clearRequests(
  requests: readonly PricedRequest[],
  capCents: bigint,
  smallCents: bigint,
  salt: string,
): readonly Fill[] {
  const asks = requests
    .map((request) => ({
      request,
      cents: worthCents(request.microJam, request.price),
      tie: tieOf(request.id, salt),
    }))
    .filter(({ cents }) => cents > 0n)
    .sort((a, b) => (a.cents === b.cents ? compareBytes(a.tie, b.tie) : a.cents < b.cents ? -1 : 1));
  const fills: Fill[] = [];
  let left = capCents;
  for (const { request, cents } of asks.filter((ask) => ask.cents <= smallCents)) {
    const given = lesser(cents, left);
    left -= given;
    fills.push(fillOf(request, given, cents));
  }
  const large = asks.filter((ask) => ask.cents > smallCents);
  const wanted = large.reduce((sum, { cents }) => sum + cents, 0n);
  if (wanted > 0n) {
    const parts = apportion(
      lesser(left, wanted),
      large.map(({ cents }) => cents),
      (index) => present(large[index], 'ask').request.id,
      salt,
    );
    large.forEach(({ request, cents }, index) => {
      fills.push(fillOf(request, present(parts[index], 'part'), cents));
    });
  }
  return fills.filter(({ cents }) => cents > 0n);
}

/** The units that `cents` cost, rounded up and never more than asked for; a request paid in full gives all its units. */
function fillOf({ id, microJam, price }: PricedRequest, cents: bigint, askedCents: bigint): Fill {
  if (cents === askedCents) return { id, microJam, cents };
  const units = (cents * price.units * MICRO + price.cents - 1n) / price.cents;
  return { id, microJam: lesser(units, microJam), cents };
}

function tieOf(id: string, salt: string): Uint8Array {
  return sha256(encodeUtf8(`${salt}\0${id}`));
}
