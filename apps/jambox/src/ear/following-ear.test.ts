import { expect, test } from 'vitest';
import type { Jam } from '../evening/jam.ts';
import { makePlayerKeys, nodeIdentity } from '../identity/node-identity.ts';
import { eveningOptions } from '../testing/evening-options.ts';
import { toneBlocks, wobbleCents } from '../testing/tone-blocks.ts';
import { VirtualEvening } from '../testing/virtual-evening.ts';

const FRAMES = 128;
const SECONDS = 36;
const SETTLED_SECONDS = 26;
const PLAYER = {
  inputWav: '',
  redundancyOffsets: [1, 2],
  consent: { record: true, train: false, strangers: false },
};

function tonePackets(hz: number, seconds: number): Int16Array[] {
  return Array.from({ length: Math.ceil((seconds * 48_000) / FRAMES) }, (_, packet) =>
    Int16Array.from({ length: FRAMES }, (__, i) =>
      Math.round(29_000 * Math.sin((2 * Math.PI * hz * (packet * FRAMES + i)) / 48_000)),
    ),
  );
}

function heardBy(jam: Jam) {
  const heard = jam.heard[0];
  if (heard === undefined) throw new Error('nobody heard');
  return heard;
}

test('two cards 600 ppm apart hear each other without wobble, click or growing delay, and keep exact takes', () => {
  const evening = new VirtualEvening({ seed: 'drift', wayUs: 4_000, jitterUs: 300, loss: 0 });
  const inputs = { ada: tonePackets(997, SECONDS), ben: tonePackets(787, SECONDS) };
  const players = { ada: { cardPpm: 300 }, ben: { cardPpm: -300, cardPhaseUs: 700 } };
  const changes = () => ({ identity: nodeIdentity(makePlayerKeys()), adaptWithin: 4.2 });
  const ada = evening.add({
    options: eveningOptions('ada', { ...PLAYER, ...players.ada }),
    input: inputs.ada,
    changes: changes(),
  });
  const ben = evening.add({
    options: eveningOptions('ben', { ...PLAYER, ...players.ben }),
    input: inputs.ben,
    changes: changes(),
  });
  evening.run(SECONDS + 10);
  for (const [jam, hz, input, drift] of [
    [ada, 787, inputs.ben, -600],
    [ben, 997, inputs.ada, 600],
  ] as const) {
    const heard = heardBy(jam);
    expect(heard.receiver.driftPpm).toBeCloseTo(drift, -1.3);
    const sound = heard.heardPcm().subarray(SETTLED_SECONDS * 48_000, -9_600);
    expect(sound.length).toBeGreaterThan(9 * 48_000);
    expect(wobbleCents(toneBlocks(sound, hz))).toBeLessThan(0.1);
    expect(Math.max(...toneBlocks(sound, hz, 1200).map((block) => block.residualDb))).toBeLessThan(-85);
    // Its own packet, the way, one period, the resampler, and a buffer that shrinks from 8 ms to what 0.3 ms of jitter need.
    expect(heard.delays.quantileMs(0.5)).toBeLessThan(15);
    expect(heard.delays.quantileMs(0.99)).toBeLessThan(22);
    expect(heard.tally()).toMatchObject({ packets: input.length, recovered: 0, concealed: 0 });
    for (const [index, packet] of input.entries()) expect(heard.store.samples(index)).toEqual(packet);
    expect(heard.remote.verifier?.forged).toBe(0);
    expect(heard.remote.verifier?.verified).toBeGreaterThan(input.length - 64);
  }
  // Half a minute of two players, bit by bit: a busy machine needs its time.
}, 240_000);
