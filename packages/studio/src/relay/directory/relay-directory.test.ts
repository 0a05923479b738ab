import { expect, test } from 'vitest';
import { nodeHopCrypto } from '../node-hop-crypto.ts';
import { checkHeartbeat, HEARTBEAT_AGE_US_MAX, type Heartbeat, signHeartbeat } from './heartbeat.ts';
import {
  DOUBTED_SILENCE_US_MAX,
  MEMBERS_MEASURED_MAX,
  RELAY_SILENCE_US_MAX,
  RELAYS_MAX,
  RelayDirectory,
  ROOMS_PLACED_MAX,
} from './relay-directory.ts';

const NOW_US = 1_700_000_000_000_000;
const KEY = new Uint8Array(32).fill(5);

function beatOf(id: string, changes: Partial<Heartbeat> = {}): Heartbeat {
  return { id, host: '127.0.0.1', port: 9000, atUs: NOW_US, rooms: 0, players: 0, ...changes };
}

function directoryOf(...ids: readonly string[]): RelayDirectory {
  const directory = new RelayDirectory();
  for (const id of ids) directory.heard(NOW_US, beatOf(id));
  return directory;
}

function relayOf(
  directory: RelayDirectory,
  room: string,
  player: string,
  delays = {},
  nowUs = NOW_US,
): string {
  const placed = directory.enter(nowUs, room, player, delays);
  return placed.ok ? `${placed.value.relay.id}${placed.value.hasMoved ? ' moved' : ''}` : placed.code;
}

test('a room opens where the first to come hears the relay soonest, and later ones go where it lives', () => {
  const directory = directoryOf('east', 'west');
  expect(directory.isPlaced(NOW_US, 'attic')).toBe(false);
  expect(relayOf(directory, 'attic', 'ada', { east: 30_000, west: 9_000 })).toBe('west');
  expect(directory.isPlaced(NOW_US, 'attic')).toBe(true);
  expect(relayOf(directory, 'attic', 'ben', { east: 1_000, west: 80_000 })).toBe('west');
});

test('when its relay is gone the room moves to where the worst delay of all its members is least', () => {
  const directory = directoryOf('east', 'north', 'west');
  relayOf(directory, 'attic', 'ada', { east: 20_000, north: 12_000, west: 1_000 });
  relayOf(directory, 'attic', 'ben', { east: 25_000, north: 40_000, west: 2_000 });
  directory.gone('west');
  expect(relayOf(directory, 'attic', 'ada')).toBe('east moved');
  // Whoever returns without having measured anew says nothing against it.
  expect(relayOf(directory, 'attic', 'ben', { east: 25_000, north: 40_000 })).toBe('east');
});

test('a relay that no member reached is the last choice, and without measures the one with fewest players is taken', () => {
  const directory = directoryOf('east', 'west');
  expect(relayOf(directory, 'attic', 'ada', { west: 90_000 })).toBe('west');
  directory.heard(NOW_US + 1, beatOf('east', { atUs: NOW_US + 1, players: 3, rooms: 1 }));
  expect(relayOf(directory, 'cellar', 'ben')).toBe('west');
});

test('a relay that falls silent is gone, and with none left nobody enters', () => {
  const directory = directoryOf('east', 'west');
  relayOf(directory, 'attic', 'ada', { east: 1, west: 2 });
  const laterUs = NOW_US + RELAY_SILENCE_US_MAX;
  directory.heard(laterUs, beatOf('west', { atUs: laterUs }));
  expect(directory.relays(laterUs + 1).map((row) => row.id)).toEqual(['west']);
  expect(relayOf(directory, 'attic', 'ada', {}, laterUs + 1)).toBe('west moved');
  expect(relayOf(directory, 'attic', 'ada', {}, laterUs + RELAY_SILENCE_US_MAX + 1)).toBe(
    'relay-not-running',
  );
});

