import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Debian's Chromium, or the one the launcher found. As root it needs --no-sandbox; the rest keeps it off the network. */
const CHROMIUM = process.env.JAMNET_CHROMIUM ?? '/usr/bin/chromium';
const CHROMIUM_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const SCREENS = fileURLToPath(new URL('../../test-results/screens/', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const PHONE = { width: 390, height: 844 } as const;
export const DESKTOP = { width: 1280, height: 900 } as const;

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS });
}

/** The same with WebGPU, on SwiftShader, a graphics card in software. */
export function openBrowserWithGpu(): Promise<Browser> {
  const args = CHROMIUM_ARGUMENTS.filter((argument) => argument !== '--disable-gpu');
  const gpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];
  return chromium.launch({ executablePath: CHROMIUM, args: [...args, ...gpu] });
}

/** Keeps a picture of the whole page for whoever reads the results. */
export async function keepScreen(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  await page.screenshot({ path: `${SCREENS}${name}.png`, fullPage: true });
}

/** What axe-core finds serious or critical, one line each. Evaluated by the debugger, which no page policy hinders. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate(
    `${AXE}; axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
  );
  // The expression above yields a list of texts.
  return found as readonly string[];
}

/** What the page did with sound, as the browser's own audio objects tell it. */
export interface SoundReport {
  readonly clocks: readonly number[];
  readonly gains: readonly number[];
  readonly starts: number;
  /** Root mean square of what each gain lets through just now. */
  readonly levels: readonly number[];
}

/** Listens in on Web Audio before the page's own scripts run. */
export async function listenIn(page: Page): Promise<void> {
  await page.addInitScript(`{
    const heard = { contexts: [], gains: [], taps: [], starts: 0 };
    const Native = AudioContext;
    globalThis.AudioContext = class extends Native {
      constructor(...args) { super(...args); heard.contexts.push(this); }
      createGain() {
        const gain = super.createGain();
        const tap = this.createAnalyser();
        gain.connect(tap);
        heard.gains.push(gain);
        heard.taps.push(tap);
        return gain;
      }
    };
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (...args) { heard.starts++; return start.apply(this, args); };
    globalThis.soundReport = () => ({
      clocks: heard.contexts.map((context) => context.currentTime),
      gains: heard.gains.map((gain) => gain.gain.value),
      starts: heard.starts,
      levels: heard.taps.map((tap) => {
        const wave = new Float32Array(tap.fftSize);
        tap.getFloatTimeDomainData(wave);
        return Math.sqrt(wave.reduce((sum, sample) => sum + sample * sample, 0) / wave.length);
      }),
    });
  }`);
}

export async function soundReport(page: Page): Promise<SoundReport> {
  // The function installed by listenIn.
  return (await page.evaluate('soundReport()')) as SoundReport;
}

/** A page whose studio offers no WebTransport. */
export async function withoutWebTransport(page: Page): Promise<void> {
  // The worker's own scope cannot be reached by a script of the page: the studio's answer is what is taken away.
  await page.route('**/api/room/enter', async (route) => {
    const response = await route.fetch();
    // The studio's own answer, of which one part is taken away.
    const answer = (await response.json()) as { paths: object };
    await route.fulfill({ response, json: { ...answer, paths: { ...answer.paths, webtransport: null } } });
  });
}
