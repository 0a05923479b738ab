import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { localNowUs } from '../local-clock.ts';
import { loadLibc } from './libc.ts';
import { openUdpPort } from './open-udp-port.ts';
import { openPeerPort } from './peer-port.ts';
import { runPorts } from './run-ports.ts';
import { spellAddress } from './socket-address.ts';
import { STOP, type UdpHandler, type UdpPort } from './udp-port.ts';

const KINDS = loadLibc() === null ? (['dgram'] as const) : (['dgram', 'mmsg'] as const);
const HAS_IPV6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
const LOOPBACK = { host: '127.0.0.1', port: 0 };

async function connectedTo(relay: { host: string; port: number }, kind: UdpPort['kind']): Promise<UdpPort> {
  return (await openPeerPort({ relay, kind, isDirect: false })).port;
}

interface Taken {
  readonly text: string;
  readonly from: string;
}

/** Serves until `count` datagrams came. */
async function take(port: UdpPort, count: number): Promise<Taken[]> {
  const taken: Taken[] = [];
  await runPorts([port], {
    datagram: (_, bytes, from) => void taken.push({ text: Buffer.from(bytes).toString(), from }),
    wake: () => (taken.length >= count ? STOP : Number.POSITIVE_INFINITY),
  });
  return taken;
}

/** Lets what was sent by dgram really leave. */
async function settle(port: UdpPort): Promise<void> {
  port.flush();
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}

