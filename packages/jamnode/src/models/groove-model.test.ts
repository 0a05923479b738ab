import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeModel, encodeModel } from '@jamnet/groove';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { releasedModelBytes } from '../node/released-model.ts';
import { grooveModel } from './groove-model.ts';

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const shipped = releasedModelBytes();
const newer = (() => {
  const model = decodeModel(shipped);
  if (!model.ok) throw new Error(model.message);
  return encodeModel({ ...model.value, id: 'groove-2' });
})();

let answer: Uint8Array = newer;
let asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.end(answer);
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mesh`; // A server on a port has such an address.
});
afterAll(() => server.close());

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-groove-model-'));
  [answer, asked] = [newer, []];
});
afterEach(() => rmSync(directory, { recursive: true }));

test('the forecaster that a catalogue names is fetched once by its hash, and again when its file was damaged', async () => {
  const sha256 = hashOf(newer);
  for (let time = 0; time < 2; time++)
    expect(await grooveModel(url, directory, sha256)).toMatchObject({ ok: true, value: { id: 'groove-2' } });
  expect(asked).toEqual([`/api/models/${sha256}`]);
  writeFileSync(join(directory, `${sha256}.model`), 'no model');
  expect(await grooveModel(url, directory, sha256)).toMatchObject({ ok: true });
  expect(asked).toHaveLength(2);
});

test('the one that is shipped is asked of nobody', async () => {
  expect(await grooveModel(url, directory, hashOf(shipped))).toMatchObject({ ok: true });
  expect(asked).toEqual([]);
});

test.each([
  ['another forecaster', shipped, hashOf(newer)],
  ['no forecaster', Buffer.from('RIFF'), hashOf(Buffer.from('RIFF'))],
])('%s than the hash says is refused and not kept', async (_name, bytes, sha256) => {
  answer = bytes;
  expect(await grooveModel(url, directory, sha256)).toMatchObject({ ok: false, code: 'model-refused' });
  expect(readdirSync(directory)).toEqual([]);
});
