import { encodeUtf8 } from '@jamnet/base';
import { connect } from '@nats-io/transport-node';
import { afterEach, describe, expect, test } from 'vitest';
import { type Bus, MESSAGE_BYTES_MAX } from './bus.ts';
import { openNatsBus } from './nats-bus.ts';
import { busSuite } from './testing/bus.suite.ts';
import { type NatsServer, natsServerProgram, startNatsServer } from './testing/nats-server.ts';

const program = natsServerProgram() ?? '';
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function opened(url: string): Promise<Bus> {
  const bus = await openNatsBus(url, 'test');
  closing.push(() => bus.close());
  return bus;
}

const reason = program === '' ? ': skipped, no program nats-server is installed' : '';
describe.skipIf(program === '')(`the bus over a NATS server${reason}`, () => {
  busSuite(async () => {
    const server = await startNatsServer(program);
    return { connect: () => openNatsBus(server.url, 'suite'), close: () => server.stop() };
  });

  test('a server that went and came again is found again, and subscriptions hold', async () => {
    const first = await startNatsServer(program);
    const bus = await opened(first.url);
    const heard: string[] = [];
    let wake: () => void = () => undefined;
    bus.subscribe('life', (bytes) => {
      heard.push(Buffer.from(bytes).toString());
      wake();
    });
    await first.stop();
    const again = await startNatsServer(program, first.port);
    closing.push(() => again.stop());
    const speaker = await opened(again.url);
    // It comes back when it does; until then what is said is lost, as the contract says.
    while (heard.length === 0) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 50);
      });
      speaker.publish('life', encodeUtf8('again'));
      await woken;
    }
    expect(heard[0]).toBe('again');
    expect(bus.isConnected).toBe(true);
  });

  test('a server that comes later is waited for, and it is said once that it is', async () => {
    const first = await startNatsServer(program);
    await first.stop();
    const told: string[] = [];
    let come: (server: NatsServer) => void = () => undefined;
    const coming = new Promise<NatsServer>((resolve) => {
      come = resolve;
    });
    const bus = await openNatsBus(first.url, 'test', {
      limitMs: 60_000,
      onWaiting: ({ message }) => {
        told.push(message);
        void startNatsServer(program, first.port).then(come);
      },
    });
    closing.push(() => bus.close());
    const { stop } = await coming;
    closing.push(stop);
    expect(bus.isConnected).toBe(true);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`127.0.0.1:${first.port}`);
    expect(told[0]).toContain('waited for, 60 s at most');
  });

  test('a server that does not come is given up after the limit, in a sentence that says how long it was tried', async () => {
    const told: string[] = [];
    const limitMs = 1_200;
    const beganMs = performance.now();
    const opening = openNatsBus('nats://127.0.0.1:1', 'test', {
      limitMs,
      onWaiting: ({ message }) => told.push(message),
    });
    await expect(opening).rejects.toMatchObject({
      code: 'bus-unreachable',
      message: expect.stringMatching(/tried for [01]\.\d s: .*NATS_URL/),
    });
    // Two more tries fit in, half a second apart.
    expect(performance.now() - beganMs).toBeGreaterThan(2 * 500 - 50);
    expect(told).toHaveLength(1);
  });

  test('who stops waiting is not kept', async () => {
    const stopping = new AbortController();
    const opening = openNatsBus('nats://127.0.0.1:1', 'test', {
      limitMs: Number.POSITIVE_INFINITY,
      onWaiting: () => stopping.abort(),
      signal: stopping.signal,
    });
    await expect(opening).rejects.toMatchObject({ code: 'bus-wait-ended' });
  });

  test('what a stranger publishes beyond the largest message is not handed over', async () => {
    const server = await startNatsServer(program);
    closing.push(() => server.stop());
    const bus = await opened(server.url);
    const sizes: number[] = [];
    let come: () => void = () => undefined;
    const last = new Promise<void>((resolve) => {
      come = resolve;
    });
    bus.subscribe('life', ({ length }) => {
      sizes.push(length);
      if (length === 1) come();
    });
    await bus.flush();
    const stranger = await connect({ servers: server.url });
    closing.push(() => stranger.close());
    for (const size of [MESSAGE_BYTES_MAX + 1, MESSAGE_BYTES_MAX, 1])
      stranger.publish('life', new Uint8Array(size));
    await last;
    expect(sizes).toEqual([MESSAGE_BYTES_MAX, 1]);
  });

  test('a server that asks for a token lets in who has it, and tells who has not what to correct, without a wait', async () => {
    const server = await startNatsServer(program, -1, ['--auth', 'open sesame']);
    closing.push(() => server.stop());
    const withToken = `nats://${encodeURIComponent('open sesame')}@127.0.0.1:${server.port}`;
    expect((await opened(withToken)).isConnected).toBe(true);
    const told: unknown[] = [];
    const wait = { limitMs: Number.POSITIVE_INFINITY, onWaiting: (why: unknown) => told.push(why) };
    await expect(openNatsBus(server.url, 'test', wait)).rejects.toMatchObject({ code: 'bus-unreachable' });
    expect(told).toEqual([]);
  });
});

test.each(['', 'http://127.0.0.1', 'nats://', 'nats://127.0.0.1:1'])('%j leads to no server', async (url) => {
  await expect(openNatsBus(url, 'test')).rejects.toMatchObject({
    code: 'bus-unreachable',
    message: expect.stringContaining('NATS_URL'),
  });
});
