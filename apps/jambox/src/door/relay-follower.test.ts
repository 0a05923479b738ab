import { expect, test } from 'vitest';
import { RelayFollower, type RelayPlace } from './relay-follower.ts';

const [EAST, WEST] = [1, 2].map((port) => ({ host: '127.0.0.1', port })) as [RelayPlace, RelayPlace];

/** A follower whose clock stands until `next` lets its timer ring; the door answers what `place` says. */
function following() {
  const world = {
    place: EAST as RelayPlace | null,
    asked: [] as (RelayPlace | null)[],
    moves: [] as RelayPlace[],
    waits: [] as number[],
    next: async () => {
      pending?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  let pending: (() => void) | null = null;
  const follower = new RelayFollower(EAST, {
    ask: async (silent) => {
      world.asked.push(silent);
      return world.place;
    },
    onMove: (place) => world.moves.push(place),
    setTimer: (run, ms) => {
      world.waits.push(ms);
      pending = run;
      return () => {
        if (pending === run) pending = null;
      };
    },
  });
  return { world, follower };
}

test('a silent relay makes it ask at once and again ten times a second, until the room is elsewhere', async () => {
  const { world, follower } = following();
  world.place = null;
  follower.silent();
  await world.next();
  await world.next();
  world.place = WEST;
  await world.next();
  expect(world.asked).toEqual([EAST, EAST, EAST]);
  expect(world.moves).toEqual([WEST]);
  expect(world.waits).toEqual([5000, 0, 100, 100, 5000]);
});

test('a relay that is heard again is asked about no more often than before', async () => {
  const { world, follower } = following();
  follower.silent();
  follower.heard();
  await world.next();
  expect([world.asked, world.moves, world.waits.at(-1)]).toEqual([[null], [], 5000]);
});

test('a room that was moved while its old relay still answers is followed too', async () => {
  const { world } = following();
  world.place = WEST;
  await world.next();
  expect([world.asked, world.moves]).toEqual([[null], [WEST]]);
});

test('after its end it neither asks nor moves, even when an answer was under way', async () => {
  const { world, follower } = following();
  world.place = WEST;
  const answered = world.next();
  follower.close();
  await answered;
  follower.silent();
  await world.next();
  expect([world.asked.length, world.moves]).toEqual([1, []]);
});