test('while nobody can be heard no relay is gone, and afterwards each has its time to be heard again', () => {
  const directory = directoryOf('east', 'west');
  relayOf(directory, 'attic', 'ada', { east: 90_000, west: 1 });
  const endUs = NOW_US + 30_000_000;
  for (let atUs = NOW_US; atUs <= endUs; atUs += 200_000) directory.unheard(atUs);
  // East is heard first again: the room stays where its members play.
  directory.heard(endUs + 100_000, beatOf('east', { atUs: endUs + 100_000 }));
  expect(relayOf(directory, 'attic', 'ben', {}, endUs + 150_000)).toBe('west');
  const silentUs = endUs + RELAY_SILENCE_US_MAX;
  directory.heard(silentUs, beatOf('east', { atUs: silentUs }));
  expect(relayOf(directory, 'attic', 'ben', {}, silentUs + 1)).toBe('east moved');
});

test('who has just come learns where rooms live before it hears their relays, and keeps it', () => {
  const directory = new RelayDirectory();
  directory.adopt(NOW_US, { room: 'attic', relay: 'west', placedUs: NOW_US - 5 });
  expect(relayOf(directory, 'attic', 'ada')).toBe('relay-not-running');
  for (const id of ['east', 'west']) directory.heard(NOW_US, beatOf(id));
  expect(relayOf(directory, 'attic', 'ada', { east: 1, west: 90_000 })).toBe('west');
  // A place on a relay that nobody here hears does not undo one that is good.
  directory.adopt(NOW_US, { room: 'attic', relay: 'nowhere', placedUs: NOW_US - 9 });
  expect(relayOf(directory, 'attic', 'ben')).toBe('west');
});

test('places that are told to it have the limit of places', () => {
  const directory = new RelayDirectory();
  for (let i = 0; i <= ROOMS_PLACED_MAX; i++)
    directory.adopt(NOW_US, { room: `room ${i}`, relay: 'west', placedUs: NOW_US });
  directory.heard(NOW_US, beatOf('west'));
  expect(directory.places()).toHaveLength(ROOMS_PLACED_MAX);
  expect(directory.places().some(({ room }) => room === 'room 0')).toBe(false);
});

test('a room that emptied a while ago opens anew where it suits those who come then', () => {
  const directory = directoryOf('east', 'west');
  relayOf(directory, 'attic', 'ada', { east: 1, west: 2 });
  const laterUs = NOW_US + 61_000_000;
  for (const id of ['east', 'west']) directory.heard(laterUs, beatOf(id, { atUs: laterUs }));
  expect(relayOf(directory, 'attic', 'ben', { east: 2, west: 1 }, laterUs)).toBe('west');
});

test('relays, rooms and measures keep their limits', () => {
  const directory = new RelayDirectory();
  for (let i = 0; i < RELAYS_MAX; i++) expect(directory.heard(NOW_US, beatOf(`r${i}`)).ok).toBe(true);
  expect(directory.heard(NOW_US, beatOf('one more'))).toMatchObject({ code: 'relays-full' });
  for (let i = 0; i <= ROOMS_PLACED_MAX; i++) relayOf(directory, `room ${i}`, 'ada');
  expect(directory.isPlaced(NOW_US, 'room 0')).toBe(false);
  expect(directory.isPlaced(NOW_US, 'room 1')).toBe(true);
  // The seventeenth measure drives out the first, which alone spoke against r0.
  const small = directoryOf('r0', 'r1', 'r2');
  relayOf(small, 'attic', 'first', { r0: 900_000, r1: 1, r2: 30 });
  for (let i = 0; i < MEMBERS_MEASURED_MAX; i++) relayOf(small, 'attic', `p${i}`, { r0: 10, r1: 1, r2: 20 });
  small.gone('r1');
  expect(relayOf(small, 'attic', 'p1', { r0: 10, r2: 20 })).toBe('r0 moved');
});

test('only numbers for relays that there are count as measures', () => {
  const directory = directoryOf('east', 'west');
  const odd = { east: Number.NaN, west: -5, ['__proto__']: 1, nowhere: 1 };
  expect(relayOf(directory, 'attic', 'ada', odd)).toBe('east');
});

