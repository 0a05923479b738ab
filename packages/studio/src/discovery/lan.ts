import { networkInterfaces } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { RELEASE } from '@jamnet/base';
import { announceService } from './announce-service.ts';
import { discoverServices } from './discover-services.ts';
import type { FoundServices } from './found-services.ts';
import { openLanBus } from './lan-bus.ts';
import type { LanService } from './lan-service.ts';
import { networksFor, ownNetworks } from './networks.ts';
import { openNetworks } from './open-networks.ts';

/**
 * Announces a relay by DNS-SD on the networks from which its address is reached: on loopback only, when it is a loopback address.
 * The answer ends it. A `Failure` `discovery-unavailable` says why it cannot be announced.
 */
export async function announceOnLan(service: Omit<LanService, 'version'>): Promise<() => Promise<void>> {
  const networks = networksFor(service.address, ownNetworks(networkInterfaces()));
  const buses = await openNetworks(networks, (address) => openLanBus(address));
  return announceService({ ...service, version: RELEASE }, buses, () => performance.now());
}

/** Asks all networks of this machine for relays, for so many seconds. A `Failure` `discovery-unavailable` says why it cannot. */
export async function discoverOnLan(seconds: number): Promise<FoundServices> {
  const buses = await openNetworks(ownNetworks(networkInterfaces()), (address) => openLanBus(address));
  const found = await discoverServices(buses, seconds * 1_000, (ms) => wait(ms));
  await Promise.all(buses.map((bus) => bus.close()));
  return found;
}
