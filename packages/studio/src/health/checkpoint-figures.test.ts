import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cosign, openLedger, openLog, parseNote, type Signer, signerFromSeed, vkeyOf } from '@jamnet/ledger';
import { type Database, openDatabase } from '@jamnet/sql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkpointFigures } from './checkpoint-figures.ts';

const ORIGIN = 'log.example/figures';
const ADA = signerFromSeed('witness.example/ada', new Uint8Array(32).fill(1));
const CLEO = signerFromSeed('witness.example/cleo', new Uint8Array(32).fill(2));
const witnessKey = (signer: Signer): string => vkeyOf(signer, 'cosignature');

let directory = '';
let database: Database;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-checkpoint-'));
  database = openDatabase({ directory });
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

async function cosignedLog(): Promise<string> {
  const signer = signerFromSeed(ORIGIN, new Uint8Array(32).fill(9));
  const ledger = await openLedger(database);
  const log = await openLog({ directory: join(directory, 'log'), ledger, origin: ORIGIN, signer });
  const { note } = await log.publish(1n);
  const parsed = parseNote(note);
  if (!parsed.ok) throw new Error(parsed.message);
  const { name, keyId, signature } = cosign(parsed.value.text, 1_800_000_000n, ADA);
  const line = `— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}`;
  expect((await log.addCosignature(line, witnessKey(ADA))).ok).toBe(true);
  return log.vkey;
}

test('who has cosigned is told with the moment that was signed, who has not with none', async () => {
  const vkey = await cosignedLog();
  const figures = await checkpointFigures(join(directory, 'log'), vkey, [witnessKey(ADA), witnessKey(CLEO)]);
  expect(figures).toMatchObject({
    size: '0',
    witnesses: [
      { name: ADA.name, cosignedAtUs: '1800000000000000' },
      { name: CLEO.name, cosignedAtUs: null },
    ],
  });
});

test('a cosignature by a key that nobody named counts for nobody of the same name', async () => {
  const vkey = await cosignedLog();
  const impostor = { ...CLEO, name: ADA.name };
  const figures = await checkpointFigures(join(directory, 'log'), vkey, [witnessKey(impostor)]);
  expect(figures?.witnesses).toEqual([{ name: ADA.name, cosignedAtUs: null }]);
});

test('of a checkpoint that is none of this log’s nothing is told', async () => {
  const vkey = await cosignedLog();
  writeFileSync(join(directory, 'log', 'checkpoint'), 'nothing\n');
  expect(await checkpointFigures(join(directory, 'log'), vkey, [])).toBeNull();
  rmSync(join(directory, 'log', 'checkpoint'));
  expect(await checkpointFigures(join(directory, 'log'), vkey, [])).toBeNull();
});
