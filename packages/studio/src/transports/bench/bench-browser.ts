import { join } from 'node:path';
import { ok, type Result } from '@jamnet/base';
import type { PathKind } from '../packet-path.ts';
import {
  benchPair,
  benchSoak,
  benchTone,
  type PairReport,
  type SoakReport,
  type ToneReport,
} from './bench-pair.ts';
import { type AbsentRow, benchRoundTrips, type LinkName, type RoundTripRow } from './bench-round-trips.ts';
import { openBenchStudio } from './bench-studio.ts';
import { type BenchBrowser, closing, openChromium } from './chromium.ts';

export interface BrowserBenchOptions {
  /** Folder that holds `apps/web/dist`. */
  readonly checkout: string;
  readonly chromium: string;
  /** Of each row of round trips; 0 leaves them out. */
  readonly rowSeconds: number;
  /** Of sound that is compared, with the resampler off and on each; 0 leaves it out. */
  readonly pairSeconds: number;
  /** Of playing on; 0 leaves it out. */
  readonly minutes: number;
  readonly links: readonly LinkName[];
  readonly paths: readonly PathKind[];
  readonly seed: string;
  /** Chromium runs before all normal work, where the system allows it. */
  readonly isUrgent: boolean;
  /** Told of each part as it is done. */
  readonly onPart: (part: object) => void;
}

export interface BrowserBenchReport {
  readonly chromium: string;
  /** Of Chromium's processes and ours: `fifo` runs before all normal work. */
  readonly scheduling: 'fifo' | 'normal';
  readonly roundTrips: readonly (RoundTripRow | AbsentRow)[];
  readonly pair: PairReport | null;
  readonly tone: ToneReport | null;
  readonly soak: SoakReport | null;
}

/** Measures the browser's way into a room: each way to an echo, and pages that hear each other. */
export async function benchBrowser(
  options: BrowserBenchOptions,
): Promise<Result<BrowserBenchReport, 'chromium-missing'>> {
  const { isUrgent } = options;
  const first = await openChromium(options.chromium, { isUrgent });
  if (!first.ok) return first;
  const { version, scheduling } = first.value;
  const { rowSeconds, pairSeconds, minutes, links, paths, seed, onPart } = options;
  const webDirectory = join(options.checkout, 'apps', 'web', 'dist');
  const roundTrips =
    rowSeconds === 0
      ? []
      : await closing(first.value, (browser) =>
          benchRoundTrips(browser, { webDirectory, seconds: rowSeconds, links, paths, seed, onRow: onPart }),
        );
  if (rowSeconds === 0) await first.value.browser.close();
  const report = { chromium: version, scheduling, roundTrips, pair: null, tone: null, soak: null };
  if (pairSeconds === 0 && minutes === 0) return ok(report);
  const studio = await openBenchStudio(options.checkout);
  const withMicrophone = async <T>(wav: string, run: (browser: BenchBrowser) => Promise<T>): Promise<T> => {
    const opened = await openChromium(options.chromium, { wav, isUrgent });
    if (!opened.ok) throw new Error(opened.message); // it was there a moment ago
    return await closing(opened.value, run);
  };
  try {
    const pair =
      pairSeconds === 0
        ? null
        : await withMicrophone(studio.noiseWav, (browser) => benchPair(browser, studio, pairSeconds));
    if (pair !== null) onPart(pair);
    const tone =
      pairSeconds === 0
        ? null
        : await withMicrophone(studio.toneWav, (browser) => benchTone(browser, studio, pairSeconds));
    if (tone !== null) onPart(tone);
    const soak =
      minutes === 0
        ? null
        : await withMicrophone(studio.toneWav, (browser) => benchSoak(browser, studio, minutes, onPart));
    return ok({ ...report, pair, tone, soak });
  } finally {
    await studio.close();
  }
}
