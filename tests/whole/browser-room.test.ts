import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { seededChance } from '@jamnet/base';
import { encodeWav } from '@jamnet/jdat';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM_PATH, openChromium } from '../../packages/studio/src/transports/bench/chromium.ts';
import { longestExactRun } from '../../packages/studio/src/transports/bench/exact-run.ts';
import {
  grantedAudio,
  takeRecorded,
  takeReports,
  tapPage,
} from '../../packages/studio/src/transports/bench/page-taps.ts';
import { toneResidualDb } from '../../packages/studio/src/transports/bench/tone-residual.ts';
import { runCli, spawnCli } from '../setup/studio-process.ts';
import { lookAt } from './look-at.ts';
import { heardKeys, lendMidi, playKey } from './midi-double.ts';
import { NativeGuest } from './native-guest.ts';
import { DESKTOP, keepScreen, PHONE, seriousFindings, withoutWebTransport } from './page-browser.ts';

/** Two seconds of noise in 16 bits that repeats: every stretch of it is unlike every other. */
const SOURCE_FRAMES = 96_000;
/** A stretch that must be found in what the other page plays, sample for sample: a quarter of a second. */
const EXACT_FRAMES = 12_000;
const RATE_HZ = 48_000;
const TONE_HZ = 1000;
/** 43 ms: short enough that the resampler's speed stays the same in it. */
const WINDOW_FRAMES = 2048;

let directory: string;
let studio: ReturnType<typeof spawnCli>;
let link: string;
let wav: string;
let toneWav: string;
let source: Float32Array;
let browser: Browser;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-room-'));
  source = noise(SOURCE_FRAMES);
  wav = join(directory, 'noise.wav');
  const coded = encodeWav({ sampleRateHz: RATE_HZ, channels: [source] }, { bitsPerSample: 16 });
  writeFileSync(wav, coded);
  toneWav = join(directory, 'tone.wav');
  const tone = Float32Array.from(
    { length: RATE_HZ },
    (_, i) => 0.9 * Math.sin((2 * Math.PI * TONE_HZ * i) / RATE_HZ),
  );
  writeFileSync(toneWav, encodeWav({ sampleRateHz: RATE_HZ, channels: [tone] }, { bitsPerSample: 16 }));
  studio = spawnCli(['up', '--no-sample', '--data', join(directory, 'data'), '--port', '0', '--json']);
  const [, opened] = await Promise.all([
    listening(),
    openChromium(process.env.JAMNET_CHROMIUM ?? CHROMIUM_PATH, { wav }),
  ]);
  if (!opened.ok) throw new Error(opened.message);
  browser = opened.value.browser;
  link = await invite('attic');
}, 120_000);

afterAll(async () => {
  await browser?.close();
  studio?.kill('SIGTERM');
  if (studio !== undefined) await new Promise((resolve) => studio.once('exit', resolve));
  rmSync(directory, { recursive: true, force: true });
});

async function listening(): Promise<string> {
  if (!studio.stdout) throw new Error('the studio has no output');
  for await (const line of createInterface({ input: studio.stdout })) {
    // The program's own JSON Lines.
    const event = JSON.parse(line) as { event?: string; url?: string };
    if (event.event === 'listening') return event.url ?? '';
  }
  throw new Error('the studio ended before it listened');
}

async function invite(room: string): Promise<string> {
  const run = await runCli(['room', 'invite', '--room', room, '--data', join(directory, 'data'), '--json']);
  expect(run.stderr).toBe('');
  return (JSON.parse(run.stdout) as { link: string }).link; // our own command's answer
}

/** Noise of the seed, below half of full scale, exact in 16 bits. */
function noise(frames: number): Float32Array {
  const chance = seededChance('browser-room');
  return Float32Array.from({ length: frames }, () => Math.round((chance.unit() - 0.5) * 32_000) / 32_768);
}

interface Joining {
  readonly name: string;
  readonly source: 'Microphone or instrument' | 'A sound file' | 'A MIDI keyboard' | 'Only listen';
  readonly followDrift?: boolean;
  readonly file?: string;
  readonly allows?: readonly ('record' | 'train' | 'strangers')[];
  readonly prepare?: (page: Page) => Promise<void>;
}

