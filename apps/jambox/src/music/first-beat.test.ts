import { expect, test } from 'vitest';
import { parsePlayOptions } from '../play-options.ts';
import { eveningOptions } from '../testing/evening-options.ts';
import { VirtualEvening } from '../testing/virtual-evening.ts';
import type { Beat } from './first-beat.ts';

const FRAMES = 128;
const WALTZ: Beat = { tempoMilliBpm: 90_000, beatsPerBar: 3 };
/** 3 beats of 32,000 samples. */
const WALTZ_BAR_SAMPLES = 96_000;
const input = new Array<Int16Array>((6 * 48_000) / FRAMES).fill(new Int16Array(FRAMES));

/** Ada and Ben begin together, Cyd comes later; each may bring a beat. */
function evening(beats: { readonly ada?: Beat; readonly cyd?: Beat }, loss = 0) {
  const room = new VirtualEvening({ seed: 'first beat', wayUs: 8_000, jitterUs: 1_000, loss });
  const brought = (beat: Beat | undefined) => (beat === undefined ? {} : { beat });
  room.add({ options: eveningOptions('ada', brought(beats.ada)), input });
  const ben = room.add({ options: eveningOptions('ben'), input });
  room.run(2.5);
  room.add({ options: eveningOptions('cyd', brought(beats.cyd)), input });
  room.run(2);
  return { heard: room.sessions.get('ben')?.timeline.entries, metrics: ben.metrics(room.nowUs) };
}

test.each([0, 0.3])(
  'a room without a beat takes that of the player who brings one, on whose first sample its bar 0 lies; loss %d',
  (loss) => {
    const { heard, metrics } = evening({ ada: WALTZ }, loss);
    expect(heard).toEqual([{ ...WALTZ, id: 1, bar: 1, atSample: WALTZ_BAR_SAMPLES, isRunning: true }]);
    expect(metrics.position).toMatchObject({ beatsPerBar: 3, tempoBpm: 90 });
  },
);

test('who comes later brings it all the same, counted from his own first sample', () => {
  const [entry] = evening({ cyd: WALTZ }).heard ?? [];
  const firstSample = (entry?.atSample ?? 0) - WALTZ_BAR_SAMPLES * (entry?.bar ?? 0);
  expect(entry).toMatchObject({ ...WALTZ, id: 3, bar: 1 });
  expect(firstSample).toBeGreaterThan(48_000);
  expect(firstSample % FRAMES).toBe(0);
});

test('a beat that the room has stays, whatever a newcomer brings', () => {
  const { heard } = evening({ ada: WALTZ, cyd: { tempoMilliBpm: 140_000, beatsPerBar: 4 } });
  expect(heard).toMatchObject([{ ...WALTZ, id: 1 }]);
});

test('without one nobody sets any', () => {
  expect(evening({})).toMatchObject({ heard: [], metrics: { position: null } });
});

test.each([
  { tempoMilliBpm: 19_999, beatsPerBar: 4 },
  { tempoMilliBpm: 400_001, beatsPerBar: 4 },
  { tempoMilliBpm: 120_000, beatsPerBar: 0 },
  { tempoMilliBpm: 120_000, beatsPerBar: 33 },
  { tempoMilliBpm: 120_000 },
  120,
])('%j is no beat', (beat) => {
  const options = {
    ...eveningOptions('ada'),
    joinToken: 't',
    roomKeyHex: 'ab'.repeat(32),
    outputDirectory: 'out',
  };
  const relay = { host: 'relay', port: 1 };
  expect(parsePlayOptions({ ...options, relay, beat: WALTZ })).toMatchObject({ ok: true });
  expect(parsePlayOptions({ ...options, relay, beat })).toMatchObject({
    code: 'options-malformed',
    message: expect.stringContaining('beat: '),
  });
});
