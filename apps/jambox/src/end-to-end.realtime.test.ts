import { readFileSync } from 'node:fs';
import { decodeTake, decodeWav, type Take } from '@jamnet/jdat';
import { afterEach, expect, test } from 'vitest';
import type { HeardReport, PlayReport } from './play-report.ts';
import { readTakeFile } from './takes/read-take-file.ts';
import { Evening, readText, reportOf } from './testing/evening.ts';

const FRAMES = 128;
const SECONDS = 2;
const PACKETS = (SECONDS * 48_000) / FRAMES;
/** Bursts of 2 to 5 among single losses; 97 digits, so that the pattern does not fall in step with the packets. */
const TRACE = [3, 11, 12, 25, 26, 27, 28, 40, 55, 56, 57, 58, 59, 71, 88].reduce(
  (digits, at) => digits.fill(1, at, at + 1),
  new Array<number>(97).fill(0),
);
const OFFSETS = [1, 3];

let evening: Evening | null = null;
afterEach(async () => {
  await evening?.close();
  evening = null;
});

function tone(hertz: number): Float32Array {
  return Float32Array.from(
    { length: SECONDS * 48_000 },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / 48_000) * (1 - i / (4 * 48_000)),
  );
}

function takeOf(file: string): Take {
  const take = decodeTake(readText(file).trimEnd().split('\n'));
  if (!take.ok) throw new Error(take.message);
  return take.value;
}

function wavOf(file: string): Float32Array {
  const wav = decodeWav(readFileSync(file));
  if (!wav.ok) throw new Error(wav.message);
  return wav.value.channels[0] ?? new Float32Array();
}

/** Packets that no copy can bring, for a link that begins somewhere in the trace: one set per possible beginning. */
function possibleErasures(): Set<string> {
  const sets = TRACE.map((_, shift) => {
    const drops = (n: number): boolean => TRACE[(n + shift) % TRACE.length] === 1;
    return Array.from({ length: PACKETS }, (_, n) => n).filter(
      (n) => drops(n) && OFFSETS.every((offset) => drops(n + offset)),
    );
  });
  return new Set(sets.map((set) => set.join()));
}

function lostPackets(take: Take): number[] {
  return take.records.flatMap((record) =>
    record.type === 'span' && record.fate === 'lost'
      ? Array.from({ length: record.frames / FRAMES }, (_, i) => record.atSample / FRAMES + i)
      : [],
  );
}

/** One track of a multitrack take: audio and what filled its holes by place on the room timeline, packets by fate. */
function trackOf(file: string, from: string) {
  const names: string[] = [];
  const sound = new Map<number, number>();
  const filled = new Set<number>();
  const read = readTakeFile(file, { sound: true }, (record) => {
    if (record.type === 'track') names.push(record.from);
    if ((record.type !== 'audio' && record.type !== 'fill') || names[record.track] !== from) return;
    for (const [i, sample] of (record.samples ?? []).entries()) {
      if (record.type === 'audio') sound.set(record.atSample + i, sample);
      else filled.add(record.atSample + i);
    }
  });
  if (!read.ok) throw new Error(read.message);
  const state = read.value.state.tracks.find(({ track }) => track.from === from);
  if (state === undefined || !read.value.state.isEnded) throw new Error('no such track in a whole take');
  return { sound, filled, packets: state.packets };
}

async function playPair(): Promise<{ heard: HeardReport; source: Float32Array; takes: PlayReport[] }[]> {
  evening = await Evening.open(TRACE.join(''));
  const inputs = { ada: tone(440), ben: tone(311) };
  const players = [
    evening.player('ada', inputs.ada, { playoutDelayMs: 60 }),
    evening.player('ben', inputs.ben, { playoutDelayMs: 60 }),
  ];
  const reports = await Promise.all(players.map(reportOf));
  return reports.map((report, i) => {
    const heard = report.heard[0];
    if (heard === undefined) throw new Error('nobody heard');
    return { heard, source: i === 0 ? inputs.ben : inputs.ada, takes: reports };
  });
}

test('two players over a lossy network hear each other: copies repair what they can, and exactly the rest is concealed', async () => {
  const pair = await playPair();
  for (const { heard, source, takes } of pair) {
    const take = takeOf(heard.takeFile);
    const lost = lostPackets(take);
    expect(heard.packets).toBe(PACKETS);
    expect(possibleErasures()).toContain(lost.join());
    expect(lost.length).toBeGreaterThan(0);
    expect(heard.concealed - heard.late).toBe(lost.length);
    expect(heard.lost).toBe(heard.recovered + heard.concealed);
    expect(heard.recovered).toBeGreaterThan(lost.length);
    for (const record of take.records) {
      if (record.type !== 'audio') continue;
      const sent = source.subarray(record.atSample, record.atSample + record.samples.length);
      expect(record.samples).toEqual(Int16Array.from(sent, (sample) => Math.round(sample * 32768)));
    }
    expectAligned(wavOf(heard.wavFile), source, heard);
    expectMultitrack(heard, takes);
    expect(heard.delayMsP50).toBeGreaterThanOrEqual(60);
    // On a machine so busy that packets came late the ear was late as well.
    if (heard.late === 0) expect(heard.delayMsP50).toBeLessThan(66);
  }
  expect(lostPackets(takeOf(pair[0]?.heard.takeFile ?? ''))).not.toEqual(
    lostPackets(takeOf(pair[1]?.heard.takeFile ?? '')),
  );
});

/**
 * The listener's track lies on the sender's to the sample, packet for packet that came; its loss map is what the receiver counted, and
 * what was concealed in time is kept.
 */
function expectMultitrack(heard: HeardReport, takes: readonly PlayReport[]): void {
  const fileOf = (isSender: boolean): string =>
    takes.find(({ player }) => (player === heard.from) === isSender)?.takeFile ?? '';
  const sent = trackOf(fileOf(true), heard.from);
  const track = trackOf(fileOf(false), heard.from);
  expect(sent.sound.size).toBe(PACKETS * FRAMES);
  expect(track.sound.size).toBe((PACKETS - (heard.concealed - heard.late)) * FRAMES);
  for (const [place, sample] of track.sound)
    if (sent.sound.get(place) !== sample) throw new Error(`differs at ${place}`);
  expect(track.packets).toEqual({
    recovered: heard.recovered,
    concealed: heard.concealed - heard.late,
    late: heard.late,
  });
  const missing = [...sent.sound.keys()].filter((place) => !track.sound.has(place));
  expect(missing.filter((place) => !track.filled.has(place))).toEqual([]);
}

/** What the ear got is the sent sound, sample for sample, but for concealed packets and the cross-fade behind them. */
function expectAligned(ear: Float32Array, source: Float32Array, heard: HeardReport): void {
  expect(ear.length).toBe(PACKETS * FRAMES);
  let touched = 0;
  for (let packet = 0; packet < PACKETS; packet++) {
    const isEqual = ear
      .subarray(packet * FRAMES, (packet + 1) * FRAMES)
      .every((sample, i) => Math.abs(sample - (source[packet * FRAMES + i] ?? 0)) < 1e-4);
    if (!isEqual) touched++;
  }
  expect(touched).toBeLessThanOrEqual(2 * heard.concealed);
  expect(ear.every((sample) => Number.isFinite(sample) && Math.abs(sample) <= 1)).toBe(true);
}
