import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { seededChance } from '@jamnet/base';
import { readTakeFile } from '@jamnet/jambox/takes';
import { decodeFlac, decodeWav, encodeWav, type MultitrackState, toIntegers } from '@jamnet/jdat';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM_PATH, openChromium } from '../../packages/studio/src/transports/bench/chromium.ts';
import { longestExactRun } from '../../packages/studio/src/transports/bench/exact-run.ts';
import { runCli, spawnCli } from '../setup/studio-process.ts';
import { lookAt } from './look-at.ts';
import { DESKTOP, keepScreen, listenIn, PHONE, seriousFindings, soundReport } from './page-browser.ts';
import { untranslated } from './sentences.ts';

const RATE_HZ = 48_000;
/** Two seconds of noise in 16 bits that repeats: every stretch of it is unlike every other. */
const SOURCE_FRAMES = 96_000;
/** A stretch of it that must be on a recording, sample for sample: a quarter of a second. */
const EXACT_FRAMES = 12_000;

let directory: string;
let studio: ReturnType<typeof spawnCli>;
let link: string;
let browser: Browser;
const sources = new Map<string, Float32Array>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-recording-'));
  for (const name of ['Ada', 'Bo']) {
    const chance = seededChance(`room-recording ${name}`);
    const noise = Float32Array.from(
      { length: SOURCE_FRAMES },
      () => Math.round((chance.unit() - 0.5) * 32_000) / 32_768,
    );
    sources.set(name, noise);
    writeFileSync(
      wavOf(name),
      encodeWav({ sampleRateHz: RATE_HZ, channels: [noise] }, { bitsPerSample: 16 }),
    );
  }
  studio = spawnCli(['up', '--no-sample', '--data', join(directory, 'data'), '--port', '0', '--json']);
  const [, opened] = await Promise.all([
    listening(),
    openChromium(process.env.JAMNET_CHROMIUM ?? CHROMIUM_PATH, { wav: wavOf('Ada') }),
  ]);
  if (!opened.ok) throw new Error(opened.message);
  browser = opened.value.browser;
}, 120_000);

afterAll(async () => {
  await browser?.close();
  studio?.kill('SIGTERM');
  if (studio !== undefined) await new Promise((resolve) => studio.once('exit', resolve));
  rmSync(directory, { recursive: true, force: true });
});

const wavOf = (name: string): string => join(directory, `${name}.wav`);

async function listening(): Promise<void> {
  if (!studio.stdout) throw new Error('the studio has no output');
  for await (const line of createInterface({ input: studio.stdout })) {
    // The program's own JSON Lines.
    if ((JSON.parse(line) as { event?: string }).event === 'listening') return;
  }
  throw new Error('the studio ended before it listened');
}

/** A room of its own for each test: its list begins empty. */
async function openRoom(room: string): Promise<void> {
  const run = await runCli(['room', 'invite', '--room', room, '--data', join(directory, 'data'), '--json']);
  expect(run.stderr).toBe('');
  link = (JSON.parse(run.stdout) as { link: string }).link; // our own command's answer
}

interface Player {
  readonly page: Page;
  readonly context: BrowserContext;
}

async function openPage(
  name: string,
  allows: boolean,
  prepare: (page: Page) => Promise<void> = async () => undefined,
): Promise<Player> {
  const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await prepare(page);
  await page.goto(link);
  await enter(page, name, allows);
  return { page, context };
}

async function enter(page: Page, name: string, allows: boolean): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('radio', { name: 'A sound file' }).check();
  await page.locator('input[type=file]').setInputFiles(wavOf(name === 'Cy' ? 'Bo' : name));
  await page.locator('input[name=consent-record]').setChecked(allows);
  await page.getByLabel(/Follow the other sound cards/).uncheck();
  await page.getByRole('button', { name: 'Join the room' }).click();
  await page.locator('[data-phase=playing]').waitFor({ timeout: 60_000 });
}

const recordingPhase = (page: Page, phase: string) =>
  page.locator(`[data-recording=${phase}]`).waitFor({ timeout: 60_000 });

