import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FileInput } from './card.ts';
import { PcmRing } from './pcm-ring.ts';
import { PipeCard } from './pipe-card.ts';
import { pumpIn, pumpOut } from './pipe-pump.ts';

const FRAMES = 128;
const PERIOD_US = (FRAMES / 48_000) * 1e6;
const directory = mkdtempSync(join(tmpdir(), 'jamnet-pipe-'));
afterAll(() => rmSync(directory, { recursive: true }));

function ramp(frames: number): Int16Array {
  return Int16Array.from({ length: frames }, (_, i) => (i * 31) % 32_000);
}

function cardOn(source: PcmRing, sink: PcmRing | null = null): PipeCard {
  return new PipeCard({ periodUs: PERIOD_US, packetFrames: FRAMES, input: new FileInput([]), source, sink });
}

test('a recording is played whole, from its beginning, at exactly the clock of the machine', () => {
  const ring = new PcmRing();
  const card = cardOn(ring);
  const sound = ramp(100_000);
  card.start(1_000_000, 0);
  let written = 0;
  const heard: number[] = [];
  const into = new Int16Array(FRAMES);
  for (let period = 1; ; period++) {
    // The pump: as much as fits, whenever it looks.
    written += ring.write(sound.subarray(written));
    if (written < sound.length) ring.noteFull();
    else ring.end();
    expect(card.dueUs).toBeCloseTo(1_000_000 + period * PERIOD_US, 3);
    expect(card.isDue(card.dueUs - 1)).toBe(false);
    if (!card.capture(into)) break;
    heard.push(...into);
  }
  expect(Int16Array.from(heard).subarray(0, sound.length)).toEqual(sound);
  expect(heard.length - sound.length).toBeLessThan(FRAMES);
});

test.each([250, -250])(
  'sound as it happens, %d ppm off our clock, is followed: it neither piles up nor runs dry',
  (ppm) => {
    const ring = new PcmRing();
    const card = cardOn(ring);
    card.start(0, 0);
    // What the pipe held back before we began to read is old, and is left out.
    ring.write(ramp(30_000));
    const into = new Int16Array(FRAMES);
    let sent = 0;
    let most = 0;
    let stumblesAtHalf = 0;
    for (let period = 0; period < 60_000; period++) {
      const nowUs = card.dueUs;
      // A sound program that writes 480 frames at a time.
      for (; (sent + 480) / 0.048 <= nowUs * (1 + ppm / 1e6); sent += 480) ring.write(ramp(480));
      card.capture(into);
      if (period === 30_000) stumblesAtHalf = card.stumbles;
      if (period > 30_000) most = Math.max(most, ring.filled);
    }
    expect(most).toBeLessThan(480 + 6 * FRAMES);
    expect(card.stumbles - stumblesAtHalf).toBe(0);
  },
);

test('what nobody fetches is left out and counted', () => {
  const sink = new PcmRing();
  const card = cardOn(new PcmRing(), sink);
  const loud = new Float32Array(FRAMES).fill(2);
  for (let i = 0; i <= 65_536 / FRAMES; i++) card.play(loud);
  expect(sink.dropped).toBe(FRAMES);
  const first = new Int16Array(1);
  sink.read(first);
  expect(first[0]).toBe(32_767);
});

test('pumps carry every frame between a descriptor and a ring, and end', async () => {
  const sound = ramp(200_001);
  const from = join(directory, 'in.raw');
  const to = join(directory, 'out.raw');
  // Half a frame too much: it is no frame.
  writeFileSync(from, Buffer.concat([new Uint8Array(sound.buffer), Uint8Array.of(7)]));
  const [source, target] = [openSync(from, 'r'), openSync(to, 'w')];
  const ring = pumpIn(source);
  const out = pumpOut(target, () => expect.unreachable('somebody reads'));
  ring.start();
  const frames = new Int16Array(1000);
  while (!ring.isEnded || ring.filled > 0) {
    const read = ring.read(frames);
    for (let at = 0; at < read; ) {
      at += out.ring.write(frames.subarray(at, read));
      // A pump that is not there yet could not start while we held the thread.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  out.ring.end();
  await out.done;
  closeSync(source);
  closeSync(target);
  expect(new Uint8Array(readFileSync(to))).toEqual(new Uint8Array(sound.buffer));
});
