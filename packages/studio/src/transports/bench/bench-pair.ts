import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchStudio, joinPair, RATE_HZ, TONE_HZ } from './bench-studio.ts';
import type { BenchBrowser } from './chromium.ts';
import { longestExactRun } from './exact-run.ts';
import { type Growth, growthOf } from './growth.ts';
import {
  type GrantedAudio,
  grantedAudio,
  memoryBytes,
  type SeenReport,
  takeRecorded,
  takeReports,
} from './page-taps.ts';
import { type Quantiles, quantilesOf } from './quantiles.ts';
import { toneResidualDb } from './tone-residual.ts';

/** 43 ms: short enough that the resampler's speed stays the same in it. */
const WINDOW_FRAMES = 2048;
const LOOK_MS = 5000;
/** What may be added between the first and the last third of a run. */
const MEMORY_GROWTH_BYTES = 2 << 20;
const DELAY_GROWTH_MS = 5;

export interface PairReport {
  readonly path: string;
  readonly granted: GrantedAudio;
  /** Resampler bypassed: frames in a row that are the microphone's, sample for sample, of `heardFrames`. */
  readonly exact: { readonly longestFrames: number; readonly heardFrames: number };
  /** From the sender's worker to the listener's, both pages on one machine; the room's clock on both sides. */
  readonly transportMs: Quantiles;
  readonly lostPercent: number;
  readonly concealed: number;
}

/** Two pages, one plays noise from its microphone, the other hears it with the resampler off. */
export async function benchPair(
  browser: BenchBrowser,
  studio: BenchStudio,
  seconds: number,
): Promise<PairReport> {
  const { player, listener } = await joinPair(browser, studio.link, ['Ada', 'Bo'], false);
  await takeReports(listener.page);
  const granted = await grantedAudio(player.page);
  let longestFrames = 0;
  let heardFrames = 0;
  while (heardFrames < seconds * RATE_HZ) {
    const [played, heard] = await Promise.all([
      takeRecorded(player.page, 'input', 2 * RATE_HZ),
      takeRecorded(listener.page, 'output', RATE_HZ),
    ]);
    heardFrames += heard.length;
    longestFrames = Math.max(longestFrames, longestExactRun(heard, played.map(as16Bits)));
  }
  const reports = await takeReports(listener.page);
  await Promise.all([player.context.close(), listener.context.close()]);
  const last = reports.at(-1);
  const far = last?.players.find(({ player: name }) => name === 'Ada');
  return {
    path: last?.path ?? '',
    granted,
    exact: { longestFrames, heardFrames },
    transportMs: quantilesOf(reports.flatMap((each) => stagesOf(each).map(({ networkMs }) => networkMs))),
    lostPercent: far?.lostPercent ?? Number.NaN,
    concealed: far?.concealed ?? Number.NaN,
  };
}

export interface ToneReport {
  /** Of windows of 43 ms heard through the drift resampler: the least remainder beside the tone, and the median. */
  readonly bestDb: number;
  readonly medianDb: number;
  readonly windows: number;
}

/** The same with a tone and the resampler at work. */
export async function benchTone(
  browser: BenchBrowser,
  studio: BenchStudio,
  seconds: number,
): Promise<ToneReport> {
  const { player, listener } = await joinPair(browser, studio.link, ['Amy', 'Ben'], true);
  const residuals: number[] = [];
  while (residuals.length * WINDOW_FRAMES < seconds * RATE_HZ) {
    const heard = await takeRecorded(listener.page, 'output', RATE_HZ);
    for (let at = 0; at + WINDOW_FRAMES <= heard.length; at += WINDOW_FRAMES)
      residuals.push(toneResidualDb(heard.subarray(at, at + WINDOW_FRAMES), TONE_HZ, RATE_HZ));
  }
  await Promise.all([player.context.close(), listener.context.close()]);
  residuals.sort((a, b) => a - b);
  return {
    bestDb: residuals[0] ?? 0,
    medianDb: residuals[Math.floor(residuals.length / 2)] ?? 0,
    windows: residuals.length,
  };
}

export interface SoakReport {
  readonly minutes: number;
  readonly looks: number;
  /** JavaScript of the listener's page and its worker, bytes. */
  readonly memoryBytes: Growth;
  /** Made and not yet fetched by the card, ms. */
  readonly ringMs: Growth;
  /** Network, buffer and ring together, ms. */
  readonly delayMs: Growth;
  readonly starved: number;
  readonly isWithin: boolean;
}

/** Plays on and looks every five seconds: nothing may grow. */
export async function benchSoak(
  browser: BenchBrowser,
  studio: BenchStudio,
  minutes: number,
  onLook: (look: object) => void,
): Promise<SoakReport> {
  const { player, listener } = await joinPair(browser, studio.link, ['Cy', 'Di'], true);
  const series = { memory: [] as number[], ring: [] as number[], delay: [] as number[] };
  const end = performance.now() + minutes * 60_000;
  let starved = 0;
  while (performance.now() < end) {
    await sleep(Math.min(LOOK_MS, Math.max(0, end - performance.now())));
    const reports = await takeReports(listener.page);
    // The player's are not looked at and must not pile up in its page.
    await takeReports(player.page);
    const stages = reports.flatMap(stagesOf);
    if (stages.length === 0) continue;
    starved = reports.at(-1)?.starved ?? starved;
    series.memory.push(await memoryBytes(listener.page));
    series.ring.push(quantilesOf(stages.map(({ cushionMs }) => cushionMs)).p50);
    series.delay.push(quantilesOf(stages.map((each) => each.networkMs + each.bufferMs + each.cushionMs)).p50);
    onLook({
      memoryBytes: series.memory.at(-1),
      ringMs: series.ring.at(-1),
      delayMs: series.delay.at(-1),
      starved,
    });
  }
  await Promise.all([player.context.close(), listener.context.close()]);
  const grown = {
    memoryBytes: growthOf(series.memory, MEMORY_GROWTH_BYTES),
    ringMs: growthOf(series.ring, DELAY_GROWTH_MS),
    delayMs: growthOf(series.delay, DELAY_GROWTH_MS),
  };
  const isWithin = Object.values(grown).every((each) => each.isWithin);
  return { minutes, looks: series.memory.length, ...grown, starved, isWithin };
}

/** What the page makes of a sample before it seals it. */
function as16Bits(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))) / 32_768;
}

/** Stages of whoever else is there. */
function stagesOf(report: SeenReport): readonly SeenReport['players'][number]['stages'][] {
  return report.players.map(({ stages }) => stages);
}