/** Waits until the page's own recording is that long. */
async function recorded(page: Page, seconds: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const text = (await page.locator('.record-status').textContent()) ?? '';
        const [, minutes = '0', rest = '0'] = /(\d+):(\d\d)/.exec(text) ?? [];
        return 60 * Number(minutes) + Number(rest);
      },
      { timeout: 90_000 },
    )
    .toBeGreaterThanOrEqual(seconds);
}

const takeCount = (page: Page, count: number) =>
  expect.poll(() => page.locator('[data-take]').count(), { timeout: 90_000 }).toBe(count);

interface TrackSound {
  readonly from: string;
  readonly role: string;
  /** Samples by their places on the room's timeline. */
  readonly samples: Map<number, number>;
  readonly lostPackets: number;
}

/** The takes of a room as the studio keeps them. */
function archived(room: string): { recorder: string; state: MultitrackState; tracks: TrackSound[] }[] {
  const folder = join(directory, 'data', 'takes', 'archive', 'takes');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jdat'))
    .flatMap((name) => {
      const tracks: TrackSound[] = [];
      const read = readTakeFile(join(folder, name), { sound: true }, (record) => {
        if (record.type === 'track')
          tracks.push({ from: record.from, role: record.role, samples: new Map(), lostPackets: 0 });
        if (record.type === 'audio')
          record.samples?.forEach((sample, i) => {
            tracks[record.track]?.samples.set(record.atSample + i, sample);
          });
      });
      if (!read.ok) throw new Error(read.message);
      const { state } = read.value;
      return state.header.room === room ? [{ recorder: state.header.recorder, state, tracks }] : [];
    });
}

async function saved(page: Page, button: string): Promise<Uint8Array> {
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 60_000 }),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  return readFileSync(await download.path());
}

function exactRun(samples: Iterable<number>, name: string): number {
  const heard = Float32Array.from(samples, (sample) => sample / 32_768);
  return longestExactRun(heard, sources.get(name) ?? new Float32Array(0));
}

