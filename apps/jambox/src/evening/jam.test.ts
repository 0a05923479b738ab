import { expect, test } from 'vitest';
import { eveningOptions } from '../testing/evening-options.ts';
import { VirtualEvening } from '../testing/virtual-evening.ts';

const FRAMES = 128;

/** Ada and Ben with so many seconds to play each. */
function pair(seconds: number) {
  const room = new VirtualEvening({ seed: 'relay', wayUs: 2_000, jitterUs: 0, loss: 0 });
  const input = new Array<Int16Array>((seconds * 48_000) / FRAMES).fill(new Int16Array(FRAMES).fill(99));
  const jams = ['ada', 'ben'].map((player) => room.add({ options: eveningOptions(player), input }));
  return { room, jams };
}

test('a player whose relay dies says so, and keeps what was heard until then', () => {
  const { room, jams } = pair(60);
  room.run(3);
  room.isRelayDead = true;
  room.run(30);
  for (const jam of jams) {
    expect(jam.isRelayLost).toBe(true);
    expect(jam.heard[0]?.tally().packets).toBeGreaterThan(700);
  }
});

test('an evening that was played to its end lost no relay', () => {
  const { room, jams } = pair(2);
  room.run(10);
  for (const jam of jams) {
    expect(jam.isRelayLost).toBe(false);
    expect(jam.heard[0]?.tally().packets).toBe((2 * 48_000) / FRAMES);
  }
});
