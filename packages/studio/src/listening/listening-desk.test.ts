import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '@jamnet/base';
import type { Contribution } from '@jamnet/economy';
import { decodeWav } from '@jamnet/jdat';
import { type Database, openDatabase } from '@jamnet/sql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TakeStore } from '../takes/take-store.ts';
import { ClipShelf } from './clips.ts';
import { ROUND_PAIRS } from './draw-pair.ts';
import { ListeningDesk, type ListeningParts, type ListeningView } from './listening-desk.ts';
import { putRepairedTake } from './testing/repaired-take.ts';

const TAKE = '5a'.repeat(20);
let directory: string;
let database: Database;
let takes: TakeStore;
let filed: Contribution[];
let groups: Map<string, string>;
let made: Map<string, ReadonlySet<string>>;
let takesNothing: boolean;
let nowUs: bigint;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-listening-'));
  database = openDatabase({ directory, databaseUrl: undefined });
  takes = new TakeStore(join(directory, 'takes'), () => 0);
  filed = [];
  groups = new Map();
  made = new Map();
  takesNothing = false;
  nowUs = 1_000_000n;
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

let ids = 0;
const openDesk = (more: Partial<ListeningParts> = {}) =>
  ListeningDesk.open({
    database,
    clips: new ClipShelf(takes),
    economy: {
      ownerGroupOf: async (payee) => groups.get(payee) ?? null,
      ownerGroupsOf: async () => made,
    },
    addContributions: async (contributions) => {
      if (takesNothing) throw new Failure('no-policy', 'Publish a policy first.');
      for (const contribution of contributions)
        if (!filed.some(({ id }) => id === contribution.id)) filed.push(contribution);
    },
    evidenceSecret: new Uint8Array(32).fill(1),
    drawSecret: new Uint8Array(32).fill(2),
    newId: () => (ids++).toString(16).padStart(32, '0'),
    nowUs: () => nowUs,
    ...more,
  });

/** What the studio alone knows of a pair. */
function secretOf(pair: string): { form: string; side: 'a' | 'b'; x: 'a' | 'b' | '' } {
  const books = new DatabaseSync(join(directory, 'jamnet.sqlite'), { readOnly: true });
  try {
    return books.prepare('SELECT form, side, x FROM listening_pair WHERE id = ?').get(pair) as ReturnType<
      typeof secretOf
    >;
  } finally {
    books.close();
  }
}

const other = (side: 'a' | 'b'): 'a' | 'b' => (side === 'a' ? 'b' : 'a');
type Ear = (secret: ReturnType<typeof secretOf>) => 'a' | 'b';
/** Hears everything: finds X, and prefers the repaired and the sent sound. */
const golden: Ear = ({ side, x }) => (x === '' ? side : x);
const deaf: Ear = (secret) => other(golden(secret));
const alwaysLeft: Ear = () => 'a';

async function listen(
  desk: ListeningDesk,
  payee: string,
  ear: Ear,
  pairs = ROUND_PAIRS,
): Promise<ListeningView> {
  let view = await must(desk.look(payee));
  for (let n = 0; n < pairs && view.pair !== null; n++)
    view = await must(desk.answer(payee, view.pair.id, ear(secretOf(view.pair.id))));
  return view;
}

