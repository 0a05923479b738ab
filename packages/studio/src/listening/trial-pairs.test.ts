import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decodeWav } from '@jamnet/jdat';
import { type Database, openDatabase } from '@jamnet/sql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TakeStore } from '../takes/take-store.ts';
import type { TrialClip } from '../training/trial/trial-clips.ts';
import { TRIAL_POLICY, type TrialVote, trialVerdict } from '../training/trial/trial-verdict.ts';
import { ClipShelf } from './clips.ts';
import { type Hearing, ListeningDesk } from './listening-desk.ts';

const RATE_HZ = 8000;
const FRAMES = 4000;
const clips: TrialClip[] = Array.from({ length: 20 }, (_, n) => ({
  id: n.toString(16).padStart(32, '0'),
  isPlant: n >= 12,
  sampleRateHz: RATE_HZ,
  frames: FRAMES,
  source: null,
}));
/** The candidate is a tone, the released model the same tone a little later. */
const tone = (shift: number) =>
  Float32Array.from({ length: FRAMES }, (_, i) => 0.4 * Math.sin((i + shift) / 20));

let directory: string;
let database: Database;
let waiting: readonly TrialClip[];
let settled: readonly TrialVote[];
let versions: { readonly inQuestion: Float32Array; readonly other: Float32Array };
beforeEach(() => {
  versions = { inQuestion: tone(0), other: tone(9) };
  directory = mkdtempSync(join(tmpdir(), 'jamnet-trial-pairs-'));
  database = openDatabase({ directory, databaseUrl: undefined });
  waiting = clips;
  settled = [];
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

const hearing: Hearing = {
  clipsFor: async (group) => (group === 'paid for the release' ? [] : waiting),
  find: (id) => waiting.find((clip) => clip.id === id) ?? null,
  versions: () => versions,
  pairsMax: 20,
  settle: async (votes) => {
    settled = await votes(new Set(waiting.map(({ id }) => id)));
  },
};

let ids = 0;
const openDesk = () =>
  ListeningDesk.open({
    database,
    clips: new ClipShelf(new TakeStore(join(directory, 'takes'), () => 0)),
    trials: [hearing],
    economy: {
      ownerGroupOf: async (payee) => (payee === 'own' ? 'paid for the release' : null),
      ownerGroupsOf: async () => new Map(),
    },
    addContributions: async () => undefined,
    evidenceSecret: new Uint8Array(32).fill(1),
    drawSecret: new Uint8Array(32).fill(2),
    newId: () => (ids++).toString(16).padStart(32, '0'),
    nowUs: () => 1_000_000n,
  });

/** What the studio alone knows of a pair. */
function secretOf(pair: string): { readonly form: string; readonly side: 'a' | 'b'; readonly clip: string } {
  const books = new DatabaseSync(join(directory, 'jamnet.sqlite'), { readOnly: true });
  try {
    const row = books.prepare('SELECT form, side, clip FROM listening_pair WHERE id = ?').get(pair);
    return row as ReturnType<typeof secretOf>; // The row that was drawn.
  } finally {
    books.close();
  }
}

async function must<T>(answer: Promise<{ ok: true; value: T } | { ok: false; message: string }>): Promise<T> {
  const result = await answer;
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

/** Answers all pairs that come; `prefers` says whether the candidate, or what is right, is chosen. */
async function hearAll(
  desk: ListeningDesk,
  payee: string,
  prefers: (form: string) => boolean,
): Promise<{ readonly forms: string[]; readonly sides: string[] }> {
  const [forms, sides]: [string[], string[]] = [[], []];
  for (let view = await must(desk.look(payee)); view.pair !== null; ) {
    const { form, side } = secretOf(view.pair.id);
    forms.push(form);
    sides.push(side);
    const other = side === 'a' ? 'b' : 'a';
    view = await must(desk.answer(payee, view.pair.id, prefers(form) ? side : other));
  }
  return { forms, sides };
}

test('while a candidate waits a curator hears its twelve pairs and eight planted ones, in an order and on sides drawn by chance', async () => {
  const desk = await openDesk();
  const one = await hearAll(desk, 'one', () => true);
  const two = await hearAll(desk, 'two', () => true);
  const count = (forms: string[], form: string) => forms.filter((each) => each === form).length;
  for (const { forms, sides } of [one, two]) {
    expect([count(forms, 'trial'), count(forms, 'trial-plant')]).toEqual([12, 8]);
    // Six and four in each round of ten: a curator is known to listen before anything is counted.
    expect(count(forms.slice(0, 10), 'trial-plant')).toBe(4);
    expect(new Set(sides).size).toBe(2);
  }
  expect(one.forms).not.toEqual(two.forms);
  expect(one.sides).not.toEqual(two.sides);
});

test('what curators say of the candidate decides on it, each counted for who said it', async () => {
  const desk = await openDesk();
  const worse = (form: string) => form === 'trial-plant';
  for (const payee of ['one', 'two', 'three']) await hearAll(desk, payee, worse);
  const verdict = trialVerdict(TRIAL_POLICY, settled, { openedAtUs: 0n, nowUs: 0n });
  expect(verdict).toMatchObject({ state: 'refused', groups: 3, untrusted: 0 });
  // The planted answers were right and are paid; what was said against the candidate agrees with the others.
  const view = await must(desk.look('one'));
  expect(view.standing).toMatchObject({ settled: 20, agreeing: 20 });
  expect(view.clips).toEqual({ offered: 0, approved: 0 });
});

test('of the candidate that waits only its own answers are read, and not those about the ones before', async () => {
  const desk = await openDesk();
  await hearAll(desk, 'one', () => true);
  const before = settled;
  waiting = clips.map((clip) => ({ ...clip, id: clip.id.replace(/^0/, 'e') }));
  await desk.settleTrials();
  expect([before.length, settled]).toEqual([20, []]);
  await hearAll(desk, 'two', () => true);
  expect(new Set(settled.map(({ clip }) => clip))).toEqual(new Set(waiting.map(({ id }) => id)));
  expect(new Set(settled.map(({ payee }) => payee))).toEqual(new Set(['two']));
  waiting = [];
  await desk.settleTrials();
  expect(settled).toEqual([]);
});

test('who always chooses the same side is known from the planted pairs and does not count', async () => {
  const desk = await openDesk();
  for (let view = await must(desk.look('left')); view.pair !== null; )
    view = await must(desk.answer('left', view.pair.id, 'a'));
  expect(settled).toHaveLength(20);
  const verdict = trialVerdict(TRIAL_POLICY, settled, { openedAtUs: 0n, nowUs: 0n });
  expect(verdict).toMatchObject({ state: 'waiting', groups: 0, untrusted: 1 });
});

test('whoever is paid for the release is asked nothing', async () => {
  const desk = await openDesk();
  expect((await must(desk.look('own'))).pair).toBeNull();
});

test('neither names nor sizes, bytes or order tell which side is the candidate', async () => {
  const desk = await openDesk();
  const files = new Set<string>();
  const firstIsLouder = { candidate: 0, released: 0 };
  for (let view = await must(desk.look('one')); view.pair !== null; ) {
    const { id } = view.pair;
    expect(Object.keys(view.pair).sort()).toEqual(['form', 'id', 'seconds']);
    expect(view.pair.form).toBe('ab');
    const [a, b] = [await must(desk.sound('one', id, 'a')), await must(desk.sound('one', id, 'b'))];
    expect(a.length).toBe(b.length);
    for (const file of [a, b]) files.add(Buffer.from(file).toString('base64'));
    // The same pair again gives the same bytes: nothing is learnt by asking often.
    expect(await must(desk.sound('one', id, 'a'))).toEqual(a);
    const louder = energyOf(a) > energyOf(b) ? 'a' : 'b';
    firstIsLouder[louder === secretOf(id).side ? 'candidate' : 'released']++;
    view = await must(desk.answer('one', id, 'a'));
  }
  // 20 pairs of the very same two sounds: 40 different files.
  expect(files.size).toBe(40);
  expect(Math.min(firstIsLouder.candidate, firstIsLouder.released)).toBeGreaterThan(2);
});

test('the candidate sounds on the side that its pair remembers', async () => {
  versions = { inQuestion: tone(0), other: new Float32Array(FRAMES) };
  const desk = await openDesk();
  for (let view = await must(desk.look('one')); view.pair !== null; ) {
    const { id } = view.pair;
    const sounding = energyOf(await must(desk.sound('one', id, 'a'))) > 1 ? 'a' : 'b';
    expect(sounding).toBe(secretOf(id).side);
    view = await must(desk.answer('one', id, 'a'));
  }
});

test('a candidate that is decided while its pair is open leaves the curator with the next pair, or none', async () => {
  const desk = await openDesk();
  const { pair } = await must(desk.look('one'));
  waiting = [];
  expect((await must(desk.look('one'))).pair).toBeNull();
  expect(await desk.sound('one', pair?.id ?? '', 'a')).toMatchObject({ ok: false });
});

function energyOf(file: Uint8Array): number {
  const wav = decodeWav(file);
  if (!wav.ok) throw new Error(wav.message);
  return (wav.value.channels[0] ?? new Float32Array(0)).reduce((sum, sample) => sum + sample * sample, 0);
}
