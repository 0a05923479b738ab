import { randomBytes } from 'node:crypto';
import { type Bus, type BusWait, openNatsBus } from '@jamnet/bus';
import { BusDirectory, type BusDirectoryParts } from '../relay/directory/bus-directory.ts';

const BEAT_EVERY_MS = 200;
/** Whatever starts the parts of a studio starts them in any order; a server that is slower than this is not coming. */
export const BUS_WAIT_MS = 60_000;

export interface StudioBus {
  readonly directory: BusDirectory;
  /** The connection itself, for what else processes tell each other. */
  readonly bus: Bus;
  close(): Promise<void>;
}

/** Joins the other studios and the relays on a NATS server, and tells them of this one's relays; fails as `openNatsBus` does. */
export async function joinBus(
  url: string,
  parts: Pick<BusDirectoryParts, 'desk' | 'tokenKey' | 'homes'>,
  wait?: BusWait,
): Promise<StudioBus> {
  const instance = randomBytes(4).toString('hex');
  const bus = await openNatsBus(url, `jamnet studio ${instance}`, wait);
  const directory = new BusDirectory({ ...parts, bus, instance, nowUs: () => Date.now() * 1000 });
  const timer = setInterval(() => directory.beat(), BEAT_EVERY_MS);
  return {
    directory,
    bus,
    close: async () => {
      clearInterval(timer);
      await bus.close();
    },
  };
}