async function must<T>(answer: Promise<{ ok: true; value: T } | { ok: false; message: string }>): Promise<T> {
  const result = await answer;
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

describe('a listening desk', () => {
  beforeEach(() => putRepairedTake(takes, TAKE, { holes: 12 }));

  test('two curators of different households who hear alike are both paid, the first when the second has judged', async () => {
    const desk = await openDesk();
    const first = await listen(desk, 'p1', golden);
    expect(first).toMatchObject({
      answered: 0,
      of: 10,
      standing: { rounds: 1, settled: 3, agreeing: 3, waiting: 6 },
    });
    // Three planted pairs: 3000 − ⌈1645·√3⌉.
    expect(first.standing.creditMilliVotes).toBe(150n);
    const second = await listen(desk, 'p2', golden);
    expect(second.standing).toMatchObject({ settled: 9, agreeing: 9, waiting: 0, creditMilliVotes: 4_065n });
    expect((await must(desk.look('p1'))).standing.creditMilliVotes).toBe(4_065n);
    const meritOf = (payee: string) =>
      filed.filter(({ payees }) => payees[0]?.payee === payee).reduce((sum, { merit }) => sum + merit, 0n);
    expect([meritOf('p1'), meritOf('p2')]).toEqual([4_065n, 4_065n]);
    expect(second.clips).toEqual({ offered: 12, approved: 6 });
  });

  test.each([
    ['who always answers left', alwaysLeft],
    ['who hears the opposite', deaf],
  ])('a curator %s earns nothing beside honest ones', async (_who, ear) => {
    const desk = await openDesk();
    await listen(desk, 'p1', golden);
    await listen(desk, 'p2', golden);
    const view = await listen(desk, 'p3', ear);
    expect(view.standing.settled).toBe(9);
    expect(view.standing.creditMilliVotes).toBe(0n);
    expect(filed.some(({ payees }) => payees[0]?.payee === 'p3')).toBe(false);
  });

  test('two curators of one household are nobody to each other', async () => {
    for (const payee of ['p1', 'p2']) groups.set(payee, 'house');
    const desk = await openDesk();
    await listen(desk, 'p1', golden);
    const view = await listen(desk, 'p2', golden);
    expect(view.standing).toMatchObject({ settled: 3, waiting: 6 });
    expect(view.clips.approved).toBe(0);
  });

  test('nobody is asked about what the own household played or repaired', async () => {
    groups.set('p1', 'house');
    made.set(TAKE, new Set(['house']));
    const desk = await openDesk();
    expect((await must(desk.look('p1'))).pair).toBeNull();
    expect((await must(desk.look('p2'))).pair).not.toBeNull();
  });

  test('a pair tells nothing, stays until it is answered, and is its own curator’s alone', async () => {
    const desk = await openDesk();
    const { pair } = await must(desk.look('p1'));
    expect(Object.keys(pair ?? {}).sort()).toEqual(['form', 'id', 'seconds']);
    expect((await must(desk.look('p1'))).pair).toEqual(pair);
    const id = pair?.id ?? '';
    expect(await desk.sound('p2', id, 'a')).toMatchObject({ ok: false, code: 'pair-unknown' });
    expect(await desk.answer('p2', id, 'a')).toMatchObject({ ok: false, code: 'pair-unknown' });
    expect((await must(desk.answer('p1', id, 'a'))).answered).toBe(1);
    expect((await must(desk.answer('p1', id, 'a'))).answered).toBe(1);
    expect(await desk.answer('p1', id, 'b')).toMatchObject({ ok: false, code: 'pair-answered' });
  });

  test('the sides are the versions that were drawn, X is one of them, and all are equally long', async () => {
    const desk = await openDesk();
    const forms = new Map<string, number>();
    let view = await must(desk.look('p1'));
    for (let n = 0; n < ROUND_PAIRS; n++) {
      const id = view.pair?.id ?? '';
      const secret = secretOf(id);
      forms.set(secret.form, (forms.get(secret.form) ?? 0) + 1);
      const [a, b] = [await soundOf(desk, id, 'a'), await soundOf(desk, id, 'b')];
      expect(a.length).toBe(b.length);
      const [good, bad] = secret.side === 'a' ? [a, b] : [b, a];
      // The version in question has more of the note in the hole than the other.
      expect(energyInHole(good)).toBeGreaterThan(energyInHole(bad));
      if (secret.x === '') expect(await desk.sound('p1', id, 'x')).toMatchObject({ code: 'pair-unknown' });
      else {
        const x = await soundOf(desk, id, 'x');
        const [same, other] = secret.x === 'a' ? [a, b] : [b, a];
        // The sound of one side, in bytes of neither.
        expect(difference(x, same)).toBeLessThan(difference(x, other));
        expect(x).not.toEqual(same);
      }
      view = await must(desk.answer('p1', id, golden(secret)));
    }
    expect(Object.fromEntries(forms)).toEqual({ open: 6, plant: 2, 'abx-plant': 1, 'abx-open': 1 });
  });

  test('within a round nothing tells which answers were right, nor what others said', async () => {
    const desk = await openDesk();
    const { standing, clips } = await listen(desk, 'p1', golden);
    const during = await listen(desk, 'p2', golden, 9);
    expect(during).toMatchObject({ answered: 9, standing: { settled: 0, agreeing: 0, waiting: 0 }, clips });
    expect((await must(desk.look('p1'))).standing).toEqual(standing);
  });

  test('what the economy did not take is filed with the next round, once', async () => {
    const desk = await openDesk();
    takesNothing = true;
    expect((await listen(desk, 'p1', golden)).standing.creditMilliVotes).toBe(150n);
    expect(filed).toEqual([]);
    takesNothing = false;
    const again = await openDesk();
    await listen(again, 'p2', golden);
    expect(filed.map(({ merit }) => merit).sort()).toEqual([150n, 3_915n, 4_065n]);
  });

  test('a day has room for so many answers and no more', async () => {
    const desk = await openDesk({ answersPerDayMax: 4 });
    const view = await listen(desk, 'p1', golden, 4);
    expect(await desk.answer('p1', view.pair?.id ?? '', 'a')).toMatchObject({
      ok: false,
      code: 'answers-today-too-many',
    });
    nowUs += 86_400_000_001n;
    expect((await must(desk.answer('p1', view.pair?.id ?? '', 'a'))).answered).toBe(5);
  });

  test('a pair whose take is gone is asked no more', async () => {
    const desk = await openDesk();
    const { pair } = await must(desk.look('p1'));
    rmSync(join(directory, 'takes', TAKE), { recursive: true });
    expect(await desk.sound('p1', pair?.id ?? '', 'a')).toMatchObject({ code: 'clip-gone' });
    expect((await must(desk.look('p1'))).pair).toBeNull();
  });
});

test('only takes whose players let strangers hear excerpts are offered', async () => {
  putRepairedTake(takes, TAKE, { holes: 3, consent: { strangers: false } });
  const desk = await openDesk();
  expect(await must(desk.look('p1'))).toMatchObject({ pair: null, clips: { offered: 0 } });
});

test('with few clips a round ends early, and what was answered counts', async () => {
  putRepairedTake(takes, TAKE, { holes: 1 });
  const desk = await openDesk();
  const view = await listen(desk, 'p1', golden);
  expect(view).toMatchObject({ pair: null, answered: 4, standing: { settled: 2, waiting: 1 } });
});

async function soundOf(desk: ListeningDesk, pair: string, side: 'a' | 'b' | 'x'): Promise<Float32Array> {
  const wav = decodeWav(await must(desk.sound('p1', pair, side)));
  if (!wav.ok) throw new Error(wav.message);
  return wav.value.channels[0] ?? new Float32Array(0);
}

function difference(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, sample, i) => sum + (sample - (other[i] ?? 0)) ** 2, 0);
}

/** An excerpt has 0.2 s before its hole of 50 ms. */
function energyInHole(samples: Float32Array): number {
  return samples.subarray(1_600, 2_000).reduce((sum, sample) => sum + sample * sample, 0);
}