test.each([
  ['of another studio', { key: new Uint8Array(32).fill(6) }, 'heartbeat-forged'],
  ['changed under way', { sent: { port: 9001 } }, 'heartbeat-forged'],
  ['without a name', { written: { id: '' } }, 'heartbeat-malformed'],
  ['with a host that is none', { written: { host: 'a b' } }, 'heartbeat-malformed'],
  ['with port 0', { written: { port: 0 } }, 'heartbeat-malformed'],
  ['with half a player', { sent: { players: 0.5 } }, 'heartbeat-malformed'],
  ['from another time', { written: { atUs: NOW_US - HEARTBEAT_AGE_US_MAX - 1 } }, 'heartbeat-stale'],
] as const)(
  'a heartbeat %s is refused',
  (_, {
    key = KEY,
    written = {},
    sent = {},
  }: { key?: Uint8Array; written?: Partial<Heartbeat>; sent?: Partial<Heartbeat> }, code) => {
    const signed = signHeartbeat(nodeHopCrypto, key, beatOf('east', written));
    const arrived = { ...signed, beat: { ...signed.beat, ...sent } };
    expect(checkHeartbeat(nodeHopCrypto, KEY, arrived, NOW_US)).toMatchObject({ ok: false, code });
  },
);

test('a heartbeat is taken once', () => {
  const directory = directoryOf('east');
  expect(directory.heard(NOW_US + 5, beatOf('east'))).toMatchObject({ code: 'heartbeat-stale' });
  expect(
    checkHeartbeat(nodeHopCrypto, KEY, signHeartbeat(nodeHopCrypto, KEY, beatOf('east')), NOW_US),
  ).toEqual({
    ok: true,
    value: beatOf('east'),
  });
});

test('of relays about equally near the one with fewest players opens the room, and rooms just placed there count at once', () => {
  const directory = directoryOf('east', 'west');
  const near = { east: 10_200, west: 10_900 };
  expect(relayOf(directory, 'attic', 'ada', near)).toBe('east');
  expect(relayOf(directory, 'cellar', 'ben', near)).toBe('west');
  directory.heard(NOW_US + 1, beatOf('east', { atUs: NOW_US + 1, players: 9, rooms: 1 }));
  for (const room of ['garden', 'garage']) expect(relayOf(directory, room, 'cyd', near)).toBe('west');
  expect(relayOf(directory, 'far', 'dot', { east: 10_000, west: 12_000 })).toBe('east');
});

test('a relay that a member does not hear is gone once some of its beats are missing, and not before', () => {
  const directory = directoryOf('east');
  directory.heard(NOW_US, beatOf('west', { port: 9001, players: 1 }));
  relayOf(directory, 'attic', 'ada', { east: 1_000 });
  const justUs = NOW_US + DOUBTED_SILENCE_US_MAX;
  directory.doubt(justUs, '127.0.0.1', 9000);
  expect(relayOf(directory, 'attic', 'ada', {}, justUs)).toBe('east');
  directory.doubt(justUs + 1, '127.0.0.1', 8999);
  expect(relayOf(directory, 'attic', 'ada', {}, justUs + 1)).toBe('east');
  directory.doubt(justUs + 1, '127.0.0.1', 9000);
  expect(relayOf(directory, 'attic', 'ada', {}, justUs + 1)).toBe('west moved');
});

test('of two places that studios chose at one time the earlier holds, and a place on a relay that is not known is none', () => {
  const directory = directoryOf('east', 'west');
  relayOf(directory, 'attic', 'ada', { east: 1_000, west: 9_000 }, NOW_US + 10);
  directory.adopt(NOW_US + 20, { room: 'attic', relay: 'west', placedUs: NOW_US + 11 });
  directory.adopt(NOW_US + 20, { room: 'attic', relay: 'nowhere', placedUs: NOW_US });
  expect(relayOf(directory, 'attic', 'ben')).toBe('east');
  directory.adopt(NOW_US + 20, { room: 'attic', relay: 'west', placedUs: NOW_US + 9 });
  expect(relayOf(directory, 'attic', 'ben')).toBe('west');
  expect(directory.places()).toEqual([{ room: 'attic', relay: 'west', placedUs: NOW_US + 9 }]);
});
