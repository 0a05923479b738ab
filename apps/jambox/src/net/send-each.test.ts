import { afterEach, expect, test } from 'vitest';
import { localNowUs } from '../local-clock.ts';
import { AddressBook } from './address-book.ts';
import { type Libc, loadLibc } from './libc.ts';
import { MmsgPort } from './mmsg-port.ts';
import { openUdpPort, type UdpPortKind } from './open-udp-port.ts';
import { runPorts } from './run-ports.ts';
import { STOP, type UdpPort, type UdpPortOptions } from './udp-port.ts';

const KINDS = loadLibc() === null ? (['dgram'] as const) : (['dgram', 'mmsg'] as const);
const opened: UdpPort[] = [];
afterEach(() => {
  for (const port of opened.splice(0)) port.close();
});

async function portOf(kind: UdpPortKind, options: Partial<UdpPortOptions> = {}): Promise<UdpPort> {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, ...options }, kind);
  opened.push(port);
  return port;
}

function addressOf(port: UdpPort): string {
  return `127.0.0.1:${port.port}`;
}

/** What each port has been sent, once all together have `count` datagrams. */
async function takeAll(ports: readonly UdpPort[], count: number): Promise<string[][]> {
  const texts: string[][] = ports.map(() => []);
  let taken = 0;
  await runPorts(ports, {
    datagram: (_, bytes, __, port) => {
      taken++;
      texts[ports.indexOf(port)]?.push(Buffer.from(bytes).toString());
    },
    wake: () => (taken >= count ? STOP : Number.POSITIVE_INFINITY),
  });
  return texts;
}

async function settle(port: UdpPort): Promise<void> {
  port.flush();
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}

for (const kind of KINDS) {
  test(`${kind}: one datagram goes to each address, as it was when it was given, and in order with the others`, async () => {
    // Fewer places in the queue than addresses: a flush falls into the middle.
    const sender = await portOf(kind, { queue: 5 });
    const listeners = await Promise.all([0, 1, 2, 3, 4, 5, 6].map(() => portOf(kind)));
    const to = listeners.map(addressOf);
    const bytes = Buffer.from('first');
    sender.sendEach(bytes, to);
    bytes.write('later');
    sender.send(Buffer.from('alone'), to[2] ?? '');
    sender.sendEach(Buffer.from('last'), to);
    await settle(sender);
    const taken = await takeAll(listeners, 15);
    for (const [i, texts] of taken.entries())
      expect(texts).toEqual(i === 2 ? ['first', 'alone', 'last'] : ['first', 'last']);
    expect(sender.refused).toBe(0);
  });

  test(`${kind}: what arrives is sent on to many while more arrives, and no datagram takes another's bytes`, async () => {
    const relay = await portOf(kind, { batch: 8, queue: 20 });
    const sender = await portOf(kind);
    const listeners = await Promise.all([0, 1, 2].map(() => portOf(kind)));
    const to = listeners.map(addressOf);
    const sent = Array.from({ length: 100 }, (_, i) => `${i}`.repeat(1 + (i % 40)));
    for (const text of sent) sender.send(Buffer.from(text), addressOf(relay));
    await settle(sender);
    let passed = 0;
    await runPorts([relay], {
      datagram: (_, bytes, __, port) => {
        passed++;
        port.sendEach(bytes, to);
      },
      wake: () => (passed === sent.length ? STOP : Number.POSITIVE_INFINITY),
    });
    await settle(relay);
    for (const texts of await takeAll(listeners, 300)) expect(texts).toEqual(sent);
  });

  test(`${kind}: after more addresses than it remembers it still finds each`, async () => {
    const [sender, listener] = [await portOf(kind), await portOf(kind)];
    for (let i = 0; i < 4200; i++) {
      if (i % 300 === 0) sender.send(Buffer.from(`${i}`), addressOf(listener));
      sender.sendEach(Buffer.from('nobody'), [`127.1.${i >> 8}.${i & 255}:9`]);
      if (i % 100 === 0) await settle(sender);
    }
    await settle(sender);
    const [texts] = await takeAll([listener], 14);
    expect(texts).toEqual(Array.from({ length: 14 }, (_, i) => `${i * 300}`));
  });
}

/** As the system's own, but the first batch is refused as by a device that cannot segment. */
function refusingOnce(libc: Libc): Libc {
  let calls = 0;
  return {
    ...libc,
    sendmmsg: (fd, headers, count, flags) => (calls++ === 0 ? -1 : libc.sendmmsg(fd, headers, count, flags)),
    errno: () => (calls === 1 ? 5 : libc.errno()),
  };
}

test.each([
  ['in segments', (libc: Libc) => libc],
  ['one by one where there are no segments', refusingOnce],
])('many datagrams to few receivers leave %s, whole and in order', async (_, through) => {
  const libc = loadLibc();
  if (libc === null) return;
  const sender = new MmsgPort(through(libc), { host: '127.0.0.1', port: 0 });
  opened.push(sender);
  const listeners = await Promise.all([0, 1].map(() => portOf('mmsg')));
  const to = listeners.map(addressOf);
  const sent = Array.from({ length: 90 }, (_, i) => `${100 + i}`.padEnd(i % 50 === 49 ? 10 : 40, '.'));
  for (const text of sent) sender.sendEach(Buffer.from(text), to);
  sender.flush();
  expect(await takeAll(listeners, 180)).toEqual([sent, sent]);
  expect(sender.refused).toBe(0);
});

test.runIf(loadLibc() !== null)('a port that asks learns how long each datagram lay unread', async () => {
  const [port, sender] = [await portOf('mmsg', { arrivalTimes: true }), await portOf('mmsg')];
  const waitUs = 3000;
  // The kernel begins to look at the clock a little after it is asked to: until then a datagram seems to come as it is read.
  let waitedUs = 0;
  while (waitedUs < waitUs) {
    sender.send(Buffer.from('x'), addressOf(port));
    sender.flush();
    for (const sinceUs = localNowUs(); localNowUs() - sinceUs < waitUs + 100; );
    waitedUs = Number.NaN;
    await runPorts([port], {
      datagram: () => {
        ({ waitedUs } = port);
      },
      wake: () => (Number.isNaN(waitedUs) ? Number.POSITIVE_INFINITY : STOP),
    });
    expect(waitedUs).toBeLessThan(60e6);
  }
});

test.runIf(loadLibc() !== null)(
  'the book of addresses keeps its limit and is of use again once cleared',
  () => {
    const book = new AddressBook(3);
    expect(['1.1.1.1:1', '1.1.1.1:2', '::1:3', '1.1.1.1:2', '2.2.2.2:4'].map((to) => book.place(to))).toEqual(
      [0, 1, 2, 1, -1],
    );
    expect([book.bytesOf(0), book.bytesOf(2)]).toEqual([16, 28]);
    book.clear();
    expect(book.place('2.2.2.2:4')).toBe(0);
  },
);
