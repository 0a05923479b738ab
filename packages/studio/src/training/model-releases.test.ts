import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeModel, encodeModel, type GateVerdict } from '@jamnet/groove';
import { nodeKeyFromSeed, releasedModelBytes } from '@jamnet/jamnode';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModelReleases } from './model-releases.ts';

const key = nodeKeyFromSeed('11'.repeat(32));
const gain = { jointPpm: 9000n, timingPpm: 9000n, velocityPpm: 9000n, lowerPpm: 5000n };
const verdict: GateVerdict = {
  code: null,
  reason: 'better',
  performances: 30,
  bars: 900,
  bar: gain,
  hit: gain,
};
const byGate = { verdict, heldOutSha256: 'ab'.repeat(32) };
const first = releasedModelBytes();

/** The shipped model under another name: another file. */
function named(id: string): Uint8Array {
  const model = decodeModel(first);
  return model.ok ? encodeModel({ ...model.value, id }) : expect.fail(model.message);
}

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-models-'));
});
afterEach(() => rmSync(directory, { recursive: true }));
const open = () => new ModelReleases(directory, key.publicKey);

test('a model is released, found again by its hash, and rolled back by one call; a second release can be undone twice', () => {
  open().release(key, first, null, 1n);
  open().release(key, named('second'), byGate, 2n);
  open().release(key, named('third'), byGate, 3n);
  expect(open().current).toMatchObject({ version: 3, kind: 'release', model: 'third', gainPpm: 9000n });
  expect(open().rollback(key, 4n)).toMatchObject({ version: 4, kind: 'rollback', model: 'second' });
  expect(open().rollback(key, 5n)).toMatchObject({ version: 5, kind: 'rollback', model: 'groove-1' });
  const { current } = open();
  expect(current && Buffer.from(open().read(current)).equals(first)).toBe(true);
  expect(() => open().rollback(key, 6n)).toThrow(/No other model/);
  expect(open().release(key, named('fourth'), byGate, 7n)).toMatchObject({ version: 6, model: 'fourth' });
  expect(open().rollback(key, 8n)).toMatchObject({ model: 'groove-1' });
});

test('a list that somebody changed is not opened, nor is one of another key', () => {
  open().release(key, first, null, 1n);
  const file = join(directory, 'releases.jsonl');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"first"', '"release"'));
  expect(open).toThrow(/not signed/);
  writeFileSync(file, text);
  expect(() => new ModelReleases(directory, nodeKeyFromSeed('22'.repeat(32)).publicKey)).toThrow(
    /not signed/,
  );
});

test('a model file that is not what was released is not used, and what is no model is not released', () => {
  const line = open().release(key, first, null, 1n);
  writeFileSync(join(directory, `${line.modelSha256}.model`), named('other'));
  expect(() => open().read(line)).toThrow(/not the model/);
  expect(() => open().release(key, Buffer.from('RIFF'), byGate, 2n)).toThrow(/no groove model/);
  expect(open().releases).toHaveLength(1);
});
