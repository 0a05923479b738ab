import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canPunch, MAPPINGS_MAX, NAT_KINDS, NatBox, type NatKind } from './nat-box.ts';
import { NatRoom, type NatRoomOptions } from './nat-room.ts';

const RELAY = '198.51.100.1:9000';
/** When everybody plays and paths have been looked for. */
const SETTLED_US = 2_000_000;

function roomOf(kinds: readonly NatKind[], changes: Partial<NatRoomOptions> = {}): NatRoom {
  const boxes = kinds.map((kind, box) => ({ kind, box }));
  return new NatRoom({ seed: kinds.join(), boxes, toRelayUs: 8_000, straightUs: 10_000, ...changes });
}

/** Plays to `us` and answers how many packets anybody missed. */
function missedUntil(room: NatRoom, us: number): number {
  room.takeHeard();
  room.runUntil(us);
  const heard = [...room.takeHeard().values()];
  const players = room.sessions.length;
  expect(heard.length).toBe(players * (players - 1));
  expect(Math.min(...heard.map((each) => each.packets))).toBeGreaterThan(50);
  return heard.reduce((sum, each) => sum + each.missing, 0);
}

/** Packets that came twice: only while the relay does not know yet who knows its room. */
function replayedIn(room: NatRoom): number {
  return room.sessions.reduce((sum, { counters }) => sum + counters.replayed, 0);
}

function pathsOf(room: NatRoom): string[] {
  return [...room.ways()].map(([link, way]) => `${link} ${way.path}`);
}

const PAIRS = NAT_KINDS.flatMap((a, i) => NAT_KINDS.slice(i).map((b) => [a, b] as const));

test.each(PAIRS)('%s and %s hear every packet, straight where a rendezvous is enough', (a, b) => {
  const room = roomOf([a, b]);
  room.runUntil(SETTLED_US);
  expect(missedUntil(room, SETTLED_US + 500_000)).toBe(0);
  const path = canPunch(a, b) ? 'direct' : 'relay';
  expect(pathsOf(room)).toEqual([`player 0>player 1 ${path}`, `player 1>player 0 ${path}`]);
  for (const { counters } of room.sessions)
    expect(counters).toMatchObject({ forged: 0, replayed: 0, probesForged: 0, probesReplayed: 0 });
});

test('two in one house find each other on their own network, whatever stands before it', () => {
  const boxes = [
    { kind: 'symmetric', box: 0 },
    { kind: 'symmetric', box: 0 },
  ] as const;
  const room = roomOf([], { boxes });
  room.runUntil(SETTLED_US);
  expect(missedUntil(room, SETTLED_US + 300_000)).toBe(0);
  for (const way of room.ways().values())
    expect(way).toMatchObject({ path: 'direct', via: 'host', directTripUs: 400 });
});

test('a straight way that is longer than the one over the relay is not taken', () => {
  const room = roomOf(['none', 'full-cone'], { straightUs: 20_000 });
  room.runUntil(SETTLED_US);
  expect(missedUntil(room, SETTLED_US + 300_000)).toBe(0);
  for (const way of room.ways().values())
    expect(way).toMatchObject({ path: 'relay', directTripUs: 40_000, relayTripUs: 32_000 });
});

test('rooms of any players hear every packet once, straight or not, and after restarts and new ports again within a second', () => {
  const room = fc.record({
    kinds: fc.array(fc.constantFrom(...NAT_KINDS), { minLength: 2, maxLength: 4 }),
    seed: fc.string({ minLength: 1, maxLength: 8 }),
    fault: fc.constantFrom('relay restarts', 'ports change', 'straight ways close'),
    toRelayUs: fc.integer({ min: 500, max: 20_000 }),
  });
  fc.assert(
    fc.property(room, ({ kinds, seed, fault, toRelayUs }) => {
      const play = roomOf(kinds, { seed, toRelayUs, straightUs: toRelayUs });
      play.runUntil(SETTLED_US);
      expect(missedUntil(play, SETTLED_US + 200_000)).toBe(0);
      if (fault === 'relay restarts') play.restartRelay();
      else if (fault === 'ports change') play.rebind(0);
      else play.cutStraight(true);
      play.runUntil(SETTLED_US + 1_300_000);
      const before = replayedIn(play);
      expect(missedUntil(play, SETTLED_US + 1_500_000)).toBe(0);
      expect(replayedIn(play)).toBe(before);
    }),
    { numRuns: 12 },
  );
});

test('a relay that restarts takes nothing from those who hear each other straight', () => {
  const room = roomOf(['full-cone', 'none', 'port-restricted']);
  room.runUntil(SETTLED_US);
  room.restartRelay();
  expect(missedUntil(room, SETTLED_US + 2_000_000)).toBe(0);
});

test('who loses the straight way misses at most what lies within the limit of silence', () => {
  const room = roomOf(['none', 'none']);
  room.runUntil(SETTLED_US);
  room.cutStraight(true);
  // 150 ms and the ways are 64 packets of 128 frames, to either side.
  expect(missedUntil(room, SETTLED_US + 800_000)).toBeLessThan(2 * 66);
  room.cutStraight(false);
  expect(missedUntil(room, SETTLED_US + 3_000_000)).toBe(0);
  expect(pathsOf(room)).toEqual(['player 0>player 1 direct', 'player 1>player 0 direct']);
});

test('a box filters and maps as its kind says, forgets what is idle, and keeps its bound', () => {
  const box = new NatBox('port-restricted', '203.0.113.9', RELAY);
  const outside = box.out(0, '10.0.0.2:5', '192.0.2.1:7') ?? '';
  expect(box.out(0, '10.0.0.2:5', '192.0.2.2:7')).toBe(outside);
  expect(box.in(0, '192.0.2.1:8', outside)).toBeNull();
  expect(box.in(0, '192.0.2.1:7', outside)).toBe('10.0.0.2:5');
  expect(box.in(31_000_000, '192.0.2.1:7', outside)).toBeNull();
  const symmetric = new NatBox('symmetric', '203.0.113.9', RELAY);
  for (let port = 1; port <= MAPPINGS_MAX; port++)
    expect(symmetric.out(0, '10.0.0.2:5', `192.0.2.1:${port}`)).not.toBeNull();
  expect(symmetric.out(0, '10.0.0.2:5', '192.0.2.9:9')).toBeNull();
  expect(symmetric.mappings).toBe(MAPPINGS_MAX);
});
