import { existsSync } from 'node:fs';
import { Failure, ok, type Result, refuse } from '@jamnet/base';
import { lowerThread, raiseThread } from '@jamnet/jambox';
import type { Browser } from 'playwright-core';

/** Debian's. */
export const CHROMIUM_PATH = '/usr/bin/chromium';

/** Chromium without a window, with a microphone that plays `wav` and a user who allows it; what a laptop does to save power is off. */
const ARGUMENTS = [
  '--headless',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
];

export interface BenchBrowser {
  readonly browser: Browser;
  readonly version: string;
  /** `fifo`: its processes run before all normal work; `normal`: the system did not allow it. */
  readonly scheduling: 'fifo' | 'normal';
}

export interface ChromiumOptions {
  /** What the microphone plays. */
  readonly wav?: string;
  /** Before all normal work, where the system allows it. */
  readonly isUrgent?: boolean;
}

/** Opens Chromium; the sandbox, which it refuses as root, is off there alone. */
export async function openChromium(
  path: string,
  { wav, isUrgent = false }: ChromiumOptions = {},
): Promise<Result<BenchBrowser, 'chromium-missing'>> {
  if (!existsSync(path))
    return refuse(
      'chromium-missing',
      `There is no Chromium at ${path}: install it (Debian: apt-get install chromium) or give --chromium PATH.`,
    );
  // Only this command needs it: loaded here, it slows no other.
  const { chromium } = await import('playwright-core');
  // Children inherit what this thread has while they are started.
  const { scheduling } = isUrgent ? raiseThread('inherit') : { scheduling: 'normal' as const };
  const fake = wav === undefined ? [] : [`--use-file-for-fake-audio-capture=${wav}`];
  // As root Chromium has no sandbox of its own.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  try {
    const browser = await chromium.launch({ executablePath: path, args: [...ARGUMENTS, ...root, ...fake] });
    return ok({ browser, version: browser.version(), scheduling });
  } finally {
    if (isUrgent) lowerThread();
  }
}

/** Runs what is to be measured and closes the browser; one that ended by itself meanwhile is a failure with a name. */
export async function closing<T, B extends Pick<BenchBrowser, 'browser'>>(
  opened: B,
  run: (opened: B) => Promise<T>,
): Promise<T> {
  try {
    return await run(opened);
  } catch (cause) {
    if (opened.browser.isConnected()) throw cause;
    const message =
      'Chromium ended in the middle of the measurement: give it memory and a machine that does nothing else, and measure again.';
    throw new Failure('browser-ended', message, { cause });
  } finally {
    await opened.browser.close();
  }
}
