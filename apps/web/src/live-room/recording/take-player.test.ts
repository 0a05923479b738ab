import { encodeWav } from '@jamnet/jdat';
import { afterEach, expect, test } from 'vitest';
import { type PlayerContext, TakePlayer } from './take-player.ts';
import { readSound, type TrackSound } from './track-sound.ts';

const RATE_HZ = 1_000;

/** A track whose every sample tells its place. */
function trackOf(track: number, seconds: number, scale = 1): TrackSound {
  const frames = seconds * RATE_HZ;
  const samples = Float32Array.from({ length: frames }, (_, i) => (scale * (i + 1)) / 2 ** 23);
  const wav = encodeWav({ sampleRateHz: RATE_HZ, channels: [samples] }, { bitsPerSample: 24 });
  const { buffer } = new Uint8Array(wav);
  // Read in the same turn of the loop, however busy the machine is.
  const file = { slice: (from: number, to: number) => ({ arrayBuffer: async () => buffer.slice(from, to) }) };
  return { track, file, frames, bits: 24, sampleRateHz: RATE_HZ };
}

interface Played {
  readonly gain: number;
  readonly samples: Float32Array;
  readonly when: number;
  readonly offset: number;
  isStopped: boolean;
}

/** Web Audio's clock and calls by hand: what was handed to the card, and when. */
class Card {
  now = 100;
  readonly played: Played[] = [];
  readonly gainTargets: number[][] = [];
  looks: (() => void)[] = [];
  failure: unknown = 'none';
  /** Samples that were handed over twice. */
  doubled = 0;
  readonly player: TakePlayer;

  constructor(tracks: readonly TrackSound[]) {
    const card = this;
    const context = {
      get currentTime() {
        return card.now;
      },
      destination: {},
      resume: async () => undefined,
      createGain: () => {
        const targets: number[] = [];
        const index = card.gainTargets.push(targets) - 1;
        return {
          index,
          connect: () => undefined,
          disconnect: () => undefined,
          gain: { setTargetAtTime: (value: number) => targets.push(value) },
        };
      },
      createBuffer: (_: number, frames: number) => {
        const samples = new Float32Array(frames);
        return { samples, copyToChannel: (from: Float32Array) => samples.set(from) };
      },
      createBufferSource: () => {
        let gain = -1;
        let played: Played | null = null;
        const source = {
          buffer: { samples: new Float32Array(0) },
          connect: (to: { index: number }) => {
            gain = to.index;
          },
          start: (when: number, offset: number) => {
            played = { gain, samples: source.buffer.samples, when, offset, isStopped: false };
            card.played.push(played);
          },
          stop: () => {
            // What has been played to its end cannot be taken back.
            if (played !== null) played.isStopped = card.now < played.when + played.samples.length / RATE_HZ;
          },
        };
        return source;
      },
    };
    this.player = new TakePlayer({
      context: context as unknown as PlayerContext, // as much of it as the player's type names
      tracks,
      every: (_, act) => {
        this.looks.push(act);
        return () => {
          this.looks = this.looks.filter((each) => each !== act);
        };
      },
      ended: (failure) => {
        this.failure = failure;
      },
    });
  }

  /** Moves the clock in steps of half a second, and lets the player look at each. */
  async run(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 0.5) {
      this.now += 0.5;
      for (const look of this.looks) look();
      await settled();
    }
  }

  /** What a track's gain was given, put in its place: sample by take's frame. */
  heard(gain: number, startedAt: number, offsetSeconds: number): Map<number, number> {
    const frames = new Map<number, number>();
    for (const { samples, when, offset, isStopped } of this.played.filter((each) => each.gain === gain)) {
      if (isStopped) continue;
      const first = Math.round((when - startedAt + offsetSeconds) * RATE_HZ);
      const skipped = Math.round(offset * RATE_HZ);
      samples.subarray(skipped).forEach((sample, i) => {
        if (frames.has(first + i)) this.doubled++;
        frames.set(first + i, sample);
      });
    }
    return frames;
  }
}

const cards: Card[] = [];
afterEach(() => {
  for (const card of cards.splice(0)) card.player.dispose();
});

async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}

function cardWith(...tracks: TrackSound[]): Card {
  const card = new Card(tracks);
  cards.push(card);
  return card;
}

