import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeModel, encodeModel } from '@jamnet/groove';
import { DISPATCH_POLICY } from '@jamnet/mesh';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { releasedModelBytes } from '../node/released-model.ts';
import { GROOVE_MODEL_TIMEOUT_MS, grooveModel } from './groove-model.ts';

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const shipped = releasedModelBytes();
const newer = (() => {
  const model = decodeModel(shipped);
  if (!model.ok) throw new Error(model.message);
  return encodeModel({ ...model.value, id: 'groove-2' });
})();

/** `null`: the studio takes the request and says nothing. */
let answer: Uint8Array | null = newer;
let asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  if (answer) response.end(answer);
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mesh`; // A server on a port has such an address.
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-groove-model-'));
  [answer, asked] = [newer, []];
});
afterEach(() => rmSync(directory, { recursive: true }));

const forecaster = (sha256: string, timeoutMs = GROOVE_MODEL_TIMEOUT_MS) =>
  grooveModel({ meshUrl: url, directory, nowMs: () => 1_700_000_000_000, timeoutMs }, sha256);

test('the forecaster that a catalogue names is fetched once by its hash, and again when its file was damaged', async () => {
  const sha256 = hashOf(newer);
  for (let time = 0; time < 2; time++)
    expect(await forecaster(sha256)).toMatchObject({ ok: true, value: { id: 'groove-2' } });
  expect(asked).toEqual([`/api/models/${sha256}`]);
  writeFileSync(join(directory, `${sha256}.model`), 'no model');
  expect(await forecaster(sha256)).toMatchObject({ ok: true });
  expect(asked).toHaveLength(2);
});

test('the one that is shipped is asked of nobody', async () => {
  expect(await forecaster(hashOf(shipped))).toMatchObject({ ok: true });
  expect(asked).toEqual([]);
});

test.each([
  ['another forecaster', shipped, hashOf(newer)],
  ['no forecaster', Buffer.from('RIFF'), hashOf(Buffer.from('RIFF'))],
])('%s than the hash says is refused and not kept', async (_name, bytes, sha256) => {
  answer = bytes;
  expect(await forecaster(sha256)).toMatchObject({ ok: false, code: 'model-refused' });
  expect(readdirSync(directory)).toEqual([]);
});

test('a studio that sends nothing keeps a node waiting for less than half the silence after which it is gone', async () => {
  answer = null;
  expect(await forecaster(hashOf(newer), 20)).toMatchObject({ ok: false, code: 'model-refused' });
  expect(asked).toHaveLength(1);
  expect(2 * GROOVE_MODEL_TIMEOUT_MS).toBeLessThan(Number(DISPATCH_POLICY.goneAfterUs) / 1000);
});

test('a forecaster is played though the disk keeps nothing', async () => {
  rmSync(directory, { recursive: true });
  writeFileSync(directory, '');
  expect(await forecaster(hashOf(newer))).toMatchObject({ ok: true, value: { id: 'groove-2' } });
});
