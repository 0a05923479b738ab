import { encodeUtf8 } from '@jamnet/base';
import { type Bus, MemoryHub, openNatsBus } from '@jamnet/bus';
import { natsServerProgram, startNatsServer } from '@jamnet/bus/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { nodeHopCrypto } from '../node-hop-crypto.ts';
import { BusDirectory, publishBeat } from './bus-directory.ts';
import { signHeartbeat } from './heartbeat.ts';
import { RelayDesk } from './relay-desk.ts';

const KEY = new Uint8Array(32).fill(1);
const START_US = 1_700_000_000_000_000;
const program = natsServerProgram() ?? '';
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function memoryWorld(): Promise<() => Promise<Bus>> {
  const hub = new MemoryHub();
  return async () => hub.connect();
}

async function natsWorld(): Promise<() => Promise<Bus>> {
  const server = await startNatsServer(program);
  closing.push(() => server.stop());
  return async () => {
    const bus = await openNatsBus(server.url, 'test');
    closing.push(() => bus.close());
    return bus;
  };
}

let nowUs = START_US;

/** A studio on the bus with one relay of its own at `port`. */
async function studioOn(connect: () => Promise<Bus>, instance: string, port: number) {
  const bus = await connect();
  const homes = () => [{ id: 'home', host: '127.0.0.1', port, rooms: 0, players: 0 }];
  let directory: BusDirectory | null = null;
  const desk = new RelayDesk({
    tokenKey: KEY,
    nowUs: () => nowUs,
    homes,
    onPlace: (place) => directory?.tellPlace(place),
  });
  directory = new BusDirectory({ bus, desk, tokenKey: KEY, instance, homes, nowUs: () => nowUs });
  await bus.flush();
  return { bus, desk, directory };
}

/** Until everything that `bus` said has come to all: what it says last comes last. */
async function settled(bus: Bus, others: readonly Bus[]): Promise<void> {
  const heard = others.map(
    (other) => new Promise<void>((resolve) => void other.subscribe('settled', () => resolve())),
  );
  for (const other of others) await other.flush();
  bus.publish('settled', new Uint8Array());
  await Promise.all(heard);
}

const WORLDS = [
  { name: 'in memory', open: memoryWorld, isHere: true },
  {
    name: program === '' ? 'over NATS: skipped, no program nats-server is installed' : 'over NATS',
    open: natsWorld,
    isHere: program !== '',
  },
];

describe.each(WORLDS)('studios on one bus, $name', ({ open, isHere }) => {
  test.skipIf(!isHere)(
    'know each other’s relays and those elsewhere, and send players of a room to one place',
    async () => {
      const connect = await open();
      const east = await studioOn(connect, 'aaaaaaaa', 1000);
      const west = await studioOn(connect, 'bbbbbbbb', 2000);
      const attic = await connect();
      const beat = { id: 'attic', host: '10.0.0.9', port: 3000, atUs: nowUs, rooms: 0, players: 0 };
      publishBeat(attic, signHeartbeat(nodeHopCrypto, KEY, beat));
      publishBeat(attic, signHeartbeat(nodeHopCrypto, new Uint8Array(32), { ...beat, id: 'forged' }));
      attic.publish('jamnet.relay.beat', encodeUtf8('{"beat":'));
      await settled(attic, [east.bus, west.bus]);
      east.directory.beat();
      await settled(east.bus, [west.bus]);
      west.directory.beat();
      await settled(west.bus, [east.bus]);
      expect(east.desk.list().map(({ id, port }) => [id, port])).toEqual([
        ['attic', 3000],
        ['bbbbbbbb home', 2000],
        ['home', 1000],
      ]);
      expect(west.desk.list().map(({ id }) => id)).toEqual(['aaaaaaaa home', 'attic', 'home']);
      expect(
        east.desk.enter('blue', 'ada', { home: 100, attic: 90_000, 'bbbbbbbb home': 90_000 }),
      ).toMatchObject({
        value: { port: 1000 },
      });
      await settled(east.bus, [west.bus]);
      const lie = { room: 'blue', relay: 'attic', placedUs: START_US - 1 };
      const said = JSON.stringify({ place: lie, atUs: nowUs, mac: '0'.repeat(64) });
      attic.publish('jamnet.room.place', encodeUtf8(said));
      await settled(attic, [west.bus]);
      expect(west.desk.enter('blue', 'ben', { home: 100, 'aaaaaaaa home': 90_000 })).toMatchObject({
        value: { port: 1000 },
      });
    },
  );

  test.skipIf(!isHere)(
    'tell one that comes later where rooms live; and of two places at one time the earlier counts for all',
    async () => {
      const connect = await open();
      const east = await studioOn(connect, 'aaaaaaaa', 1000);
      expect(east.desk.enter('blue', 'ada', {}).ok).toBe(true);
      nowUs += 50_000;
      const west = await studioOn(connect, 'bbbbbbbb', 2000);
      // It opened the room too before it heard of the other.
      expect(west.desk.enter('blue', 'ben', {})).toMatchObject({ value: { port: 2000 } });
      east.directory.beat();
      for (const place of east.desk.places()) east.directory.tellPlace(place);
      await settled(east.bus, [west.bus]);
      await settled(west.bus, [east.bus]);
      for (const { desk } of [east, west])
        expect(desk.where('blue', 'ben', null)).toMatchObject({ value: { port: 1000 } });
    },
  );
});

test.skipIf(program === '')(
  'while NATS is away newcomers find rooms where they are, and afterwards also those that opened meanwhile',
  async () => {
    const first = await startNatsServer(program);
    const connect = async () => {
      const bus = await openNatsBus(first.url, 'test');
      closing.push(() => bus.close());
      return bus;
    };
    const east = await studioOn(connect, 'aaaaaaaa', 1000);
    const west = await studioOn(connect, 'bbbbbbbb', 2000);
    const beatAll = (): void => {
      for (const { directory } of [east, west]) directory.beat();
    };
    beatAll();
    await settled(east.bus, [west.bus]);
    await settled(west.bus, [east.bus]);
    expect(east.desk.enter('blue', 'ada', { home: 1, 'bbbbbbbb home': 90_000 })).toMatchObject({ ok: true });
    await settled(east.bus, [west.bus]);
    await first.stop();
    const away = async (milliseconds: number): Promise<void> => {
      for (let passed = 0; passed < milliseconds; passed += 200) {
        nowUs += 200_000;
        beatAll();
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await away(30_000);
    const far = { home: 90_000, 'aaaaaaaa home': 90_000 };
    expect(west.desk.enter('blue', 'ben', far)).toMatchObject({ value: { port: 1000 } });
    expect(west.desk.enter('green', 'ben', { home: 1, 'aaaaaaaa home': 90_000 })).toMatchObject({
      value: { port: 2000 },
    });
    const again = await startNatsServer(program, first.port);
    closing.push(() => again.stop());
    await expect
      .poll(() => [east, west].map(({ bus }) => bus.isConnected), { timeout: 20_000, interval: 100 })
      .toEqual([true, true]);
    for (let round = 0; round < 3; round++) {
      await away(200);
      await settled(east.bus, [west.bus]);
      await settled(west.bus, [east.bus]);
    }
    expect(east.desk.enter('green', 'cleo', { home: 1, 'bbbbbbbb home': 90_000 })).toMatchObject({
      value: { port: 2000 },
    });
    expect(west.desk.enter('blue', 'cleo', far)).toMatchObject({ value: { port: 1000 } });
  },
);
