import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { personId } from '../core/people.ts';
import { makeTemporary } from '../testing/make-repository.ts';
import { enterIdentity, readIdentities, studioIdOf } from './identity-file.ts';

const ADA = `p${'a'.repeat(32)}`;
const request = { kind: 'claim' as const, email: 'ada@example.org', payee: ADA };

test('what is entered is read back, a refused request writes nothing, and a broken journal is told', async () => {
  const temporary = await makeTemporary();
  try {
    const data = join(temporary.path, 'data');
    const checked = { atUs: 5n, key: 'SHA256:x' };
    expect(enterIdentity(data, request, checked)).toMatchObject({ ok: true, value: { atUs: '5' } });
    const file = join(data, 'code', 'identities.jsonl');
    const written = readFileSync(file, 'utf8');
    expect(enterIdentity(data, request, checked)).toMatchObject({ code: 'identity-taken' });
    expect(readFileSync(file, 'utf8')).toBe(written);
    expect(written).not.toContain('ada@');
    const read = readIdentities(data);
    expect(read.ok && read.value.payeeOf(personId('ada@example.org'))).toBe(ADA);
    appendFileSync(file, '{"kind":\n');
    expect(readIdentities(data)).toMatchObject({ code: 'identity-journal-malformed' });
    expect(enterIdentity(data, request, checked)).toMatchObject({ code: 'identity-journal-malformed' });
  } finally {
    await temporary.remove();
  }
});

test('a studio keeps its name, and another studio has another', async () => {
  const temporary = await makeTemporary();
  try {
    const [one, two] = [join(temporary.path, 'one'), join(temporary.path, 'two')];
    expect(studioIdOf(one)).toBe(studioIdOf(one));
    expect(studioIdOf(two)).not.toBe(studioIdOf(one));
  } finally {
    await temporary.remove();
  }
});
