import { expect, test } from 'vitest';
import { SmallRoom } from '../testing/small-room.ts';
import { STALL_US_MAX, STANDING_AFTER_US, STANDING_US, StandingQueue } from './standing-queue.ts';

function roomOf(players: readonly string[]): SmallRoom {
  const room = new SmallRoom();
  for (const player of players) room.add(player);
  room.run(400_000);
  return room;
}

function soundOf(room: SmallRoom, address: string): Uint8Array {
  const peer = room.peers.get(address);
  peer?.sendAudio(room.nowUs, new Int16Array(64), 0);
  const sent = peer?.outgoing.shift();
  if (sent === undefined) throw new Error('nothing sent');
  return sent.bytes;
}

test("a member's sound goes on to where the others are now: also after one came, one moved and one left", () => {
  const room = roomOf(['ada', 'ben', 'cyd']);
  const listeners = () => [...room.relay.route(room.nowUs, '10.0.0.1:5', soundOf(room, '10.0.0.1:5'), 0)];
  expect(listeners()).toEqual(['10.0.0.2:5', '10.0.0.3:5']);
  room.add('dan');
  room.run(100_000);
  expect(listeners()).toEqual(['10.0.0.2:5', '10.0.0.3:5', '10.0.0.4:5']);
  const ben = room.peers.get('10.0.0.2:5');
  if (ben === undefined) throw new Error('no ben');
  room.peers.delete('10.0.0.2:5');
  room.peers.set('10.9.9.9:7', ben);
  room.run(2_000_000);
  expect(listeners()).toEqual(['10.9.9.9:7', '10.0.0.3:5', '10.0.0.4:5']);
  room.peers.get('10.0.0.3:5')?.leave(room.nowUs);
  room.run(100_000);
  expect(listeners()).toEqual(['10.9.9.9:7', '10.0.0.4:5']);
  expect(room.relay.outgoing.length).toBe(0);
});

test('sound that lay unread for too long goes nowhere and is counted; what keeps the member in the room is still read', () => {
  const room = roomOf(['ada', 'ben']);
  expect(room.relay.route(room.nowUs, '10.0.0.1:5', soundOf(room, '10.0.0.1:5'), STALL_US_MAX + 1)).toEqual(
    [],
  );
  expect(room.relay.counters.stale).toBe(1);
  const ada = room.peers.get('10.0.0.1:5');
  for (let us = 0; us < 1_000_000; us += 50_000) ada?.tick(room.nowUs + us);
  for (let next = ada?.outgoing.shift(); next !== undefined; next = ada?.outgoing.shift())
    room.relay.route(room.nowUs, '10.0.0.1:5', next.bytes, 10 * STALL_US_MAX);
  expect(room.relay.outgoing.length).toBeGreaterThan(0);
  expect(room.relay.counters).toMatchObject({ stale: 1 });
});

test('a stall is forgiven up to its limit, and the queue that it leaves is read out', () => {
  const queue = new StandingQueue();
  let stale = 0;
  for (let i = 0; i < 1000; i++) if (queue.isStale(i * 100, 100)) stale++;
  for (let waited = STALL_US_MAX; waited > 0; waited -= 50)
    if (queue.isStale(120_000 + (STALL_US_MAX - waited) / 4, waited)) stale++;
  expect(stale).toBe(0);
  expect(queue.isStale(200_000, STALL_US_MAX + 1)).toBe(true);
});

/** A relay that needs `serviceUs` for what comes every `everyUs`: the longest wait after the first second, and what was dropped. */
function overload(serviceUs: number, everyUs: number): { waitedUsMax: number; droppedShare: number } {
  const queue = new StandingQueue();
  const dropUs = 1;
  let [freeUs, dropped, waitedUsMax] = [0, 0, 0];
  const packets = 5e6 / everyUs;
  for (let i = 0; i < packets; i++) {
    const cameUs = i * everyUs;
    const startUs = Math.max(freeUs, cameUs);
    const isStale = queue.isStale(startUs, startUs - cameUs);
    if (isStale) dropped++;
    else if (cameUs > 1e6) waitedUsMax = Math.max(waitedUsMax, startUs - cameUs);
    freeUs = startUs + (isStale ? dropUs : serviceUs);
  }
  return { waitedUsMax, droppedShare: dropped / packets };
}

test('under lasting overload the oldest are dropped, no more than must be, and the delay stays short', () => {
  const { waitedUsMax, droppedShare } = overload(120, 100);
  expect(waitedUsMax).toBeLessThanOrEqual(STANDING_US);
  expect(droppedShare).toBeGreaterThan(0.16);
  expect(droppedShare).toBeLessThan(0.19);
  expect(overload(99, 100)).toEqual({ waitedUsMax: 0, droppedShare: 0 });
});

test('a queue that empties now and then is no overload, however often it fills', () => {
  const queue = new StandingQueue();
  for (let us = 0; us < 5e6; us += STANDING_AFTER_US / 2) {
    expect(queue.isStale(us, STALL_US_MAX)).toBe(false);
    expect(queue.isStale(us + 1000, 0)).toBe(false);
  }
});

/** What was dropped of what waited `waitedUs(us)`, read every 100 µs from `fromUs` on for `forUs`. */
function dropped(
  queue: StandingQueue,
  fromUs: number,
  forUs: number,
  waitedUs: (us: number) => number,
): number {
  let count = 0;
  for (let us = 0; us < forUs; us += 100) if (queue.isStale(fromUs + us, waitedUs(us))) count++;
  return count;
}

test('a stall longer than overload takes to show is still a stall: what waits shortly afterwards goes on', () => {
  const queue = new StandingQueue();
  expect(dropped(queue, 0, 100_000, () => 100)).toBe(0);
  // For 300 ms nothing is read; then the backlog, of which what is too old goes.
  expect(dropped(queue, 400_000, 60_000, (us) => 300_000 - 5 * us)).toBeGreaterThan(0);
  expect(dropped(queue, 460_000, 50_000, () => STANDING_US + 1000)).toBe(0);
});

test('after overload stalls of the machine do not keep the short limit for ever', () => {
  const queue = new StandingQueue();
  const stalls = (us: number): number => (us % 30_000 < 1000 ? STANDING_US + 1000 : 100);
  expect(dropped(queue, 0, 300_000, () => STANDING_US + 1)).toBeGreaterThan(1500);
  expect(dropped(queue, 300_000, 900_000, stalls)).toBeGreaterThan(0);
  expect(dropped(queue, 1_400_000, 900_000, stalls)).toBe(0);
});
