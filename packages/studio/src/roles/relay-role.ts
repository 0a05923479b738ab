import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '@jamnet/base';
import { HomeRelays } from '../composition/home-relays.ts';
import { joinBus, type StudioBus } from '../composition/join-bus.ts';
import { portFailure } from '../composition/port-failure.ts';
import { studioHosts } from '../composition/studio-hosts.ts';
import type { StudioConfig } from '../config/studio-config.ts';
import { deriveSecret } from '../identity/keys.ts';
import { tellStderr } from '../processes/tell-failure.ts';
import { RelayDesk } from '../relay/directory/relay-desk.ts';

const JOIN_AGAIN_MS = 1_000;

export interface RelayRole {
  /** Where it says that it lives, `http://…`. */
  readonly url: string;
  /** The first relay, as this machine reaches it. */
  readonly relayAddress: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

/**
 * Relays without a studio around them: no database, no files, and a bus that is looked for until it is there. Players who
 * have a token play on while everything else is away.
 */
export async function runRelayRole(config: StudioConfig, root: Uint8Array): Promise<RelayRole> {
  const tokenKey = deriveSecret(root, 'join tokens');
  const hosts = studioHosts(config);
  const relays = await HomeRelays.start(hosts.relays, config.relays, config.relayPort, tokenKey);
  const homes = () => relays.list();
  const desk = new RelayDesk({ tokenKey, nowUs: () => Date.now() * 1000, homes });
  const closing = new AbortController();
  const joined = untilJoined(() => joinBus(config.natsUrl ?? '', { desk, tokenKey, homes }), closing.signal);
  const server = createServer((_request, response) => {
    const isUp = relays.list().length > 0;
    response.writeHead(isUp ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ok: isUp }));
  });
  const close = async (): Promise<void> => {
    closing.abort();
    await (await joined)?.close();
    // One that does not listen has nothing to end.
    if (server.listening) await new Promise((resolve) => server.close(resolve));
    await relays.stop();
  };
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(hosts.plain.port, hosts.plain.host, resolve);
    });
    const [relayAddress] = relays.near();
    if (relayAddress === undefined) throw new Failure('relay-ended', 'The relay ended as soon as it began.');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : hosts.plain.port;
    return { url: `http://${hosts.plain.host}:${port}`, relayAddress, close };
  } catch (cause) {
    await close();
    throw cause instanceof Failure ? cause : portFailure(hosts.plain.port, cause);
  }
}

async function untilJoined(join: () => Promise<StudioBus>, signal: AbortSignal): Promise<StudioBus | null> {
  let told = false;
  while (!signal.aborted) {
    try {
      return await join();
    } catch (error) {
      if (!told) tellStderr('NATS')(error);
      told = true;
      await delay(JOIN_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return null;
}
