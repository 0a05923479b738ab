import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runJamnet } from '../testing/run-jamnet.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-report-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const LINK = {
  ...{ from: 'ann', to: 'bob', inputUs: 0, packetUs: 2_667, networkUs: 400, bufferUs: 8_000, outputUs: 0 },
  ...{ lossShare: 0, burstDatagrams: 1, lateUsP50: 250, lateUsP99: 1_250, lateUsP999: 3_000 },
  ...{ recoveredShare: 0, concealedShare: 0, lateShare: 0, clockErrorUs: 120, driftPpm: 0 },
};

/** 4,000 periods, so many of which were at least 3 ms late, and a third more as late as 2.9 ms. */
const engine = (stalled: number) => ({
  periodsLateBy100Us: Array.from({ length: 51 }, (_, i) =>
    i === 0 ? 4_000 : i < 30 ? stalled + 12 : stalled,
  ),
});

async function judged(report: unknown): Promise<string> {
  const file = join(root, 'evening.json');
  writeFileSync(file, typeof report === 'string' ? report : JSON.stringify(report));
  return (await runJamnet(root, ['doctor', '--report', file])).out;
}

test('an evening in which all went well needs no change', async () => {
  expect(await judged({ player: 'ann', links: [LINK], engine: engine(0) })).toContain('Nothing to change.');
});

test('a machine that wakes late is named with its share of periods, and the buffer that it holds up too', async () => {
  const slow = { ...LINK, bufferUs: 60_000, lateUsP999: 23_000, concealedShare: 0.001 };
  const said = await judged({ player: 'ann', links: [slow], engine: engine(20) });
  expect(said).toMatch(/CHANGE {2}ann's machine came over 3\.0 ms late to 0\.5 %/);
  expect(said).toMatch(/CHANGE {2}bob waits 60\.0 ms for ann though 99 of 100 datagrams come within 1\.3 ms/);
});

test('a delay that players feel is spoken of although no part of it stands out', async () => {
  const said = await judged({ player: 'ann', links: [{ ...LINK, networkUs: 20_000 }], engine: engine(0) });
  expect(said).not.toContain('Nothing to change.');
  expect(said).toContain('ann → bob takes over 25 ms');
});

test.each([
  ['sound', 'RIFF\u0000\u0001WAVE', 'report-malformed', /is no JSON: give what "jamnet play --json" wrote/],
  ['another report', { player: 'ann' }, 'report-malformed', /holds no links: give what/],
])('%s in place of a report is refused in words of ours', async (_, report, code, message) => {
  const told = await judged(report).catch((error: unknown) => error);
  expect(told).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(String(told)).not.toMatch(/Unexpected token|ENOENT/);
});

test('a report that is not there is refused in words of ours', async () => {
  const file = join(root, 'none.json');
  const told = await runJamnet(root, ['doctor', '--report', file]).catch((error: unknown) => error);
  expect(told).toMatchObject({ code: 'report-unreadable', message: expect.stringContaining(file) });
  expect(String(told)).not.toContain('ENOENT');
});
