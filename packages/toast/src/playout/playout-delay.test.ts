import { expect, test } from 'vitest';
import { PlayoutDelay } from './playout-delay.ts';

const PACKET_US = (128 / 48_000) * 1e6;

function observe(delay: PlayoutDelay, packets: number, latenessPackets: number, wasLate: boolean): void {
  for (let i = 0; i < packets; i++) delay.observe(latenessPackets * PACKET_US, wasLate);
}

test('the delay grows to what late packets need when they are more than a few', () => {
  const delay = new PlayoutDelay({ packetFrames: 128, reach: 0 });
  observe(delay, 1000, 1.2, false);
  expect(delay.packets).toBe(2);
  delay.observe(9.5 * PACKET_US, true);
  expect(delay.packets).toBe(2);
  observe(delay, 4, 4.5, true);
  expect(delay.packets).toBe(5);
});

test('packets that the ear misses although the clock calls them in time make the delay longer, for good', () => {
  const delay = new PlayoutDelay({ packetFrames: 128, reach: 0 });
  observe(delay, 7, 1.9, true);
  observe(delay, 1, 1.9, false);
  observe(delay, 7, 1.9, true);
  expect(delay.packets).toBe(2);
  delay.observe(1.9 * PACKET_US, true);
  expect(delay.packets).toBe(3);
  // A card that lies a packet before the room's clock still does when all is quiet.
  observe(delay, 20_000, 1.2, false);
  expect(delay.packets).toBe(3);
});

test('a fixed delay and the longest one stay what they are', () => {
  const fixed = new PlayoutDelay({ packetFrames: 128, reach: 0, fixedMs: 5 });
  observe(fixed, 100, 4, true);
  expect(fixed.packets).toBe(2);
  const delay = new PlayoutDelay({ packetFrames: 128, reach: 0 });
  observe(delay, 2000, 1.5, true);
  expect(delay.packets).toBe(75);
});
