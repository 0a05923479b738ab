import { openNatsBus } from '@jamnet/bus';
import { natsServerProgram, startNatsServer } from '@jamnet/bus/testing';
import { probeRelay } from '@jamnet/jambox';
import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { addRelayRoutes } from '../../http/relay-routes.ts';
import type { StudioServices } from '../../http/services.ts';
import { validateRequest } from '../../http/validate.ts';
import { issueJoinToken } from '../join-token.ts';
import { startUdpRelay } from '../udp-relay.ts';
import { announceRelay } from './announce-relay.ts';
import { RelayDesk } from './relay-desk.ts';

const KEY = new Uint8Array(32).fill(1);
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function relayWith(tokenKey = KEY) {
  const relay = await startUdpRelay({ host: '127.0.0.1', port: 0, tokenKey });
  closing.push(() => relay.close());
  return relay;
}

async function studioWith(homePort: number | null) {
  const homes =
    homePort === null ? [] : [{ id: 'home', host: '127.0.0.1', port: homePort, rooms: 0, players: 0 }];
  const desk = new RelayDesk({ tokenKey: KEY, nowUs: () => Date.now() * 1000, homes: () => homes });
  const server = Fastify();
  server.setValidatorCompiler(validateRequest);
  // The routes ask for nothing else of a studio.
  addRelayRoutes(server, { relays: desk } as unknown as StudioServices);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  closing.push(() => server.close());
  return { desk, url };
}

async function announced(studio: string, relay: { port: number }, tokenKey: Uint8Array, id = 'attic box') {
  return await new Promise<string | null>((resolve) => {
    const running = relay as Parameters<typeof announceRelay>[0];
    const where = { host: '127.0.0.1', port: relay.port };
    closing.push(announceRelay(running, { studio, tokenKey, id, ...where, onAnswer: resolve }));
  });
}

test('a relay elsewhere tells the studio that it lives; measured from here it answers, and the room goes where it is soonest', async () => {
  const [home, away] = [await relayWith(), await relayWith()];
  const { desk, url } = await studioWith(home.port);
  expect(desk.candidates('blue')).toEqual([]);
  expect(await announced(url, away, KEY)).toBeNull();
  expect(desk.candidates('blue').map(({ id, port }) => [id, port])).toEqual([
    ['attic box', away.port],
    ['home', home.port],
  ]);
  const token = issueJoinToken(KEY, { room: 'blue', player: 'ada', expiresAtUs: 2 ** 52 });
  if (!token.ok) throw new Error(token.message);
  for (const relay of [home, away])
    expect(await probeRelay({ host: '127.0.0.1', port: relay.port }, token.value)).toBeGreaterThan(0);
  expect([home.stats().players, away.stats().players]).toEqual([0, 0]);
  const near = { host: '127.0.0.1', port: away.port };
  expect(desk.enter('blue', 'ada', { home: 9_000, 'attic box': 500 })).toEqual({ ok: true, value: near });
  expect(desk.candidates('blue')).toEqual([]);
  expect(desk.enter('blue', 'ben', {})).toEqual({ ok: true, value: near });
  expect(desk.enterFromPage('blue', 'page')).toEqual({ ok: true, value: near });
  expect(desk.enterFromPage('green', 'page')).toMatchObject({ ok: true, value: { port: home.port } });
});

test('a relay without the key, or by the name of the studio itself, is not taken, and is told why', async () => {
  const { desk, url } = await studioWith(null);
  const relay = await relayWith();
  expect(await announced(url, relay, new Uint8Array(32).fill(2))).toContain('same key file');
  expect(await announced(url, relay, KEY, 'home')).toContain('choose another name');
  expect(await announced('http://127.0.0.1:1', relay, KEY)).toContain('does not answer');
  expect(desk.list()).toEqual([]);
  expect(desk.enter('blue', 'ada', {})).toMatchObject({ code: 'relay-not-running' });
});

test('a relay of another studio, and one that is not there, have no delay', async () => {
  const token = issueJoinToken(KEY, { room: 'blue', player: 'ada', expiresAtUs: 2 ** 52 });
  if (!token.ok) throw new Error(token.message);
  const stranger = await relayWith(new Uint8Array(32).fill(2));
  const delays = await Promise.all(
    [stranger.port, 1].map((port) => probeRelay({ host: '127.0.0.1', port }, token.value)),
  );
  expect(delays).toEqual([null, null]);
});

const program = natsServerProgram();

test.skipIf(program === null)(
  'a relay that is started while NATS is away says so once, and is heard there as soon as it can be',
  async () => {
    const first = await startNatsServer(program ?? '');
    await first.stop();
    const relay = await relayWith();
    const { url } = await studioWith(null);
    const told: (string | null)[] = [];
    let waits: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      waits = resolve;
    });
    const stop = announceRelay(relay, {
      ...{ studio: url, tokenKey: KEY, id: 'attic', host: '127.0.0.1', port: relay.port, natsUrl: first.url },
      onAnswer: (fault) => {
        told.push(fault);
        if (fault?.includes('NATS server') === true) waits();
      },
    });
    closing.push(stop);
    await waiting;
    const server = await startNatsServer(program ?? '', first.port);
    closing.push(() => server.stop());
    const ear = await openNatsBus(server.url, 'ear');
    closing.push(() => ear.close());
    const heard = await new Promise<unknown>((resolve) => {
      ear.subscribe('jamnet.relay.beat', (bytes) => resolve(JSON.parse(Buffer.from(bytes).toString())));
    });
    expect(JSON.stringify(heard)).toContain('attic');
    expect(told.filter((fault) => fault?.includes('NATS server'))).toHaveLength(1);
  },
);