test('plays every sample of every track in its place, once, and never more than a few seconds ahead', async () => {
  const card = cardWith(trackOf(0, 11), trackOf(1, 7, -1));
  card.player.play();
  const startedAt = card.now + 0.05;
  await settled();
  let aheadMax = 0;
  for (let i = 0; i < 30; i++) {
    const given = card.heard(0, startedAt, 0).size / RATE_HZ;
    aheadMax = Math.max(aheadMax, given - card.player.position);
    await card.run(0.5);
  }
  expect(aheadMax).toBeLessThanOrEqual(6);
  for (const [gain, scale, seconds] of [
    [0, 1, 11],
    [1, -1, 7],
  ] as const) {
    const heard = card.heard(gain, startedAt, 0);
    expect([heard.size, card.doubled]).toEqual([11 * RATE_HZ, 0]);
    for (const frame of [0, 1_999, 2_000, 2_001, 7 * RATE_HZ - 1, 7 * RATE_HZ, 11 * RATE_HZ - 1])
      expect(heard.get(frame)).toBeCloseTo(
        frame < seconds * RATE_HZ ? (scale * (frame + 1)) / 2 ** 23 : 0,
        9,
      );
  }
  expect(card.failure).toBeNull();
  expect(card.player.isPlaying).toBe(false);
  expect(card.player.position).toBe(11);
});

test('goes on from where it was sought to, and what was under way is not heard', async () => {
  const card = cardWith(trackOf(0, 20));
  card.player.play();
  // The first piece is still being read.
  card.player.seek(7.25);
  const startedAt = card.now + 0.05;
  await settled();
  const heard = card.heard(0, startedAt, 7.25);
  expect(Math.min(...heard.keys())).toBe(7.25 * RATE_HZ);
  expect(heard.get(7.25 * RATE_HZ)).toBeCloseTo((7.25 * RATE_HZ + 1) / 2 ** 23, 9);
  card.now = startedAt + 1.5;
  expect(card.player.position).toBeCloseTo(8.75, 9);
  card.player.pause();
  expect(card.played.every(({ isStopped }) => isStopped)).toBe(true);
  expect(card.player.position).toBeCloseTo(8.75, 9);
  expect(card.looks).toEqual([]);
  card.player.seek(99);
  expect(card.player.position).toBe(20);
  card.player.seek(-1);
  expect(card.player.position).toBe(0);
});

test('a disk that was slow costs the start of a piece, not the tracks’ place', async () => {
  const card = cardWith(trackOf(0, 5));
  card.player.play();
  const startedAt = card.now + 0.05;
  card.now = startedAt + 0.5;
  await settled();
  const heard = card.heard(0, startedAt, 0);
  expect(Math.min(...heard.keys())).toBe(0.5 * RATE_HZ);
  expect(heard.get(0.5 * RATE_HZ)).toBeCloseTo((0.5 * RATE_HZ + 1) / 2 ** 23, 9);
});

test('mutes one track and lets the others be heard', async () => {
  const card = cardWith(trackOf(3, 2), trackOf(5, 2));
  card.player.setMuted(5, true);
  expect([card.player.isMuted(3), card.player.isMuted(5)]).toEqual([false, true]);
  card.player.setMuted(5, false);
  card.player.setMuted(9, true);
  expect(card.gainTargets).toEqual([[], [0, 1]]);
  expect(card.player.isMuted(9)).toBe(false);
});

test('sound that cannot be read ends the playing and is told', async () => {
  const file = { slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) };
  const card = cardWith({ ...trackOf(0, 3), file });
  card.player.play();
  await settled();
  expect(card.failure).toMatchObject({ message: 'gone' });
  expect(card.player.isPlaying).toBe(false);
});

test('reads 16 bits as 24, and silence behind the end', async () => {
  const samples = Float32Array.of(0.5, -0.25, 0.125);
  for (const bits of [16, 24] as const) {
    const wav = encodeWav({ sampleRateHz: RATE_HZ, channels: [samples] }, { bitsPerSample: bits });
    const sound = { track: 0, file: new Blob([new Uint8Array(wav)]), frames: 3, bits, sampleRateHz: RATE_HZ };
    expect([...(await readSound(sound, 1, 5))]).toEqual([-0.25, 0.125, 0, 0]);
    expect([...(await readSound(sound, 7, 9))]).toEqual([0, 0]);
  }
});
