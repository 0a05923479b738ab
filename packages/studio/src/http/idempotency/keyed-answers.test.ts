import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { ANSWER_BYTES_MAX, KEPT_US, KeyedAnswers } from './keyed-answers.ts';
import { unsealAnswer } from './sealed-answer.ts';

const REQUEST = { asker: 'member:ann', key: 'k-1', requestSha256: 'a'.repeat(64) };
const ANSWER = { status: 200, type: 'application/json', body: '{"codes":["JAM-SECRET"]}' };

describeOnEveryEngine('answers kept by a key', (openFresh) => {
  test('come again for the same request, after a restart too, and another request with the key is refused', async () => {
    const { database, reopen } = await openFresh();
    const answers = await KeyedAnswers.open(database, () => 1n);
    expect(await answers.begin(REQUEST)).toEqual({ ok: true, value: null });
    await answers.end(REQUEST, ANSWER);
    expect(await answers.begin(REQUEST)).toEqual({ ok: true, value: ANSWER });
    const again = await KeyedAnswers.open(await reopen(), () => 2n);
    expect(await again.begin(REQUEST)).toEqual({ ok: true, value: ANSWER });
    const other = { ...REQUEST, requestSha256: 'b'.repeat(64) };
    expect(await again.begin(other)).toMatchObject({ code: 'idempotency-key-reused' });
    // Another asker's key is another key.
    expect(await again.begin({ ...other, asker: 'token' })).toEqual({ ok: true, value: null });
  });

  test('are not to be read without the key, which is not kept', async () => {
    const { database } = await openFresh();
    const answers = await KeyedAnswers.open(database, () => 1n);
    await answers.begin(REQUEST);
    await answers.end(REQUEST, ANSWER);
    const { rows } = await sql<{ box: string }>`SELECT * FROM http_keyed_answer`.execute(database.kysely);
    const kept = JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
    expect(kept).not.toContain(REQUEST.key);
    const box = rows[0]?.box ?? '';
    const bytes = Buffer.from(box, 'base64');
    expect(bytes.length).toBeGreaterThan(ANSWER.body.length);
    expect(bytes.includes('SECRET')).toBe(false);
    expect(unsealAnswer(REQUEST.asker, REQUEST.key, box)).toEqual(ANSWER);
    expect(() => unsealAnswer(REQUEST.asker, 'k-2', box)).toThrow();
    expect(() => unsealAnswer('member:ben', REQUEST.key, box)).toThrow();
  });

  test('wait while the first request runs, and say so when the studio stopped over it', async () => {
    const { database, reopen } = await openFresh();
    const answers = await KeyedAnswers.open(database, () => 1n);
    await answers.begin(REQUEST);
    expect(await answers.begin(REQUEST)).toMatchObject({ code: 'idempotency-key-running' });
    const after = await KeyedAnswers.open(await reopen(), () => 2n);
    expect(await after.begin(REQUEST)).toMatchObject({ code: 'idempotency-key-unfinished' });
  });

  test('are none after a failure, which may be tried again, and only a mark where they are too large', async () => {
    const { database } = await openFresh();
    const answers = await KeyedAnswers.open(database, () => 1n);
    await answers.begin(REQUEST);
    await answers.end(REQUEST, { ...ANSWER, status: 500 });
    expect(await answers.begin(REQUEST)).toEqual({ ok: true, value: null });
    await answers.end(REQUEST, { ...ANSWER, body: 'x'.repeat(ANSWER_BYTES_MAX + 1) });
    expect(await answers.begin(REQUEST)).toMatchObject({ code: 'idempotency-answer-not-kept' });
  });

  test('go after 24 hours', async () => {
    const { database } = await openFresh();
    const world = { nowUs: 1n };
    const answers = await KeyedAnswers.open(database, () => world.nowUs);
    await answers.begin(REQUEST);
    await answers.end(REQUEST, ANSWER);
    world.nowUs += KEPT_US;
    expect(await answers.begin(REQUEST)).toEqual({ ok: true, value: ANSWER });
    world.nowUs += 1n;
    expect(await answers.begin(REQUEST)).toEqual({ ok: true, value: null });
  });

  test("make room for an asker's next by its own oldest answer, never by what is being done", async () => {
    const { answers, done, keptOf, begin } = await withLimits({ perAsker: 3, all: 100 });
    await done('ben', 'b1');
    await begin('ann', 'a1');
    await done('ann', 'a2');
    await done('ann', 'a3');
    await done('ann', 'a4');
    expect(await keptOf('ann', 'a1', 'a3', 'a4')).toEqual(['idempotency-key-running', 'kept', 'kept']);
    expect(await keptOf('ben', 'b1')).toEqual(['kept']);
    // What went is as if it had never come.
    expect(await begin('ann', 'a2')).toEqual({ ok: true, value: null });
    expect(await begin('ann', 'a5')).toEqual({ ok: true, value: null });
    expect(await keptOf('ann', 'a1', 'a2', 'a5')).toEqual(Array(3).fill('idempotency-key-running'));
    expect(await begin('ann', 'a6')).toMatchObject({ code: 'idempotency-keys-full' });
    await answers.end(request('ann', 'a1'), ANSWER);
    expect(await begin('ann', 'a6')).toEqual({ ok: true, value: null });
  });

  test('make room for everybody by the oldest answer of all, never by what is being done', async () => {
    const { answers, done, keptOf, begin } = await withLimits({ perAsker: 3, all: 4 });
    await begin('ann', 'a1');
    await done('ben', 'b1');
    await done('ann', 'a2');
    await done('cleo', 'c1');
    await done('cleo', 'c2');
    expect(await keptOf('ann', 'a1', 'a2')).toEqual(['idempotency-key-running', 'kept']);
    expect(await keptOf('cleo', 'c1', 'c2')).toEqual(['kept', 'kept']);
    for (const key of ['b1', 'b2', 'b3']) expect(await begin('ben', key)).toEqual({ ok: true, value: null });
    expect(await begin('dan', 'd1')).toMatchObject({ code: 'idempotency-keys-full' });
    await answers.end(request('ben', 'b1'), ANSWER);
    expect(await begin('dan', 'd1')).toEqual({ ok: true, value: null });
  });

  /** Answers under small limits, each begun a microsecond after the one before. */
  async function withLimits(limits: { perAsker: number; all: number }) {
    let nowUs = 0n;
    const answers = await KeyedAnswers.open((await openFresh()).database, () => ++nowUs, limits);
    const begin = (asker: string, key: string) => answers.begin(request(asker, key));
    return {
      answers,
      begin,
      async done(asker: string, key: string) {
        expect(await begin(asker, key)).toEqual({ ok: true, value: null });
        await answers.end(request(asker, key), ANSWER);
      },
      async keptOf(asker: string, ...keys: string[]) {
        const all = [];
        for (const key of keys) {
          const again = await begin(asker, key);
          all.push(again.ok ? (again.value === null ? 'gone' : 'kept') : again.code);
        }
        return all;
      },
    };
  }
});

function request(asker: string, key: string) {
  return { ...REQUEST, asker, key };
}
