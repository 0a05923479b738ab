import type { LinkReport, RoomReport } from '@jamnet/toast';
import { expect, test } from 'vitest';
import { SteadyAdvice } from './steady-advice.ts';

const GOOD: LinkReport = {
  from: 'Ada',
  to: 'Bo',
  inputUs: 2_000,
  packetUs: 1_333,
  networkUs: 5_000,
  bufferUs: 3_000,
  outputUs: 2_000,
  lossShare: 0,
  burstDatagrams: 1,
  lateUsP50: 100,
  lateUsP99: 500,
  lateUsP999: 900,
  recoveredShare: 0,
  concealedShare: 0,
  lateShare: 0,
  clockErrorUs: 100,
  driftPpm: 3,
};

const room = (...links: Partial<LinkReport>[]): RoomReport => ({
  links: links.map((changes) => ({ ...GOOD, ...changes })),
});

function looks(board: SteadyAdvice, report: RoomReport, count: number) {
  let shown = board.look(report);
  for (let i = 1; i < count; i++) shown = board.look(report);
  return shown.map(({ code, player }) => `${code} ${player}`);
}

test('a room in which all is well gets no advice', () => {
  expect(looks(new SteadyAdvice(), room({}), 100)).toEqual([]);
});

test('advice is shown once it has held for a while, stays through a moment without it, and goes', () => {
  const board = new SteadyAdvice();
  const slow = room({ inputUs: 20_000 });
  expect(looks(board, slow, 19)).toEqual([]);
  expect(looks(board, slow, 1)).toEqual(['driver-slow Ada']);
  looks(board, slow, 20);
  expect(looks(board, room({}), 3)).toEqual(['driver-slow Ada']);
  expect(looks(board, room({}), 40)).toEqual([]);
});

test('three pieces are shown at most, in the order in which they help, with the figures of now', () => {
  const board = new SteadyAdvice();
  const bad = { inputUs: 20_000, outputUs: 30_000, driftPpm: 900, networkUs: 60_000 };
  expect(looks(board, room(bad), 30)).toEqual(['driver-slow Ada', 'driver-slow Bo', 'far-apart Bo']);
  expect(board.look(room({ ...bad, inputUs: 25_000 }))[0]?.sentence).toContain('25.0 ms');
});

test('a room of more players than there may be does not grow what is kept in mind', () => {
  const board = new SteadyAdvice();
  const crowd = room(...Array.from({ length: 300 }, (_, i) => ({ from: `p${i}`, inputUs: 20_000 })));
  expect(looks(board, crowd, 30)).toEqual(['driver-slow p0', 'driver-slow p1', 'driver-slow p2']);
  // While the crowd is there nobody else finds a place, and once it has gone there is one again.
  expect(looks(board, room({ inputUs: 20_000 }), 19)).not.toContain('driver-slow Ada');
  expect(looks(board, room({ inputUs: 20_000 }), 60)).toEqual(['driver-slow Ada']);
});
