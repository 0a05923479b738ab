import { gzipSync } from 'node:zlib';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StudioProcess, startStudioForTest } from '../setup/studio-process.ts';
import {
  DESKTOP,
  keepScreen,
  listenIn,
  openBrowser,
  PHONE,
  seriousFindings,
  soundReport,
} from './page-browser.ts';

/** Issue budget of the first view. */
const SCRIPT_GZIP_BYTES_MAX = 250 * 1024;
const KINDS = ['music', 'code', 'compute', 'curation'] as const;

/** What this test needs of the studio's state. */
interface StateSeen {
  readonly evening: { readonly steps: readonly unknown[] };
  readonly peers: readonly unknown[];
  readonly takes: readonly {
    readonly sampleRateHz: number;
    readonly variants: readonly string[];
    readonly spans: readonly { readonly atSample: number; readonly fate: string }[];
  }[];
  readonly nodes: readonly { readonly state: string }[];
  readonly tasks: readonly unknown[];
  readonly contributionCounts: Readonly<Record<(typeof KINDS)[number], number>>;
  readonly epoch: { readonly revenueCents: string; readonly wallets: readonly unknown[] };
  readonly ledger: { readonly size: number };
}

let studio: StudioProcess;
let browser: Browser;
let state: StateSeen;

beforeAll(async () => {
  [studio, browser] = await Promise.all([startStudioForTest(), openBrowser()]);
  // The page under test checks the whole shape; here a few fields are read.
  state = (await (await fetch(`${studio.url}/api/state`)).json()) as StateSeen;
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await studio?.close();
});

async function withPage(
  options: { readonly viewport: typeof PHONE | typeof DESKTOP; readonly colorScheme?: 'light' | 'dark' },
  use: (page: Page) => Promise<void>,
  prepare: (page: Page) => Promise<void> = async () => undefined,
): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  try {
    await prepare(page);
    await page.goto(studio.url);
    await page.locator('#books .entry').first().waitFor();
    await use(page);
  } finally {
    await context.close();
  }
}

function dollars(cents: string): string {
  const text = cents.padStart(3, '0');
  return `$${text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')}.${text.slice(-2)}`;
}

