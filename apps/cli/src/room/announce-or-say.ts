import { isIPv4 } from 'node:net';
import { Failure } from '@jamnet/base';
import { announceOnLan, type LanService } from '@jamnet/studio';

type Say = (event: string, text: string, facts: object) => void;

/** Where others on the network reach the relay of a studio with these options; `near`: where this machine itself does, often by loopback. */
export function announcedAddress(
  { publicUrl, host }: { readonly publicUrl?: string; readonly host?: string },
  near: string,
): string {
  return publicUrl === undefined ? near : (host ?? near);
}

/** Announces a relay to the local network until the answer is called; where that does not work it says so, for the relay itself works. */
export async function announceOrSay(
  service: Omit<LanService, 'version'>,
  say: Say,
): Promise<() => Promise<void>> {
  const { address, port } = service;
  if (!isIPv4(address) || address === '0.0.0.0') {
    const fault = `${address} is no IPv4 address to be reached at: give one with --host, or for a relay with --reached-at.`;
    say('not-on-lan', `Not announced: ${fault}`, { fault });
    return async () => undefined;
  }
  try {
    const silence = await announceOnLan(service);
    say('on-lan', `Announced by multicast DNS as ${address}:${port}; "jamnet room discover" finds it.`, {
      address,
      port,
    });
    return silence;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say('not-on-lan', `Not announced: ${error.message}`, { fault: error.message });
    return async () => undefined;
  }
}
