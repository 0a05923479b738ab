import { Failure } from '@jamnet/base';
import type { LanBus } from './lan-bus.ts';

/** Opens those networks that can be opened; a `Failure` when none can. */
export async function openNetworks(
  addresses: readonly string[],
  open: (address: string) => Promise<LanBus>,
): Promise<LanBus[]> {
  const tried = await Promise.allSettled(addresses.map((address) => open(address)));
  const buses = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (buses.length > 0) return buses;
  const failed = tried.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  throw new Failure('discovery-unavailable', 'This machine has no network with an IPv4 address to ask on.');
}
