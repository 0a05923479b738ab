import type { Stream } from '@jamnet/economy';

/** A sale of the sample evening, in cents. */
export interface SampleSale {
  readonly id: string;
  readonly principal: string;
  readonly stream: Stream;
  readonly amountCents: bigint;
  readonly reference: string;
}

/** The name under which a player pays; never published. */
export function customerOf(player: string): string {
  return `customer:${player}`;
}

/** What comes in this evening: both players' devices at their list prices, a month's subscription, a compute licence. */
export const SAMPLE_SALES: readonly SampleSale[] = [
  {
    id: 'sample-jamcaster',
    principal: customerOf('backing'),
    stream: 'hardware',
    amountCents: 9_900n,
    reference: 'one JAMCaster',
  },
  {
    id: 'sample-jambox',
    principal: customerOf('guitar'),
    stream: 'hardware',
    amountCents: 8_000n,
    reference: 'one JamBox',
  },
  {
    id: 'sample-subscription',
    principal: customerOf('guitar'),
    stream: 'subscription',
    amountCents: 1_200n,
    reference: 'a subscription, one month',
  },
  {
    id: 'sample-compute',
    principal: customerOf('licensee'),
    stream: 'compute',
    amountCents: 25_000n,
    reference: 'a compute licence',
  },
];
