import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBounties, writeBounty } from './bounties/bounty-file.ts';
import { enterIdentity, readIdentities } from './claims/identity-file.ts';
import { appendToJournal, readJournal } from './journal-lines.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'jamnet-journal-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

test('wherever a stop tears the last line, the lines before it are read and the next one follows them', () => {
  const file = join(data, 'journal.jsonl');
  expect(readJournal(file)).toBe('');
  appendToJournal(file, 'first\n');
  appendToJournal(file, 'sécond\n');
  const whole = readFileSync(file);
  for (let kept = 0; kept <= whole.length; kept++) {
    writeFileSync(file, whole.subarray(0, kept));
    const before = kept === whole.length ? 'first\nsécond\n' : kept < 6 ? '' : 'first\n';
    expect(readJournal(file)).toBe(before);
    appendToJournal(file, 'third\n');
    expect(readFileSync(file, 'utf8')).toBe(`${before}third\n`);
  }
});

test('a torn line costs a studio neither its bounties nor its claims', () => {
  const work = (n: number) => ({
    ...{ commit: `${n}`.repeat(40), people: ['e'.repeat(32)], keys: [`${n}`.repeat(32)], tokens: 9 },
  });
  for (const n of [1, 2]) {
    const queue = readBounties(data);
    const entry = queue.ok ? queue.value.queue('forge.example/ada/mill', work(n), 5n) : queue;
    if (!entry.ok || entry.value === null) throw new Error('not queued');
    writeBounty(data, entry.value);
    appendFileSync(join(data, 'code', 'bounties.jsonl'), '{"kind":"granted","id":"01');
  }
  const queue = readBounties(data);
  expect(queue.ok && queue.value.list()).toHaveLength(2);
  const checked = { atUs: 5n, key: 'SHA256:x' };
  for (const email of ['ada@example.org', 'ben@example.org']) {
    const request = { kind: 'claim' as const, email, payee: `p${'a'.repeat(32)}` };
    expect(enterIdentity(data, request, checked)).toMatchObject({ ok: true });
    appendFileSync(join(data, 'code', 'identities.jsonl'), '{"kind":"rel');
  }
  const identities = readIdentities(data);
  expect(identities.ok && identities.value.entries).toHaveLength(2);
});