async function openPage({
  name,
  source: kind,
  followDrift = true,
  file = wav,
  allows = [],
  prepare,
}: Joining): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await prepare?.(page);
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('radio', { name: kind }).check();
  if (kind === 'A sound file') await page.locator('input[type=file]').setInputFiles(file);
  for (const each of allows) await page.locator(`input[name=consent-${each}]`).check();
  if (!followDrift) await page.getByLabel(/Follow the other sound cards/).uncheck();
  await page.getByRole('button', { name: 'Join the room' }).click();
  return { page, context };
}

const playing = (page: Page) => page.locator('[data-phase=playing]').waitFor({ timeout: 90_000 });
const hears = (page: Page, player: string) =>
  page.locator(`[data-player=${player}]`).waitFor({ timeout: 90_000 });
const seesListener = (page: Page, listener: string) =>
  page.locator(`[data-listener=${listener}]`).waitFor({ timeout: 90_000 });
const pathState = (page: Page, kind: string) =>
  page.locator(`[data-path=${kind}]`).getAttribute('data-state');

describe('a room in the browser', () => {
  it('carries one page’s samples to the other over WebTransport, bit for bit where the resampler is off', async () => {
    const ada = await openPage({ name: 'Ada', source: 'A sound file', followDrift: false });
    const bo = await openPage({
      name: 'Bo',
      source: 'Only listen',
      followDrift: false,
      prepare: tapPage,
    });
    await Promise.all([playing(ada.page), playing(bo.page), hears(bo.page, 'Ada')]);
    await seesListener(ada.page, 'Bo');
    expect(await pathState(ada.page, 'webtransport')).toBe('open');
    expect(await pathState(bo.page, 'webtransport')).toBe('open');
    // However busy the machine is: some quarter of a second comes through whole.
    let exact = 0;
    const until = Date.now() + 60_000;
    while (exact < EXACT_FRAMES && Date.now() < until)
      exact = Math.max(exact, longestExactRun(await takeRecorded(bo.page, 'output', RATE_HZ), source));
    expect(exact).toBeGreaterThanOrEqual(EXACT_FRAMES);
    await bo.page.getByRole('button', { name: 'Leave' }).click();
    await bo.page.getByText('You have left the room.').waitFor();
    await bo.page.getByRole('button', { name: 'Join again' }).click();
    await Promise.all([playing(bo.page), hears(bo.page, 'Ada')]);
    await Promise.all([ada.context.close(), bo.context.close()]);
  });

  it('keeps a tone to 90 dB where the resampler follows the other sound card', async () => {
    const ada = await openPage({ name: 'Amy', source: 'A sound file', file: toneWav });
    const bo = await openPage({ name: 'Ben', source: 'Only listen', prepare: tapPage });
    await Promise.all([playing(ada.page), playing(bo.page), hears(bo.page, 'Amy')]);
    let best = 0;
    const until = Date.now() + 60_000;
    while (best > -90 && Date.now() < until) {
      const heard = await takeRecorded(bo.page, 'output', RATE_HZ);
      for (let at = 0; at + WINDOW_FRAMES <= heard.length; at += WINDOW_FRAMES / 2)
        best = Math.min(best, toneResidualDb(heard.subarray(at, at + WINDOW_FRAMES), TONE_HZ, RATE_HZ));
    }
    expect(best).toBeLessThanOrEqual(-90);
    await Promise.all([ada.context.close(), bo.context.close()]);
  });

  it('falls back to the DataChannel where WebTransport is missing, and to WebSocket where both are, and says so', async () => {
    const cy = await openPage({
      name: 'Cy',
      source: 'Microphone or instrument',
      prepare: (page) => withoutWebTransport(page),
    });
    const di = await openPage({
      name: 'Di',
      source: 'Microphone or instrument',
      prepare: async (page) => {
        await withoutWebTransport(page);
        await page.route('**/api/room/offer', (route) => route.abort());
      },
    });
    await Promise.all([playing(cy.page), playing(di.page), hears(cy.page, 'Di'), hears(di.page, 'Cy')]);
    expect(await pathState(cy.page, 'webtransport')).toBe('failed');
    expect(await cy.page.locator('[data-path=webtransport]').textContent()).toContain('not used');
    expect(await pathState(cy.page, 'data-channel')).toBe('open');
    expect(await pathState(di.page, 'data-channel')).toBe('failed');
    expect(await pathState(di.page, 'websocket')).toBe('open');
    await Promise.all([cy.context.close(), di.context.close()]);
  });

  it('gets the quickest card that Chromium has, and a microphone that nothing is done to', async () => {
    const { page, context } = await openPage({
      name: 'Mic',
      source: 'Microphone or instrument',
      prepare: tapPage,
    });
    await playing(page);
    const granted = await grantedAudio(page);
    expect(granted.sampleRateHz).toBe(RATE_HZ);
    expect(granted.quantumFrames).toBe(64);
    // Two quanta of 64 frames at most, whatever else the machine does: it is what the browser plans with.
    expect(granted.baseLatencyMs).toBeLessThanOrEqual(2.7);
    expect(granted.microphone).toMatchObject({
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    });
    await context.close();
  });

  it('keeps one beat for all: whoever comes later has it too, and anybody stops it', async () => {
    const jo = await openPage({ name: 'Jo', source: 'A MIDI keyboard', prepare: lendMidi });
    await playing(jo.page);
    await jo.page.getByRole('button', { name: 'Use MIDI' }).click();
    await jo.page.getByLabel('Keys into the room').selectOption('keys');
    await jo.page.getByLabel('Beats a minute').fill('97.5');
    await jo.page.getByLabel('Beats a bar').fill('3');
    await jo.page.getByRole('button', { name: 'Start' }).click();
    await jo.page.locator('[data-running=true][data-tempo="97.5"]').waitFor();
    const kim = await openPage({ name: 'Kim', source: 'Only listen' });
    await kim.page.locator('[data-running=true][data-tempo="97.5"]').waitFor();
    await kim.page.getByText(/bar \d+, beat [1-3]/).waitFor();
    const follow = kim.page.getByRole('button', { name: 'Follow the band' });
    expect(await follow.isDisabled()).toBe(true);
    await kim.page.getByRole('button', { name: 'Click' }).click();
    await follow.click();
    await kim.page.getByText('until somebody plays on it').waitFor();
    // Whenever it is that Jo strikes near a beat: the click is with the band then, and says where.
    const isLed = async (): Promise<string | null> => {
      for (const status of [0x90, 0x80]) await playKey(jo.page, [status, 60, 100]);
      return await kim.page.locator('.band').getAttribute('data-led');
    };
    await expect.poll(isLed, { timeout: 30_000 }).toBe('true');
    await kim.page.getByText(/The click is with the band/).waitFor();
    await lookAt(kim.page, 'room-follow-the-band');
    await kim.page.getByRole('button', { name: 'Stop' }).click();
    await jo.page.locator('[data-running=false][data-tempo="97.5"]').waitFor();
    await Promise.all([jo.context.close(), kim.context.close()]);
  });

  it('carries keys, and ends the held note of a page that is gone without a goodbye', async () => {
    const lea = await openPage({ name: 'Lea', source: 'A MIDI keyboard', prepare: lendMidi });
    const max = await openPage({ name: 'Max', source: 'A MIDI keyboard', prepare: lendMidi });
    await Promise.all([hears(lea.page, 'Max'), hears(max.page, 'Lea')]);
    await Promise.all([playing(lea.page), playing(max.page)]);
    for (const { page } of [lea, max]) await page.getByRole('button', { name: 'Use MIDI' }).click();
    await lea.page.getByLabel('Keys into the room').selectOption('keys');
    await max.page.getByLabel('Play the others’ keys on').selectOption('synth');
    await playKey(lea.page, [0x90, 60, 100]);
    await expect.poll(() => heardKeys(max.page), { timeout: 20_000 }).toEqual([[0x90, 60, 100]]);
    await lea.context.close();
    await expect
      .poll(() => heardKeys(max.page), { timeout: 90_000 })
      .toEqual([
        [0x90, 60, 100],
        [0x80, 60, 0],
      ]);
    await max.context.close();
  });

  it('asks once what others may do with the sound, and shows it to them', async () => {
    const nia = await openPage({ name: 'Nia', source: 'A sound file', allows: ['train'] });
    const oda = await openPage({ name: 'Oda', source: 'A MIDI keyboard' });
    await Promise.all([playing(nia.page), hears(oda.page, 'Nia'), hears(nia.page, 'Oda')]);
    await oda.page.locator('[data-player=Nia]').getByText('allows: recording and training').waitFor();
    await nia.page.locator('[data-player=Oda]').getByText('allows no recording').waitFor();
    await nia.page.getByRole('button', { name: 'Leave' }).click();
    expect(await nia.page.getByLabel('Keep recordings of me').isChecked()).toBe(true);
    expect(await nia.page.getByLabel(/Let strangers/).isChecked()).toBe(false);
    await nia.page.reload();
    await nia.page.getByLabel('Your name').waitFor();
    expect(await nia.page.getByLabel(/Train JAMNet/).isChecked()).toBe(true);
    await Promise.all([nia.context.close(), oda.context.close()]);
  });

  it('shows a delay whose stages sum to the total', async () => {
    const pia = await openPage({ name: 'Pia', source: 'Microphone or instrument' });
    const quin = await openPage({ name: 'Quin', source: 'Only listen' });
    await Promise.all([playing(quin.page), hears(quin.page, 'Pia')]);
    // One look at the page, between two reports.
    const seen = (await quin.page.evaluate(`(() => {
      const row = document.querySelector('[data-player=Pia]');
      return {
        total: Number(row.dataset.totalMs),
        stages: [...row.querySelectorAll('.budget dd')].map((each) => parseFloat(each.textContent)),
      };
    })()`)) as { total: number; stages: number[] };
    expect(seen.stages).toHaveLength(6);
    const sum = seen.stages.reduce((all, each) => all + each, 0);
    // Six stages, each rounded to 0.01 ms.
    expect(Math.abs(sum - seen.total)).toBeLessThanOrEqual(0.04);
    await Promise.all([pia.context.close(), quin.context.close()]);
  });

  it('keeps link and room key out of every address, and the room key in the page', async () => {
    const asked: { url: string; body: string; headers: string }[] = [];
    let roomKey = '';
    const { page, context } = await openPage({
      name: 'Rae',
      source: 'A MIDI keyboard',
      prepare: async (at) => {
        at.on('request', (request) =>
          asked.push({
            url: request.url(),
            body: request.postData() ?? '',
            headers: JSON.stringify(request.headers()),
          }),
        );
        at.on('response', (response) => {
          if (response.url().endsWith('/api/room/enter'))
            response.json().then((answer: { roomKeyHex: string }) => {
              roomKey = answer.roomKeyHex;
            });
        });
      },
    });
    await playing(page);
    await expect.poll(() => roomKey).toMatch(/^[0-9a-f]{64}$/);
    const invitation = new URL(link).hash.replace('#join=', '');
    expect(invitation.length).toBeGreaterThan(40);
    // The browser lists the address of the page itself with its fragment, which it sends to nobody.
    const urls = asked.map(({ url }) => url.split('#')[0]);
    expect(urls.filter((url) => url?.includes(invitation))).toEqual([]);
    expect(asked.filter(({ headers }) => headers.includes(invitation))).toEqual([]);
    expect(asked.filter((each) => JSON.stringify(each).includes(roomKey))).toEqual([]);
    await context.close();
  });

  it('vouches for its stream to a native peer, and checks that peer’s', async () => {
    const box = await NativeGuest.enter(link, 'Box');
    box.plays = true;
    const vic = await openPage({ name: 'Vic', source: 'A sound file' });
    const page = () => box.session.players.find(({ member }) => member.player === 'Vic');
    // Every datagram in the lists that have come so far: thirty-two of them in each.
    await expect.poll(() => page()?.verifier?.verified ?? 0, { timeout: 60_000 }).toBeGreaterThanOrEqual(320);
    expect(page()?.verifier?.forged).toBe(0);
    const row = vic.page.locator('[data-player=Box]');
    await expect
      .poll(async () => Number(/(\d+) packets/.exec((await row.textContent()) ?? '')?.[1] ?? 0), {
        timeout: 60_000,
      })
      .toBeGreaterThanOrEqual(320);
    expect(await vic.page.locator('[data-forged]').count()).toBe(0);
    expect(box.session.counters).toMatchObject({ forged: 0, malformed: 0 });
    box.close();
    await vic.context.close();
  });

  it('offers a listener’s seat where sixteen play, and does not let who listens play', async () => {
    const attic = link;
    link = await invite('loft');
    const band: NativeGuest[] = [];
    for (let i = 0; i < 16; i++) band.push(await NativeGuest.enter(link, `Player ${i}`));
    await expect.poll(() => band.every(({ isSeated }) => isSeated), { timeout: 60_000 }).toBe(true);
    const late = await openPage({ name: 'Uma', source: 'A sound file', prepare: lendMidi });
    await late.page
      .getByRole('alert')
      .getByText(/no more seats for players/)
      .waitFor({ timeout: 90_000 });
    expect(await seriousFindings(late.page)).toEqual([]);
    await late.page.getByRole('button', { name: 'Listen instead' }).click();
    await late.page.getByText('You listen.', { exact: true }).waitFor({ timeout: 90_000 });
    await expect.poll(() => late.page.locator('[data-player]').count(), { timeout: 90_000 }).toBe(16);
    await late.page.getByRole('button', { name: 'Use MIDI' }).click();
    await late.page.getByLabel('Play the others’ keys on').waitFor();
    expect(await late.page.getByLabel('Keys into the room').count()).toBe(0);
    expect(await late.page.getByRole('button', { name: 'Mute', exact: true }).count()).toBe(0);
    await late.context.close();
    for (const guest of band) guest.close();
    link = attic;
  });

  it('refuses a changed link, a taken name and a forbidden microphone in plain words', async () => {
    const context = await browser.newContext({ viewport: PHONE });
    const page = await context.newPage();
    await page.goto(`${link.slice(0, -3)}AAA`);
    await page
      .getByRole('alert')
      .getByText(/ask whoever invited you/)
      .waitFor();
    await context.close();
    const first = await openPage({ name: 'Eve', source: 'A MIDI keyboard' });
    await playing(first.page);
    const second = await openPage({ name: 'Eve', source: 'A MIDI keyboard' });
    await second.page
      .getByRole('alert')
      .getByText(/choose another name/)
      .waitFor();
    await Promise.all([first.context.close(), second.context.close()]);
    const shy = await openPage({
      name: 'Flo',
      source: 'Microphone or instrument',
      prepare: async (at) => {
        await at.addInitScript(
          `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));`,
        );
      },
    });
    await shy.page
      .getByRole('alert')
      .getByText(/Allow it beside the address/)
      .waitFor();
    await shy.context.close();
  });

  it('shows the room with a tenth of a core at most beside the sound', async () => {
    const lou = await openPage({ name: 'Lou', source: 'A sound file' });
    const meg = await openPage({ name: 'Meg', source: 'A sound file', prepare: tapPage });
    await Promise.all([playing(meg.page), hears(meg.page, 'Lou')]);
    const inspector = await meg.context.newCDPSession(meg.page);
    // Processor time of the page's own thread, however much else the machine does: sound and network have others.
    await inspector.send('Performance.enable', { timeDomain: 'threadTicks' });
    const taskSeconds = async (): Promise<number> => {
      const { metrics } = await inspector.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
    };
    await takeReports(meg.page);
    const [before, begunMs] = [await taskSeconds(), performance.now()];
    let reports = 0;
    // Four a second: ten seconds of them.
    await expect
      .poll(
        async () => {
          reports += (await takeReports(meg.page)).length;
          return reports;
        },
        { timeout: 90_000, interval: 500 },
      )
      .toBeGreaterThanOrEqual(40);
    const share = (1000 * ((await taskSeconds()) - before)) / (performance.now() - begunMs);
    process.stdout.write(`room view: ${(100 * share).toFixed(1)} % of a core\n`);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(0.1);
    await Promise.all([lou.context.close(), meg.context.close()]);
  });

  const screens = (['light', 'dark'] as const).flatMap((colorScheme) => [
    { name: `room-phone-${colorScheme}`, viewport: PHONE, colorScheme },
    { name: `room-desktop-${colorScheme}`, viewport: DESKTOP, colorScheme },
  ]);
  it('fits phone and desktop in light and dark, without a serious accessibility finding', async () => {
    const gus = await openPage({ name: 'Gus', source: 'A sound file' });
    await playing(gus.page);
    const { page, context } = await openPage({ name: 'Hal', source: 'Only listen' });
    await Promise.all([playing(page), hears(page, 'Gus')]);
    for (const { name, viewport, colorScheme } of screens) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
      expect(await seriousFindings(page)).toEqual([]);
      await keepScreen(page, name);
    }
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByText('You have left the room.').waitFor();
    await page.setViewportSize(PHONE);
    expect(await seriousFindings(page)).toEqual([]);
    await keepScreen(page, 'room-phone-door');
    await context.close();
    await gus.context.close();
  });

  it('is joined by keyboard alone', async () => {
    const context = await browser.newContext({ viewport: DESKTOP });
    const page = await context.newPage();
    await page.goto(link);
    await page.getByLabel('Your name').focus();
    await page.keyboard.type('Ida');
    await page.keyboard.press('Enter');
    await playing(page);
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate('document.activeElement?.textContent')) === 'Leave') break;
    }
    await page.keyboard.press('Enter');
    await page.getByText('You have left the room.').waitFor();
    await context.close();
  });
});