describe('recording in the room’s page', () => {
  it('lands as one take of each page whose player agreed, and what was heard is what was sent, sample for sample', async () => {
    await openRoom('duo');
    const ada = await openPage('Ada', true);
    const bo = await openPage('Bo', true);
    await Promise.all([
      ada.page.locator('[data-player=Bo]').waitFor(),
      bo.page.locator('[data-player=Ada]').waitFor(),
    ]);
    await ada.page.getByText('No recordings yet.').waitFor();
    await ada.page.getByRole('button', { name: 'Record', exact: true }).click();
    await recordingPhase(ada.page, 'recording');
    await bo.page.getByText('Ada is recording this room.').waitFor({ timeout: 30_000 });
    await recordingPhase(bo.page, 'recording');
    await expect
      .poll(() => bo.page.locator('.record-desk').textContent(), { timeout: 60_000 })
      .toContain('On it: you and Ada.');
    await recorded(bo.page, 6);
    await ada.page.getByRole('button', { name: 'Stop recording' }).click();
    await Promise.all([takeCount(ada.page, 2), takeCount(bo.page, 2)]);
    await Promise.all([recordingPhase(ada.page, 'idle'), recordingPhase(bo.page, 'idle')]);

    const takes = archived('duo');
    expect(takes.map(({ recorder }) => recorder).sort()).toEqual(['Ada', 'Bo']);
    const soundOf = (recorder: string, role: string): TrackSound => {
      const tracks = takes.find((take) => take.recorder === recorder)?.tracks ?? [];
      const found = tracks.find((track) => track.role === role);
      if (found === undefined) throw new Error(`${recorder} has no track ${role}`);
      return found;
    };
    for (const [from, by] of [
      ['Ada', 'Bo'],
      ['Bo', 'Ada'],
    ] as const) {
      const sent = soundOf(from, 'sent');
      const heard = soundOf(by, 'heard');
      expect([sent.from, heard.from]).toEqual([from, from]);
      // The card may miss its turn on a busy machine, and then it is missing in what was sent too.
      expect(exactRun(sent.samples.values(), from)).toBeGreaterThanOrEqual(EXACT_FRAMES);
      let both = 0;
      let differing = 0;
      for (const [place, sample] of heard.samples) {
        const original = sent.samples.get(place);
        if (original === undefined) continue;
        both++;
        if (original !== sample) differing++;
      }
      // However busy the machine is: some quarter of a second was there to be heard.
      expect(both).toBeGreaterThanOrEqual(EXACT_FRAMES);
      expect(differing).toBe(0);
    }
    await Promise.all([ada.context.close(), bo.context.close()]);
  });

  it('is drawn with its losses and saved as WAV, FLAC and JDAT; the page has no serious accessibility finding', async () => {
    await openRoom('solo');
    const { page, context } = await openPage('Ada', true);
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await recorded(page, 2);
    await page.getByRole('button', { name: 'Stop recording' }).click();
    await takeCount(page, 1);
    await page.getByRole('button', { name: 'Show' }).click();
    await page.locator('[data-role=sent][data-from=Ada]').waitFor({ timeout: 60_000 });
    const wav = decodeWav(await saved(page, 'Ada, as played, WAV'));
    if (!wav.ok) throw new Error(wav.message);
    const samples = [...toIntegers(wav.value.channels[0] ?? new Float32Array(0), 16)];
    const [take] = archived('solo');
    expect(samples).toEqual([...(take?.tracks[0]?.samples.values() ?? [])]);
    const unpacked: number[] = [];
    decodeFlac(await saved(page, 'Ada, as played, FLAC'), ([channel]) => {
      for (const sample of channel ?? []) unpacked.push(sample);
    });
    expect(unpacked).toEqual(samples);
    const jdat = Buffer.from(await saved(page, 'JDAT, all tracks')).toString();
    expect(jdat.split('\n')[0]).toContain('"recorder":"Ada"');
    for (const colorScheme of ['light', 'dark'] as const)
      for (const [size, viewport] of [
        ['phone', PHONE],
        ['desktop', DESKTOP],
      ] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
        expect(await seriousFindings(page)).toEqual([]);
        await keepScreen(page, `recording-${size}-${colorScheme}`);
      }
    await context.close();
  });

  it('is played in the page: heard, muted, moved in by slider and keys, to its end', async () => {
    await openRoom('hall');
    const { page, context } = await openPage('Ada', true, listenIn);
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await recorded(page, 12);
    await page.getByRole('button', { name: 'Stop recording' }).click();
    await takeCount(page, 1);
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('button', { name: 'Show' }).click();
    const play = page.locator('.take-details .play');
    const slider = page.getByRole('slider', { name: 'Place in the take: Ada, as played' });
    const at = async (): Promise<number> => Number(await slider.inputValue());
    const level = async (): Promise<number> => Math.max(0, ...(await soundReport(page)).levels);
    await play.click();
    // Noise at a quarter of full scale and above; the page's card gives nothing else.
    await expect.poll(level, { timeout: 60_000 }).toBeGreaterThan(0.1);
    await expect.poll(at, { timeout: 60_000 }).toBeGreaterThan(0.5);
    await page.getByRole('button', { name: 'Mute Ada, as played' }).click();
    await expect.poll(level, { timeout: 30_000 }).toBeLessThan(0.001);
    await page.getByRole('button', { name: 'Mute Ada, as played' }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await slider.focus();
    await page.keyboard.press('Home');
    await expect.poll(at).toBe(0);
    await page.keyboard.press('ArrowRight');
    await expect.poll(at).toBe(5);
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^0:05 of 0:1/);
    await page.keyboard.press('1');
    await page.locator('[data-track="0"][data-muted=true]').waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await expect.poll(at, { timeout: 60_000 }).toBeGreaterThan(10.2);
    await expect.poll(() => play.getAttribute('data-playing'), { timeout: 60_000 }).toBe('false');
    expect(await at()).toBeGreaterThan(11);
    expect(await seriousFindings(page)).toEqual([]);
    await keepScreen(page, 'recording-player');
    await context.close();
  });

  it('has nobody on it who has not agreed', async () => {
    await openRoom('shy');
    const ada = await openPage('Ada', true);
    const cy = await openPage('Cy', false);
    await ada.page.locator('[data-player=Cy]').waitFor();
    await ada.page.getByRole('button', { name: 'Record', exact: true }).click();
    await ada.page.getByText('Not on it, because they have not agreed: Cy.').waitFor({ timeout: 30_000 });
    await cy.page.getByText('Ada is recording this room.').waitFor({ timeout: 30_000 });
    await recorded(ada.page, 3);
    await cy.page.locator('[data-recording=idle]').waitFor();
    // Anybody in the room ends it.
    await cy.page.getByRole('button', { name: 'Stop recording' }).click();
    await takeCount(cy.page, 1);
    expect(archived('shy').map(({ tracks }) => tracks.map(({ from, role }) => `${from} ${role}`))).toEqual([
      ['Ada sent'],
    ]);
    await Promise.all([ada.context.close(), cy.context.close()]);
  });

  it('outlives a reload: what was recorded is closed and sent when its player comes back', async () => {
    await openRoom('reload');
    const { page, context } = await openPage('Ada', true);
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await recorded(page, 8);
    await page.reload();
    await enter(page, 'Ada', true);
    await takeCount(page, 1);
    const [take] = archived('reload');
    // What had not settled or was not written within two seconds is gone with the page.
    expect(take?.tracks[0]?.samples.size ?? 0).toBeGreaterThan(2 * RATE_HZ);
    await context.close();
  });

  it('speaks German from the door to the take: no sentence stays English, refusals neither', async () => {
    await openRoom('keller');
    const context = await browser.newContext({
      viewport: DESKTOP,
      reducedMotion: 'reduce',
      locale: 'de-DE',
    });
    const page = await context.newPage();
    await page.goto(`${link.slice(0, -3)}AAA`);
    await page.getByRole('alert').getByText('gehört zu einem anderen Studio').waitFor();
    await page.goto(link);
    await page.reload();
    await page.getByRole('heading', { name: 'Raum keller' }).waitFor();
    const names = ['Ada', 'Code', 'WAV', 'FLAC', 'MIDI'];
    for (const source of ['microphone', 'keys', 'listen', 'file']) {
      await page.locator(`input[name=source][value=${source}]`).check({ force: true });
      expect(await untranslated(page, names), source).toEqual([]);
    }
    await look(page, 'door');
    await page.getByLabel('Dein Name').fill('Ada');
    await page.locator('input[type=file]').setInputFiles(wavOf('Ada'));
    await page.locator('input[name=consent-record]').check();
    await page.getByRole('button', { name: 'In den Raum gehen' }).click();
    await page.getByText('Du bist drin.').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Los' }).click();
    await page.getByText(/Takt \d+, Schlag [1-4]/).waitFor();
    await page.getByRole('button', { name: 'Aufnehmen', exact: true }).click();
    await recorded(page, 2);
    const isFigure = (text: string): boolean => /^[\d.,−-]+ (ms|ppm)$|^\d+:\d\d · \d+ [kM]B$/.test(text);
    expect((await untranslated(page, names)).filter((text) => !isFigure(text))).toEqual([]);
    await keepScreen(page, 'room-german-inside');
    await page.getByRole('button', { name: 'Aufnahme beenden' }).click();
    await takeCount(page, 1);
    await page.getByRole('button', { name: 'Zeigen' }).click();
    await page.locator('.take-track').first().waitFor();
    expect((await untranslated(page, names)).filter((text) => !isFigure(text))).toEqual([]);
    await page.getByRole('button', { name: 'Hinausgehen' }).click();
    await page.getByText('Du bist hinausgegangen.').waitFor();
    await look(page, 'take');
    await context.close();
  });
});

const look = (page: Page, name: string): Promise<void> => lookAt(page, `room-german-${name}`);
