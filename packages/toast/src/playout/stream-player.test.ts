import { seededChance } from '@jamnet/base';
import { Concealer, Resampler } from '@jamnet/pnbtr';
import { expect, test } from 'vitest';
import { AudioWriter } from '../jellie/audio-writer.ts';
import { copiesPlan } from '../jellie/redundancy-plan.ts';
import { StreamReceiver } from '../peer/stream-receiver.ts';
import { MEMBER } from '../testing/member.ts';
import { AudioBodyReader } from '../wire/audio-body.ts';
import { StreamPlayer } from './stream-player.ts';

const FRAMES = 64;
const QUANTUM = 128;
const TONE_HZ = 1000;

interface Setting {
  readonly senderPpm: number;
  readonly cardPpm: number;
  /** Extra delay of a packet, µs, by its time in seconds. */
  readonly jitterUs: (seconds: number, unit: () => number) => number;
  readonly loss: number;
  readonly seconds: number;
  /** From that second on the listener's clock shows so much more, µs. */
  readonly clockSet?: { readonly atSecond: number; readonly us: number };
}

interface Heard {
  /** Steering at each quantum, and what was played. */
  readonly ppm: Float64Array;
  readonly bufferUs: Float64Array;
  readonly sound: Float32Array;
  readonly player: StreamPlayer;
  readonly receiver: StreamReceiver;
}

/** A tone from one card to another, each with its own speed by our clock, over a network with jitter and loss. */
function play(setting: Setting): Heard {
  const chance = seededChance(JSON.stringify(setting.senderPpm));
  const receiver = new StreamReceiver(MEMBER, { packetFrames: FRAMES, reach: 2 });
  const player = new StreamPlayer(receiver, {
    packetFrames: FRAMES,
    quantumFrames: QUANTUM,
    reach: 2,
    filler: new Concealer({
      sampleRateHz: 48_000,
      packetFrames: FRAMES,
      kernel: 'plain',
      order: 16,
      contextFrames: 512,
    }),
    bender: new Resampler({ fromHz: 48_000, toHz: 48_000, pushMax: QUANTUM }),
    benderFrames: 32,
  });
  const writer = new AudioWriter({ frames: FRAMES, sampleBytes: 2, mayPack: false });
  const body = new AudioBodyReader();
  const packetUs = (FRAMES / 48_000) * 1e6 * (1 - setting.senderPpm / 1e6);
  const quantumUs = (QUANTUM / 48_000) * 1e6 * (1 - setting.cardPpm / 1e6);
  const quanta = Math.floor((setting.seconds * 1e6) / quantumUs);
  const { atSecond, us: setUs } = setting.clockSet ?? { atSecond: 0, us: 0 };
  const shownUs = (trueUs: number): number => trueUs + (trueUs >= atSecond * 1e6 ? setUs : 0);
  const under: { sequence: number; atUs: number; bytes: Uint8Array }[] = [];
  const ppm = new Float64Array(quanta);
  const bufferUs = new Float64Array(quanta);
  const sound = new Float32Array(quanta * QUANTUM);
  let sequence = 0;
  for (let k = 0; k < quanta; k++) {
    const nowUs = 5_000 + (k + 1) * quantumUs;
    for (; (sequence + 1) * packetUs <= nowUs; sequence++) {
      const first = sequence * FRAMES;
      writer.keep(
        sequence,
        Int16Array.from({ length: FRAMES }, (_, i) =>
          Math.round(16_000 * Math.sin((2 * Math.PI * TONE_HZ * (first + i)) / 48_000)),
        ),
      );
      const bytes = new Uint8Array(1200);
      const length = writer.write(bytes, sequence, sequence + 1, copiesPlan([1, 2]), 0);
      const sentUs = (sequence + 1) * packetUs;
      if (chance.unit() < setting.loss) continue;
      const jitterUs = setting.jitterUs(sentUs / 1e6, () => chance.unit());
      under.push({ sequence, atUs: sentUs + 3_000 + jitterUs, bytes: bytes.slice(0, length) });
    }
    under.sort((a, b) => a.atUs - b.atUs);
    while ((under[0]?.atUs ?? Number.POSITIVE_INFINITY) <= nowUs) {
      const arrived = under.shift();
      if (arrived === undefined) break;
      body.read(arrived.bytes);
      receiver.put(
        arrived.sequence,
        arrived.sequence * FRAMES,
        body,
        arrived.bytes,
        0,
        shownUs(arrived.atUs),
      );
      while (receiver.fresh.shift() !== undefined);
    }
    // The thread that serves the card wakes up late now and then.
    const out = sound.subarray(k * QUANTUM, (k + 1) * QUANTUM);
    player.play(shownUs(nowUs) + 400 * chance.unit() ** 4, out);
    ppm[k] = player.ppm;
    bufferUs[k] = player.bufferUs;
  }
  return { ppm, bufferUs, sound, player, receiver };
}

