import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paidUses } from '@jamnet/attribution';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { enterPaid, readPaid } from './paid-file.ts';

const key = (n: number): string => String(n).padStart(32, '0');
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-paid-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('what an epoch paid is known after a restart, and no other epoch is touched', () => {
  enterPaid(directory, 'e1', [key(1)]);
  enterPaid(directory, 'e2', [key(2)]);
  enterPaid(directory, 'e1', [key(3)]);
  expect(paidUses(readPaid(directory), 'e1')).toEqual(new Set([key(1), key(3)]));
  expect(paidUses(readPaid(directory), 'e2')).toEqual(new Set([key(2)]));
});

test('a journal that cannot be read stops the payment and is left as it is', () => {
  enterPaid(directory, 'e1', [key(1)]);
  const file = join(directory, 'code', 'paid.json');
  writeFileSync(file, '{"schema":');
  expect(() => readPaid(directory)).toThrow(expect.objectContaining({ code: 'paid-journal-malformed' }));
  expect(() => enterPaid(directory, 'e1', [key(2)])).toThrow(/restore it/);
});
