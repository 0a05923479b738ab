import { mkdtempSync, rmSync } from 'node:fs';
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

test('a take that lacks sound because the disk did not keep up is said to have holes', () => {
  expect(reportText({ heard: [], takeBlocksDropped: 0 })).toBe('Nobody else was in the room.');
  expect(reportText({ heard: [], takeBlocksDropped: 3 })).toMatch(/HOLES.* 3 blocks/);
});

test('an evening that the relay ended is a failure that says what to look at', () => {
  expect(() => requireRelay({ isRelayLost: true })).toThrow(/relay stopped answering.*Join again/);
  expect(() => requireRelay({ isRelayLost: false })).not.toThrow();
});
