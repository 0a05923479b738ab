import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { refusalOf, runJamnet } from '../testing/run-jamnet.ts';
import { reportText, requireRelay } from './join-and-play.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-play-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const playCode = async (...words: string[]): Promise<string | undefined> => {
  const play = ['play', '--room', 'attic', '--player', 'ada', '--out', root, '--data', root, ...words];
  return (await refusalOf(runJamnet(root, play))).code;
};

test('a width of samples that does not exist, or that a pipe has not, is refused before a studio is asked', async () => {
  expect(await playCode('--bits', '20', '--input', '-')).toBe('option-invalid');
  expect(await playCode('--bits', '24', '--input', '-')).toBe('option-invalid');
  expect(await playCode('--bits', '16', '--input', '-')).toBe('studio-not-running');
});

test.each([
  ['--wait', '1.5'],
  ['--wait', '17'],
  ['--copies', '1,1'],
  ['--copies', '3,1'],
  ['--copies', '1,2,3,4,5,6,7,8'],
  ['--copies', '65'],
  ['--copies', ''],
  ['--delay', ''],
  ['--delay', '201'],
  ['--room', ''],
  ['--room', 'x'.repeat(33)],
  ['--player', 'x'.repeat(300)],
  ['--player', 'a/b'],
  ['--tempo', '19'],
  ['--tempo', '120/0'],
])('%s "%s" is refused as usage, by that name and without repeating it at length', async (option, value) => {
  const play = ['play', '--room', 'attic', '--player', 'ada', '--out', root, '--data', root, '--input', '-'];
  const told = await runJamnet(root, [...play, option, value]).catch((error: unknown) => error);
  expect(told).toMatchObject({
    code: 'option-invalid',
    exitCode: 2,
    message: expect.stringContaining(option),
  });
  expect(String(told).length).toBeLessThan(250);
});

test('as many copies as there may be, far back, are no fault', async () => {
  expect(await playCode('--input', '-', '--copies', '1,2,3,5,8,13,64')).toBe('studio-not-running');
});

test('a place that nothing can be written to is told before a studio is asked for a seat', async () => {
  writeFileSync(join(root, 'file'), '');
  const words = ['--studio', 'http://127.0.0.1:1', '--token-file', join(root, 'file'), '--input', '-'];
  expect(await playCode(...words, '--out', join(root, 'file', 'below'))).toBe('output-unwritable');
});

test('a take that lacks sound because the disk did not keep up is said to have holes', () => {
  expect(reportText({ heard: [], takeBlocksDropped: 0 })).toBe('Nobody else was in the room.');
  expect(reportText({ heard: [], takeBlocksDropped: 3 })).toMatch(/HOLES.* 3 blocks/);
});

test('an evening that the relay ended is a failure that says what to look at', () => {
  expect(() => requireRelay({ isRelayLost: true })).toThrow(/relay stopped answering.*Join again/);
  expect(() => requireRelay({ isRelayLost: false })).not.toThrow();
});
