import { randomBytes } from 'node:crypto';
import { openNatsBus } from '@jamnet/bus';
import { BusDirectory, type BusDirectoryParts } from '../relay/directory/bus-directory.ts';

const BEAT_EVERY_MS = 200;

export interface StudioBus {
  readonly directory: BusDirectory;
  close(): Promise<void>;
}

/** Joins the other studios and the relays on a NATS server, and tells them of this one's relays; fails as `openNatsBus` does. */
export async function joinBus(
  url: string,
  parts: Pick<BusDirectoryParts, 'desk' | 'tokenKey' | 'homes'>,
): Promise<StudioBus> {
  const instance = randomBytes(4).toString('hex');
  const bus = await openNatsBus(url, `jamnet studio ${instance}`);
  const directory = new BusDirectory({ ...parts, bus, instance, nowUs: () => Date.now() * 1000 });
  const timer = setInterval(() => directory.beat(), BEAT_EVERY_MS);
  return {
    directory,
    close: async () => {
      clearInterval(timer);
      await bus.close();
    },
  };
}
