import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok } from '@jamnet/base';
import { nodeKeyFromSeed } from '@jamnet/jamnode';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModelReleases } from '../model-releases.ts';
import { CANDIDATE_LINES_MAX, CandidateJournal } from './candidate-journal.ts';
import { type ClipSource, TrialClips } from './trial-clips.ts';
import { CANDIDATES_SHOWN_MAX, type Passed, TrialDesk, type TrialEnd } from './trial-desk.ts';
import { TRIAL_POLICY, type TrialVote } from './trial-verdict.ts';

const KEY = nodeKeyFromSeed('7e'.repeat(32));
const SHIPPED = Buffer.from('shipped');
const ADA: ClipSource = { take: 'a'.repeat(64), player: 'ada' };
const BOB: ClipSource = { take: 'b'.repeat(64), player: 'bob' };

let models: string;
let curators: string[];
let ends: TrialEnd[];
let nowUs: bigint;
beforeEach(() => {
  models = mkdtempSync(join(tmpdir(), 'jamnet-trial-'));
  curators = ['a', 'b', 'c'];
  ends = [];
  nowUs = 5n;
});
afterEach(() => rmSync(models, { recursive: true }));

const releases = () => new ModelReleases(models, KEY.publicKey, (bytes) => ok({ id: bytes.toString() }));
const openDesk = (onEnd?: (end: TrialEnd) => Promise<void>) =>
  new TrialDesk({
    models,
    key: () => KEY,
    releases,
    shipped: () => SHIPPED,
    curatorGroups: async () => curators,
    groupOf: async ({ player }) => (player === 'ada' ? 'a' : null),
    nowUs: () => nowUs,
    onEnd: onEnd ?? (async (end) => void ends.push(end)),
  });

/** What the judge of a round leaves: as many clips as a trial takes, the first of ada's. */
function render(desk: TrialDesk, open = TRIAL_POLICY.openPairs): void {
  const clip = (n: number, isPlant: boolean) => ({
    id: `${isPlant ? 'f' : '0'}${n.toString(16).padStart(31, '0')}`,
    isPlant,
    sampleRateHz: 8000,
    frames: 4,
    source: n === 0 && !isPlant ? ADA : null,
    inQuestion: Float32Array.of(0, 0.5, -0.5, 0.25),
    other: Float32Array.of(0, 0.25, -0.25, 0.125),
  });
  new TrialClips(desk.clipsFolder).add([
    ...Array.from({ length: open }, (_, n) => clip(n, false)),
    ...Array.from({ length: TRIAL_POLICY.plants }, (_, n) => clip(n, true)),
  ]);
}

async function hear(desk: TrialDesk, more: Partial<Passed> = {}): Promise<string> {
  render(desk);
  const { createHash } = await import('node:crypto');
  const answer = await desk.hear({
    round: 'round-1',
    model: 'groove-1.round-1',
    bytes: Buffer.from('candidate'),
    byGate: { verdict: { bar: { jointPpm: 20_000n, lowerPpm: 9_000n } }, heldOutSha256: '0'.repeat(64) },
    releasedSha256: createHash('sha256').update(SHIPPED).digest('hex'),
    learnt: [],
    ...more,
  });
  return answer.state;
}

/** Every curator's answers, the planted ones right; `towards`: open clips on which each prefers the candidate. */
const votesOf =
  (towards: Readonly<Record<string, number>>) =>
  async (clips: ReadonlySet<string>): Promise<TrialVote[]> =>
    Object.entries(towards).flatMap(([payee, count]) =>
      [...clips].map((clip) => {
        const isPlanted = clip.startsWith('f');
        const isFor = isPlanted || Number.parseInt(clip, 16) < count;
        return { payee, ownerGroup: payee, clip, isPlanted, isFor };
      }),
    );

test('a candidate waits, and is released with its gain when curators do not prefer the old one', async () => {
  const desk = openDesk();
  expect(await hear(desk)).toBe('waits');
  expect(releases().current).toBeUndefined();
  expect(desk.candidates()).toMatchObject([
    {
      state: 'waiting',
      gainPpm: 20_000n,
      clips: 20,
      reason: expect.stringContaining('0 of 3'),
      endedAtUs: null,
    },
  ]);
  await desk.settle(votesOf({ a: 6, b: 6 }));
  expect(desk.candidates()[0]).toMatchObject({ state: 'waiting', groups: 2 });
  await desk.settle(votesOf({ a: 6, b: 6, c: 9 }));
  expect(desk.candidates()[0]).toMatchObject({ state: 'released', code: 'heard', groups: 3 });
  expect(releases().releases).toMatchObject([
    { kind: 'first', model: 'shipped' },
    { kind: 'release', model: 'candidate', gainPpm: 20_000n, gainLowerPpm: 9_000n },
  ]);
  expect(ends).toMatchObject([{ round: 'round-1', released: { version: 2 } }]);
  expect(existsSync(join(models, 'trial'))).toBe(false);
});

test('one that they hear as worse is refused: nothing is released, and the journal says why', async () => {
  const desk = openDesk();
  await hear(desk);
  await desk.settle(votesOf({ a: 1, b: 2, c: 1 }));
  expect(desk.candidates()[0]).toMatchObject({
    state: 'refused',
    reason: expect.stringContaining('prefer the released model'),
  });
  expect(releases().current).toBeUndefined();
  expect(ends).toMatchObject([{ released: null }]);
  expect(await hear(desk)).toBe('waits');
});

test('after its time the figures alone release it', async () => {
  const desk = openDesk();
  await hear(desk);
  nowUs += TRIAL_POLICY.deadlineUs;
  await desk.settle(votesOf({ a: 0 }));
  expect(desk.candidates()[0]).toMatchObject({ state: 'released', groups: 1 });
});

