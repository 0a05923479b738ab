import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bankFile } from './bank-file.ts';
import { bankFolders, readRails } from './payout-settings.ts';

const IBAN = 'DE89370400440532013000';
const BATCH = `jam-${'4'.repeat(28)}`;

/** A data directory whose studio pays by SEPA files. */
function open() {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-bank-file-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const from = { name: 'JAMNet Studio', account: { kind: 'iban', iban: IBAN } };
  const settings = { 'pain.001': { from, rate: { numerator: '9', denominator: '10' } } };
  writeFileSync(join(directory, 'payouts.json'), JSON.stringify(settings));
  const rails = readRails(directory);
  if (!rails.ok) throw new Error(rails.message);
  const { outbox } = bankFolders(directory, 'pain.001');
  mkdirSync(join(outbox, 'sent'), { recursive: true });
  return { outbox, rails: rails.value };
}

test.each(['.', 'sent'])(
  'a batch’s file is found in the outbox and where it lies once it was carried over (%s)',
  async (folder) => {
    const { outbox, rails } = open();
    writeFileSync(join(outbox, folder, `${BATCH}.xml`), '<Document/>');
    expect(await bankFile(rails, BATCH)).toEqual({
      ok: true,
      value: { name: `${BATCH}.xml`, text: '<Document/>' },
    });
  },
);

test('what is no name of a batch never becomes a path, and a batch without a file is none', async () => {
  const { outbox, rails } = open();
  writeFileSync(join(outbox, '..', 'secret.xml'), 'not for banks');
  writeFileSync(join(outbox, 'other.xml'), 'no batch');
  for (const id of [BATCH, '../secret', 'other', `sent/../${BATCH}`, `${BATCH}\n`, ''])
    expect(await bankFile(rails, id)).toMatchObject({ ok: false, code: 'batch-unknown' });
});

test('a file that cannot be read is an error, not a batch without a file', async () => {
  const { outbox, rails } = open();
  // A folder in its place: reading it as a file fails for every user.
  mkdirSync(join(outbox, `${BATCH}.xml`));
  await expect(bankFile(rails, BATCH)).rejects.toMatchObject({ code: 'EISDIR' });
});
