import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { announceService } from './announce-service.ts';
import { discoverServices } from './discover-services.ts';
import { type LanBus, openLanBus } from './lan-bus.ts';
import type { LanService } from './lan-service.ts';
import { openNetworks } from './open-networks.ts';

const LOOPBACK = '127.0.0.1';
const GROUP = '224.0.0.251';
/** Longer than loopback ever takes; only a machine without multicast waits this long. */
const PATIENCE_MS = 2_000;
const ATTIC: LanService = {
  name: 'Attic',
  address: LOOPBACK,
  port: 8441,
  apiUrl: 'http://127.0.0.1:8440',
  version: '0.1.0',
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** Whether this machine carries a datagram to a group over loopback. */
async function hasLoopbackMulticast(): Promise<boolean> {
  const socket = createSocket('udp4').bind(0);
  try {
    await once(socket, 'listening');
    socket.addMembership(GROUP, LOOPBACK);
    socket.setMulticastInterface(LOOPBACK);
    const heard = once(socket, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) });
    socket.send('is anybody there', socket.address().port, GROUP);
    await heard;
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

async function bus(port: number): Promise<LanBus> {
  const opened = await openLanBus(LOOPBACK, port);
  closers.push(() => opened.close());
  return opened;
}

function nextResponse(listener: LanBus): Promise<void> {
  return new Promise((resolve) => listener.onResponse(() => resolve()));
}

async function sendJunk(port: number): Promise<void> {
  const noise = createSocket('udp4').bind(0, LOOPBACK);
  await once(noise, 'listening');
  noise.setMulticastInterface(LOOPBACK);
  for (const junk of ['', '\0', 'GET / HTTP/1.1', '\u{ff}'.repeat(600)])
    await new Promise((resolve) => noise.send(junk, port, GROUP, resolve));
  noise.close();
}

it('one program finds over loopback multicast what another announces, past datagrams that are no DNS', async ({
  skip,
}) => {
  if (!(await hasLoopbackMulticast())) skip('multicast does not work on the loopback interface here');
  const port = await freePort();
  // The clock stands a second further at each look, so that the query that follows the greeting is answered.
  let nowMs = 0;
  const stop = await announceService(ATTIC, [await openLanBus(LOOPBACK, port)], () => {
    nowMs += 1_000;
    return nowMs;
  });
  // Opened after the greeting: what it hears are answers.
  const player = await bus(port);
  await sendJunk(port);

  const found = await discoverServices([player], 1_000, () => nextResponse(player));

  expect(found.list()).toEqual([ATTIC]);
  const farewell = nextResponse(player);
  await stop();
  await farewell;
  expect(found.list()).toEqual([]);
});

it('a port that another program holds for itself alone is refused with what to do', async () => {
  const holder = createSocket({ type: 'udp4', reuseAddr: false }).bind(0);
  await once(holder, 'listening');

  const opening = openNetworks([LOOPBACK], (address) => openLanBus(address, holder.address().port));

  await expect(opening).rejects.toMatchObject({ code: 'discovery-unavailable' });
  holder.close();
});

it('a machine without a network is told so', async () => {
  await expect(openNetworks([], (address) => openLanBus(address))).rejects.toMatchObject({
    code: 'discovery-unavailable',
  });
});

it('a network that refuses to send does not keep the others from answering', async () => {
  const silent: LanBus = {
    onQuery: () => undefined,
    onResponse: () => undefined,
    respond: () => Promise.reject(new Error('ENETUNREACH')),
    ask: () => Promise.reject(new Error('ENETUNREACH')),
    close: () => Promise.resolve(),
  };
  const waits: number[] = [];

  const found = await discoverServices([silent], 2_500, async (ms) => void waits.push(ms));
  const stop = await announceService(ATTIC, [silent], () => 0);
  await stop();

  expect(found.list()).toEqual([]);
  expect(waits).toEqual([1_000, 1_000, 500]);
});