test.each([
  ['too few owner groups have curators', {}, ['a', 'b', 'b']],
  ['one of three is paid for the release', { learnt: [ADA] }, ['a', 'b', 'c']],
])('where %s the figures alone have decided', async (_why, more, groups) => {
  curators = groups;
  expect(await hear(openDesk(), more)).toBe('released');
  expect(releases().current?.model).toBe('candidate');
  expect(readdirSync(models).filter((name) => name.startsWith('candidates'))).toEqual([]);
});

test('nobody judges what the own group plays, and nothing at all where it is paid for the release', async () => {
  const desk = openDesk();
  await hear(desk, { learnt: [BOB] });
  expect(await desk.clipsFor('a')).toHaveLength(19);
  expect(await desk.clipsFor('b')).toHaveLength(20);
  await desk.withdraw('again, with other takes');
  curators = ['b', 'c', 'd'];
  await hear(desk, { learnt: [ADA] });
  expect(await desk.clipsFor('a')).toEqual([]);
  expect(await desk.clipsFor('b')).toHaveLength(20);
});

test('who was named as a player only after judging is not heard: it is paid for the release', async () => {
  curators = ['b', 'c', 'd'];
  const desk = openDesk();
  await hear(desk, { learnt: [ADA] });
  await desk.settle(votesOf({ a: 6, b: 6, c: 6 }));
  expect(desk.waiting()).not.toBe(null);
  await desk.settle(votesOf({ a: 6, b: 6, c: 6, d: 6 }));
  expect(desk.candidates()[0]).toMatchObject({ state: 'released' });
});

test('a restart goes on with what waits; what was released meanwhile ends it', async () => {
  await hear(openDesk());
  const desk = openDesk();
  expect(desk.waiting()).toMatchObject({ model: 'groove-1.round-1' });
  expect(await desk.clipsFor('b')).toHaveLength(20);
  releases().release(KEY, SHIPPED, null, 6n);
  releases().release(KEY, Buffer.from('another'), null, 7n);
  await desk.settle(votesOf({}));
  expect(desk.candidates()[0]).toMatchObject({
    state: 'refused',
    reason: expect.stringContaining('Another model was released'),
  });
  expect(releases().current?.model).toBe('another');
});

test('a studio that ended between the release and its line releases nothing twice', async () => {
  const full = async (): Promise<void> => {
    throw new Error('the disk is full');
  };
  await hear(openDesk());
  await expect(openDesk(full).settle(votesOf({ a: 6, b: 6, c: 6 }))).rejects.toThrow('full');
  expect(releases().current?.version).toBe(2);
  const desk = openDesk();
  await desk.settle(votesOf({ a: 6, b: 6, c: 6 }));
  expect(releases().current?.version).toBe(2);
  // Who judged is counted although it was decided before.
  expect(desk.candidates()[0]).toMatchObject({ state: 'released', groups: 3 });
  expect(ends).toMatchObject([{ released: { version: 2 } }]);
});

test('what was rendered for a round that never came to a candidate is gone when the next studio opens', () => {
  render(openDesk());
  expect(existsSync(join(models, 'trial'))).toBe(true);
  openDesk();
  expect(existsSync(join(models, 'trial'))).toBe(false);
});

test('a player who takes the consent back is heard no more, and no byte of the sound is left', async () => {
  const desk = openDesk();
  await hear(desk);
  const [own] = await desk.clipsFor('b');
  expect(desk.forget(ADA)).toBe(1);
  expect(desk.find(own?.id ?? '')).toBeNull();
  expect(readdirSync(desk.clipsFolder).filter((name) => name.startsWith(own?.id ?? 'none'))).toEqual([]);
  expect(desk.forget(ADA)).toBe(0);
});

test('withdrawing wants something that waits, and a reason', async () => {
  const desk = openDesk();
  expect(await desk.withdraw('x')).toMatchObject({ code: 'nothing-waits' });
  await hear(desk);
  expect(await desk.withdraw('  ')).toMatchObject({ code: 'reason-missing' });
  expect(await desk.withdraw('the takes were mislabelled')).toMatchObject({
    value: { state: 'refused', reason: 'the takes were mislabelled' },
  });
});

test.each([
  ['changed', (text: string) => text.replace('20000', '20001'), 'candidates-forged'],
  ['taken out', (text: string) => text.slice(text.indexOf('\n') + 1), 'candidates-broken'],
  ['of something else', () => '{}\n', 'candidates-malformed'],
])('a journal with a line %s is not believed', async (_what, change, code) => {
  const desk = openDesk();
  await hear(desk);
  await desk.withdraw('x');
  const file = join(models, 'candidates.jsonl');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  expect(() => openDesk().candidates()).toThrow(expect.objectContaining({ code }));
});

test('of many candidates the newest are told, and the journal has a last line', async () => {
  const desk = openDesk();
  await hear(desk);
  await desk.withdraw('x');
  const file = join(models, 'candidates.jsonl');
  const journal = new CandidateJournal(file, KEY);
  const [opened, ended] = journal.lines;
  for (let n = 0; n <= CANDIDATES_SHOWN_MAX; n++)
    for (const line of [opened, ended]) if (line) journal.append(line);
  expect(openDesk().candidates()).toHaveLength(CANDIDATES_SHOWN_MAX);
  const full = new CandidateJournal(file, KEY, journal.lines.length);
  expect(() => opened && full.append(opened)).toThrow(expect.objectContaining({ code: 'candidates-full' }));
  expect(CANDIDATE_LINES_MAX).toBeGreaterThan(journal.lines.length);
});