for (const kind of KINDS) {
  test(`${kind}: datagrams arrive whole, in order, with their sender's address, which an answer reaches`, async () => {
    const [a, b] = [await openUdpPort(LOOPBACK, kind), await openUdpPort(LOOPBACK, kind)];
    const texts = Array.from({ length: 300 }, (_, i) => `${i} `.repeat(1 + (i % 150)));
    for (const text of texts) a.send(Buffer.from(text), `127.0.0.1:${b.port}`);
    await settle(a);
    const taken = await take(b, texts.length);
    expect(taken.map((each) => each.text)).toEqual(texts);
    expect(new Set(taken.map((each) => each.from))).toEqual(new Set([`127.0.0.1:${a.port}`]));
    b.send(Buffer.from('heard'), taken[0]?.from ?? '');
    await settle(b);
    expect((await take(a, 1))[0]).toEqual({ text: 'heard', from: `127.0.0.1:${b.port}` });
    expect([a.kind, a.refused, b.refused]).toEqual([kind, 0, 0]);
    a.close();
    b.close();
  });

  test(`${kind}: what is sent is a copy, and answers to several addresses go to each`, async () => {
    const ports = await Promise.all([0, 1, 2].map(() => openUdpPort(LOOPBACK, kind)));
    const [a, b, c] = ports as [UdpPort, UdpPort, UdpPort];
    const bytes = Buffer.from('one');
    for (const to of [b, c, b]) {
      a.send(bytes, `127.0.0.1:${to.port}`);
      bytes.write(to === b ? 'two' : 'six');
    }
    await settle(a);
    expect((await take(b, 2)).map((each) => each.text)).toEqual(['one', 'six']);
    expect((await take(c, 1)).map((each) => each.text)).toEqual(['two']);
    for (const port of ports) port.close();
  });

  test(`${kind}: a connected port hears its other end and nobody else`, async () => {
    const [relay, stranger] = [await openUdpPort(LOOPBACK, kind), await openUdpPort(LOOPBACK, kind)];
    const peer = await connectedTo({ host: 'localhost', port: relay.port }, kind);
    peer.send(Buffer.from('here'), '');
    await settle(peer);
    const [first] = await take(relay, 1);
    expect(first?.text).toBe('here');
    stranger.send(Buffer.from('false'), first?.from ?? '');
    await settle(stranger);
    relay.send(Buffer.from('true'), first?.from ?? '');
    await settle(relay);
    expect((await take(peer, 1)).map((each) => each.text)).toEqual(['true']);
    for (const port of [relay, stranger, peer]) port.close();
  });

  test(`${kind}: wakes no sooner than asked, again and again, without any datagram`, async () => {
    const port = await openUdpPort(LOOPBACK, kind);
    let dueUs = localNowUs();
    let wakes = 0;
    let early = 0;
    const handler: UdpHandler = {
      datagram: () => undefined,
      wake: (nowUs) => {
        if (nowUs < dueUs) {
          // A spare call is allowed; what counts is what the handler then asks for.
          early++;
          return dueUs;
        }
        if (++wakes === 20) return STOP;
        dueUs = nowUs + 700;
        return dueUs;
      },
    };
    await runPorts([port], handler);
    expect(wakes).toBe(20);
    expect(early).toBeLessThan(20);
    port.close();
  });

  test(`${kind}: a closed port at the other end neither throws nor ends the service`, async () => {
    const gone = await openUdpPort(LOOPBACK, kind);
    gone.close();
    const port = await connectedTo({ host: '127.0.0.1', port: gone.port }, kind);
    for (let i = 0; i < 5; i++) {
      port.send(Buffer.from('?'), '');
      await settle(port);
    }
    let wakes = 0;
    await runPorts([port], {
      datagram: () => undefined,
      wake: (nowUs) => (++wakes > 5 ? STOP : nowUs + 500),
    });
    port.close();
  });

  test(`${kind}: one service hears several ports and tells them apart`, async () => {
    const ports = await Promise.all([0, 1, 2].map(() => openUdpPort(LOOPBACK, kind)));
    const sender = await openUdpPort(LOOPBACK, kind);
    for (const [i, port] of ports.entries()) sender.send(Buffer.from(`to ${i}`), `127.0.0.1:${port.port}`);
    await settle(sender);
    const taken: string[] = [];
    await runPorts(ports, {
      datagram: (_, bytes, __, port) => void taken.push(`${Buffer.from(bytes)} on ${ports.indexOf(port)}`),
      wake: () => (taken.length === 3 ? STOP : Number.POSITIVE_INFINITY),
    });
    expect(taken.sort()).toEqual(['to 0 on 0', 'to 1 on 1', 'to 2 on 2']);
    for (const port of [...ports, sender]) port.close();
  });

  // Where a kernel has no IPv6, nothing can be bound to `::`.
  test.runIf(HAS_IPV6)(
    `${kind}: at all addresses of both kinds, a sender of IPv4 is spelled as one, and answers reach it`,
    async () => {
      const relay = await openUdpPort({ host: '::', port: 0 }, kind);
      const [v4, v6] = [await openUdpPort(LOOPBACK, kind), await openUdpPort({ host: '::1', port: 0 }, kind)];
      const to6 = spellAddress(kind, '::1', relay.port);
      for (const [port, to] of [
        [v4, `127.0.0.1:${relay.port}`],
        [v6, to6],
      ] as const) {
        port.send(Buffer.from('here'), to);
        await settle(port);
      }
      const sources = (await take(relay, 2)).map(({ from }) => from);
      expect(new Set(sources)).toEqual(new Set([`127.0.0.1:${v4.port}`, spellAddress(kind, '::1', v6.port)]));
      relay.sendEach(Buffer.from('heard'), sources);
      await settle(relay);
      expect(await take(v4, 1)).toEqual([{ text: 'heard', from: `127.0.0.1:${relay.port}` }]);
      expect(await take(v6, 1)).toEqual([{ text: 'heard', from: to6 }]);
      expect(relay.refused).toBe(0);
      for (const port of [relay, v4, v6]) port.close();
    },
  );

  test(`${kind}: names the port that is taken`, async () => {
    const port = await openUdpPort(LOOPBACK, kind);
    await expect(openUdpPort({ host: '127.0.0.1', port: port.port }, kind)).rejects.toMatchObject({
      code: 'port-unavailable',
    });
    port.close();
  });
}

test.runIf(loadLibc() !== null)(
  'mmsg: a name is refused, and not taken for every address of the machine',
  async () => {
    await expect(openUdpPort({ host: 'localhost', port: 0 }, 'mmsg')).rejects.toMatchObject({
      code: 'port-unavailable',
    });
  },
);
