import { ok, refuse } from '@jamnet/base';
import { expect, test } from 'vitest';
import { ROOM_TAKE_LIMITS, RoomTakes } from './room-takes.ts';

function desk() {
  const clock = { us: 1_000 };
  const takes = new RoomTakes({
    readTicket: (ticket) =>
      ticket === 'good' ? ok({ room: 'attic', player: 'Ada', expiresAtUs: 1 }) : refuse('token-forged', 'no'),
    ofRoom: () => [],
    nowUs: () => clock.us,
  });
  return { takes, clock };
}

const ADA = { room: 'attic', player: 'Ada' };
const BO = { room: 'attic', player: 'Bo' };

test('a guest is whoever holds a ticket of the room', () => {
  const { takes } = desk();
  expect(takes.guest('good')).toEqual(ok(ADA));
  expect(takes.guest('bad')).toMatchObject({ code: 'token-forged' });
});

test('one begins a recording, all see it, anybody ends it', () => {
  const { takes } = desk();
  expect(takes.look(BO).recording).toBeNull();
  expect(takes.record(ADA, true)).toEqual({ by: 'Ada', sinceUs: 1_000 });
  expect(takes.record(BO, true)).toEqual({ by: 'Ada', sinceUs: 1_000 });
  expect(takes.look(BO).recording).toEqual({ by: 'Ada', sinceUs: 1_000 });
  expect(takes.look({ room: 'cellar', player: 'Cy' }).recording).toBeNull();
  expect(takes.record(BO, false)).toBeNull();
  expect(takes.look(ADA).recording).toBeNull();
});

test('a recording ends when whoever began it is gone, and not while he asks', () => {
  const { takes, clock } = desk();
  takes.record(ADA, true);
  for (let i = 0; i < 10; i++) {
    clock.us += ROOM_TAKE_LIMITS.silentUs;
    expect(takes.look(ADA).recording).not.toBeNull();
  }
  clock.us += ROOM_TAKE_LIMITS.silentUs;
  expect(takes.look(BO).recording).not.toBeNull();
  clock.us += 1;
  expect(takes.look(BO).recording).toBeNull();
});

test('a room sends up to a number of chunks at once, another is not hindered by it, and waiting helps', () => {
  const { takes, clock } = desk();
  for (let i = 0; i < ROOM_TAKE_LIMITS.chunksBurst; i++) expect(takes.maySend(ADA).ok).toBe(true);
  expect(takes.maySend(BO)).toMatchObject({ code: 'room-sends-too-much' });
  expect(takes.maySend({ room: 'cellar', player: 'Cy' }).ok).toBe(true);
  clock.us += 1e6;
  expect(takes.maySend(BO).ok).toBe(true);
});

test('rooms beyond the limit push out the oldest', () => {
  const { takes } = desk();
  takes.record(ADA, true);
  for (let i = 0; i < ROOM_TAKE_LIMITS.rooms; i++) takes.record({ room: `r${i}`, player: 'x' }, true);
  expect(takes.look(BO).recording).toBeNull();
  expect(takes.look({ room: 'r1', player: 'y' }).recording).not.toBeNull();
});