/** Cents between the extremes of what was heard as pitch from `fromSecond` on. */
function wobbleCents(heard: Heard, fromSecond: number): number {
  const late = heard.ppm.subarray(Math.floor((fromSecond * 48_000) / QUANTUM));
  return 1200 * Math.log2((1 + Math.max(...late) / 1e6) / (1 + Math.min(...late) / 1e6));
}

const uniform = (most: number) => (_: number, unit: () => number) => most * unit();

test.each([
  [300, -300, uniform(300)],
  [-300, 300, uniform(3_000)],
  [0, 120, uniform(8_000)],
])(
  'cards %d and %d ppm off: no hole, no jump, and less than 0.1 cent of wobble',
  (senderPpm, cardPpm, jitterUs) => {
    const heard = play({ senderPpm, cardPpm, jitterUs, loss: 0, seconds: 50 });
    expect(heard.player.driftPpm).toBeCloseTo(senderPpm - cardPpm, -0.5);
    expect(wobbleCents(heard, 30)).toBeLessThan(0.1);
    expect(heard.player.counters.jumped).toBe(0);
    const concealedBefore = heard.receiver.counters.concealed;
    expect(concealedBefore / heard.receiver.counters.packets).toBeLessThan(0.003);
    // A tone of one frequency: what a sine of the played frequency does not explain is wobble, holes and clicks.
    expect(worstDb(heard.sound.subarray(-48_000), TONE_HZ * (1 + (senderPpm - cardPpm) / 1e6))).toBeLessThan(
      -60,
    );
  },
);

test('the delay grows at once when the network gets worse, and comes back slowly when it is good again', () => {
  const heard = play({
    senderPpm: 20,
    cardPpm: -20,
    jitterUs: (seconds, unit) => (seconds > 10 && seconds < 20 ? 12_000 : 500) * unit(),
    loss: 0.01,
    seconds: 60,
  });
  const at = (second: number): number => heard.bufferUs[Math.floor((second * 48_000) / QUANTUM)] ?? 0;
  expect(at(9)).toBeLessThan(5_000);
  expect(at(12)).toBeGreaterThan(9_000);
  expect(at(19)).toBeLessThan(16_000);
  expect(at(58)).toBeLessThan(at(20) - 3_000);
  const late = heard.receiver.counters.concealed / heard.receiver.counters.packets;
  expect(late).toBeLessThan(0.01);
  expect(heard.sound.every((sample) => Math.abs(sample) <= 1)).toBe(true);
});

test('a sender that pauses and comes back is heard again at the right delay', () => {
  const heard = play({
    senderPpm: 0,
    cardPpm: 0,
    // For two seconds nothing arrives; then everything that was under way at once.
    jitterUs: (seconds, unit) => (seconds > 10 && seconds < 12 ? (12 - seconds) * 1e6 : 0) + 300 * unit(),
    loss: 0,
    seconds: 20,
  });
  expect(heard.player.bufferUs).toBeLessThanOrEqual(200_000);
  expect(worstDb(heard.sound.subarray(-9_600), TONE_HZ)).toBeLessThan(-40);
});

test.each([24_474, -24_474])(
  'a clock set by %d µs just when the way became 2.3 ms longer is followed: no hole, no wait, no jump',
  (us) => {
    const heard = play({
      senderPpm: 180,
      cardPpm: -100,
      jitterUs: (seconds, unit) => (seconds > 9.7 ? 2_300 : 0) + (seconds < 9.5 ? 4_000 : 300) * unit(),
      loss: 0,
      seconds: 16,
      clockSet: { atSecond: 10, us },
    });
    expect(heard.player.counters).toMatchObject({ held: 0, jumped: 0 });
    expect(heard.receiver.counters.concealed).toBe(0);
  },
);

/** The worst of 50 ms blocks: a hole, click or jump shows, a slow change of speed does not. */
function worstDb(sound: Float32Array, hz: number): number {
  let worst = Number.NEGATIVE_INFINITY;
  for (let at = 0; at + 2400 <= sound.length; at += 2400)
    worst = Math.max(worst, residualDb(sound.subarray(at, at + 2400), hz));
  return worst;
}

/** Energy that the best sine of that frequency leaves, against the whole, dB. */
function residualDb(sound: Float32Array, hz: number): number {
  let [cc, ss, cs, xc, xs, xx] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < sound.length; i++) {
    const x = sound[i] ?? 0;
    const c = Math.cos((2 * Math.PI * hz * i) / 48_000);
    const s = Math.sin((2 * Math.PI * hz * i) / 48_000);
    cc += c * c;
    ss += s * s;
    cs += c * s;
    xc += x * c;
    xs += x * s;
    xx += x * x;
  }
  const determinant = cc * ss - cs * cs;
  const a = (xc * ss - xs * cs) / determinant;
  const b = (xs * cc - xc * cs) / determinant;
  return 10 * Math.log10((xx - a * xc - b * xs) / xx);
}
