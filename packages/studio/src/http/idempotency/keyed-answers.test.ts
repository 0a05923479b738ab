import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { ANSWER_BYTES_MAX, KEPT_US, KEYS_PER_ASKER_MAX, KeyedAnswers } from './keyed-answers.ts';

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
    const { rows } = await sql`SELECT * FROM http_keyed_answer`.execute(database.kysely);
    const kept = JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
    expect(kept).not.toContain(REQUEST.key);
    expect(kept).not.toContain(Buffer.from('SECRET').toString('base64').slice(0, 6));
    expect(kept).not.toContain('SECRET');
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

  test('go after 24 hours, and nobody keeps more than so many', async () => {
    const { database } = await openFresh();
    const world = { nowUs: 1n };
    const answers = await KeyedAnswers.open(database, () => world.nowUs);
    const rows = Array.from({ length: KEYS_PER_ASKER_MAX }, (_, n) => ({
      ...{ name: `n${n}`, asker: REQUEST.asker, request: 'r', begun_at_us: 1n, state: 'answered' },
      box: null,
    }));
    for (let from = 0; from < rows.length; from += 100)
      await sql`INSERT INTO http_keyed_answer (name, asker, request, begun_at_us, state, box) VALUES ${sql.join(
        rows
          .slice(from, from + 100)
          .map(
            (row) => sql`(${row.name}, ${row.asker}, ${row.request}, ${row.begun_at_us}, ${row.state}, NULL)`,
          ),
      )}`.execute(database.kysely);
    expect(await answers.begin(REQUEST)).toMatchObject({ code: 'idempotency-keys-full' });
    expect(await answers.begin({ ...REQUEST, asker: 'member:ben' })).toEqual({ ok: true, value: null });
    world.nowUs += KEPT_US + 1n;
    expect(await answers.begin(REQUEST)).toEqual({ ok: true, value: null });
  });
});