describe('the page of a studio whose sample evening is over', () => {
  it('shows every part of the loop, as the studio’s state has it', async () => {
    await withPage({ viewport: DESKTOP }, async (page) => {
      expect(await page.locator('.empty').allTextContents()).toEqual([]);
      expect(await page.locator('.bar-done').count()).toBe(state.evening.steps.length);
      expect(await page.locator('#room .strip').count()).toBe(state.peers.length);
      expect(await page.locator('.take-switch input').count()).toBe(state.takes.length);
      expect(await page.locator('#machines .node').count()).toBe(state.nodes.length);
      expect(await page.locator('#machines .node-banned').count()).toBeGreaterThan(0);
      expect(await page.locator('#machines .cell').count()).toBeGreaterThan(0);
      expect(await page.locator('#machines .groove tbody tr').count()).toBeGreaterThan(0);
      for (const kind of KINDS) {
        const shown = await page.locator(`.kind-${kind} h3 strong`).textContent();
        expect(Number(shown?.replaceAll(',', ''))).toBe(state.contributionCounts[kind]);
        expect(state.contributionCounts[kind]).toBeGreaterThan(0);
      }
      expect(await page.locator('#contributions tbody tr').count()).toBeGreaterThan(0);
      expect(await page.locator('.flow strong').first().textContent()).toBe(
        dollars(state.epoch.revenueCents),
      );
      expect(await page.locator('.slice').count()).toBeGreaterThan(0);
      expect(await page.locator('.wallets > li').count()).toBe(state.epoch.wallets.length);
      expect(await page.locator('.log-key dd').first().textContent()).toContain(`${state.ledger.size}`);
    });
  });

  it('loads nothing from anywhere else, breaks no rule of its own policy and stays small', async () => {
    const requested: string[] = [];
    const complaints: string[] = [];
    const scripts: Promise<number>[] = [];
    await withPage(
      { viewport: DESKTOP },
      async (page) => {
        await page.waitForLoadState('load');
        const scriptBytes = (await Promise.all(scripts)).reduce((sum, bytes) => sum + bytes, 0);
        expect(requested.filter((url) => !url.startsWith(`${studio.url}/`))).toEqual([]);
        expect(complaints).toEqual([]);
        expect(scriptBytes).toBeGreaterThan(10_000);
        expect(scriptBytes).toBeLessThanOrEqual(SCRIPT_GZIP_BYTES_MAX);
      },
      async (page) => {
        page.on('request', (request) => requested.push(request.url()));
        page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        page.on('response', (response) => {
          if (response.request().resourceType() === 'script')
            scripts.push(response.body().then((body) => gzipSync(body).length));
        });
      },
    );
  });

  it('plays a take and switches between its versions without starting anew', async () => {
    await withPage(
      { viewport: DESKTOP },
      async (page) => {
        const bar = page.getByRole('slider', { name: 'Position' });
        const position = async (): Promise<number> => Number(await bar.inputValue());
        const variants = state.takes[0]?.variants ?? [];
        expect(variants).toEqual(expect.arrayContaining(['heard', 'repaired', 'sent']));

        await page.getByRole('button', { name: 'Play' }).click();
        await expect.poll(position, { timeout: 20_000 }).toBeGreaterThan(0.5);
        const playing = await soundReport(page);
        await expect
          .poll(async () => (await soundReport(page)).clocks[0])
          .toBeGreaterThan(playing.clocks[0] ?? 0);
        expect(playing.starts).toBe(variants.length);
        expect(openGains(playing.gains, variants)).toEqual(['heard']);

        for (const [key, variant] of [
          ['2', 'repaired'],
          ['3', 'sent'],
          ['1', 'heard'],
        ] as const) {
          const before = await position();
          await bar.focus();
          await page.keyboard.press(key);
          await expect
            .poll(async () => openGains((await soundReport(page)).gains, variants))
            .toEqual([variant]);
          expect(await page.locator(`.take .switch input[value="${variant}"]`).isChecked()).toBe(true);
          const after = await position();
          expect(after).toBeGreaterThanOrEqual(before);
          expect(after).toBeLessThan(before + 3);
        }
        const switched = await soundReport(page);
        expect(switched.starts, 'no source was started again').toBe(playing.starts);
        await expect
          .poll(async () => (await soundReport(page)).levels[variants.indexOf('heard')], { timeout: 20_000 })
          .toBeGreaterThan(0.0005);

        await page.getByRole('button', { name: 'Pause' }).click();
        const rested = await position();
        await page.getByRole('button', { name: 'Play' }).waitFor();
        expect(await position()).toBeCloseTo(rested, 0);
      },
      listenIn,
    );
  });

  it('jumps to the next gap and shows it close up', async () => {
    await withPage({ viewport: DESKTOP }, async (page) => {
      const [take] = state.takes;
      const audible = (take?.spans ?? []).filter((span) => span.fate !== 'recovered');
      const first = Math.min(...audible.map((span) => span.atSample)) / (take?.sampleRateHz ?? 1);
      await page.getByRole('button', { name: 'Next gap' }).click();
      await page.getByText(/^Gap 1 of \d+: /).waitFor();
      const bar = page.getByRole('slider', { name: 'Position' });
      await expect.poll(async () => Number(await bar.inputValue())).toBeCloseTo(Math.max(0, first - 0.5), 1);
      await page.getByText(/^Close-up, \d+ ms across$/).waitFor();
    });
  });

  it('tells of each wallet what earned it', async () => {
    await withPage({ viewport: DESKTOP }, async (page) => {
      const wallet = page.locator('.wallets > li').first();
      await wallet.getByRole('button', { name: /What earned it/ }).click();
      await wallet.locator('.wallet-lines li').first().waitFor();
    });
  });

  it('proves in the browser that an entry is in the log', async () => {
    await withPage({ viewport: DESKTOP }, async (page) => {
      const row = page.locator('.entry').first();
      await row.getByRole('button', { name: /Verify here/ }).click();
      await row.locator('[data-verdict]').waitFor();
      expect(await row.locator('[data-verdict]').getAttribute('data-verdict')).toBe('holds');
      expect(await row.locator('.check-ok').count()).toBe(4);
    });
  });

  const tamperings: readonly (readonly [string, RegExp, (proof: ProofSeen) => ProofSeen])[] = [
    ['leaf', /hash leads to the signed root/, (proof) => ({ ...proof, leafBase64: bend(proof.leafBase64) })],
    [
      'neighbouring hash',
      /hash leads to the signed root/,
      (proof) => ({ ...proof, hashesBase64: proof.hashesBase64.map(bend) }),
    ],
    [
      'signed root',
      /carries the log’s signature/,
      (proof) => ({
        ...proof,
        checkpoint: proof.checkpoint.replace(/\n([A-Za-z0-9+/]{43}=)\n/, `\n${'A'.repeat(43)}=\n`),
      }),
    ],
  ];
  it.each(tamperings)('shows a proof with a changed %s as failed', async (_, step, tamper) => {
    await withPage(
      { viewport: DESKTOP },
      async (page) => {
        const row = page.locator('.entry').first();
        await row.getByRole('button', { name: /Verify here/ }).click();
        await row.locator('[data-verdict="fails"]').waitFor();
        expect(await row.locator('.check-failed').allTextContents()).toEqual([expect.stringMatching(step)]);
        expect(await row.locator('.proof-verdict').textContent()).toMatch(/^Not proven/);
      },
      async (page) => {
        await page.route('**/api/ledger/entries/*/proof', (route) => answerTampered(route, tamper));
      },
    );
  });

  it('runs the audit when asked', async () => {
    await withPage({ viewport: DESKTOP }, async (page) => {
      const answered = page.waitForResponse('**/api/audit');
      await page.getByRole('button', { name: 'Run the audit' }).click();
      expect((await answered).status()).toBe(200);
      await page.getByText('The books agree.').waitFor();
      expect(await page.locator('.audit .check').count()).toBeGreaterThan(0);
    });
  });

  it('says what to do when the studio does not answer, and tries again', async () => {
    await withPage({ viewport: DESKTOP }, async (page) => {
      await page.route('**/proof', (route) => route.abort());
      const row = page.locator('.entry').first();
      await row.getByRole('button', { name: /Verify here/ }).click();
      await row
        .getByRole('alert')
        .getByText(/did not answer/)
        .waitFor();
      await page.unroute('**/proof');
      await row.getByRole('button', { name: 'Try again' }).click();
      await row.locator('[data-verdict="holds"]').waitFor();
    });
  });

  it('is reached and used by keyboard alone', async () => {
    await withPage({ viewport: DESKTOP }, async (page) => {
      const visited: string[] = [];
      for (let presses = 0; presses < 250; presses++) {
        await page.keyboard.press('Tab');
        const name = String(await page.evaluate('document.activeElement?.className ?? ""'));
        visited.push(name);
        if (name === 'verify') break;
      }
      expect(visited[0]).toBe('skip');
      expect(visited).toContain('seek');
      expect(visited.at(-1)).toBe('verify');
      await page.keyboard.press('Enter');
      await page.locator('[data-verdict="holds"]').waitFor();
    });
  });

  const screens = (['light', 'dark'] as const).flatMap((colorScheme) => [
    { name: `phone-${colorScheme}`, viewport: PHONE, colorScheme },
    { name: `desktop-${colorScheme}`, viewport: DESKTOP, colorScheme },
  ]);
  it.each(screens)(
    'fits $name and has no serious accessibility finding there',
    async ({ name, ...options }) => {
      await withPage(options, async (page) => {
        await page.locator('.verify').first().click();
        await page.locator('[data-verdict="holds"]').waitFor();
        await page.getByRole('button', { name: 'Next gap' }).click();
        await page.getByText(/^Close-up, \d+ ms across$/).waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(options.viewport.width);
        expect(await seriousFindings(page)).toEqual([]);
        await keepScreen(page, name);
      });
    },
  );

  it('changes its colours when told to, and remembers', async () => {
    await withPage({ viewport: PHONE, colorScheme: 'light' }, async (page) => {
      const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
      const light = await paper();
      await page.getByRole('radio', { name: 'Dark' }).check();
      const dark = await paper();
      expect(dark).not.toBe(light);
      await page.reload();
      await expect.poll(paper).toBe(dark);
    });
  });
});

interface ProofSeen {
  readonly leafBase64: string;
  readonly hashesBase64: readonly string[];
  readonly checkpoint: string;
}

async function answerTampered(route: Route, tamper: (proof: ProofSeen) => ProofSeen): Promise<void> {
  const response = await route.fetch();
  // The studio's own answer, of which three fields are touched.
  const proof = (await response.json()) as ProofSeen;
  await route.fulfill({ response, json: tamper(proof) });
}

/** The same bytes with one bit changed. */
function bend(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) ^ 1;
  return bytes.toString('base64');
}

/** The versions that can be heard; gains are made in the order of the take's variants. */
function openGains(gains: readonly number[], variants: readonly string[]): readonly string[] {
  return variants.filter((_, index) => (gains[index] ?? 0) > 0.99);
}
