import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { toHex } from '@jamnet/base';
import { openSecrets, type Studio } from '@jamnet/studio';
import { openStudioIn } from '@jamnet/studio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandContext } from '../context.ts';
import { openCasterRelay } from './caster-relay.ts';
import { joinNearest } from './nearest-relay.ts';
import { roomStudio } from './room-studio.ts';

const data = mkdtempSync(join(tmpdir(), 'jamnet-caster-'));
const relayKey = join(data, 'relay.key');
const said: string[] = [];
const stderr = new Writable({
  write: (chunk, _encoding, done) => {
    said.push(String(chunk));
    done();
  },
});
const context = { stderr } as unknown as CommandContext; // a relay says what it does, and needs nothing else
let studio: Studio;
let url = '';
beforeAll(async () => {
  studio = await openStudioIn(data);
  url = await studio.listen();
  writeFileSync(relayKey, `${toHex(openSecrets(data).tokenKey)}\n`);
});
afterAll(async () => {
  await studio.close();
  rmSync(data, { recursive: true, force: true });
});

test('a caster with the key is a relay that the studio knows, and one that may take the room it opens', async () => {
  const relay = await openCasterRelay(context, { data, studio: url, relayKey, reachedAt: '127.0.0.1' });
  try {
    const asked = await roomStudio({ data }).joinRoom({ room: 'blue', player: 'caster' });
    expect(asked.ok && asked.value.candidates?.map(({ port }) => port)).toContain(relay?.port);
    const joined = await joinNearest(roomStudio({ data }), 'blue', 'caster');
    expect(asked.ok && asked.value.candidates?.map(({ port }) => port)).toContain(joined.relay.port);
  } finally {
    await relay?.close();
  }
  expect(said.join('')).toMatch(/The studio at .* knows it/);
});

test('without a key it says that it relays nothing, and options of a relay are refused', async () => {
  expect(await openCasterRelay(context, { data })).toBeNull();
  expect(said.at(-1)).toMatch(/records and relays nothing: --relay-key/);
  await expect(openCasterRelay(context, { data, announce: true })).rejects.toThrow(/give --relay-key too/);
});

test('a key that is another studio’s is refused before a room is joined', async () => {
  const other = join(data, 'other.key');
  writeFileSync(other, '7'.repeat(64));
  expect(readFileSync(other, 'utf8')).not.toBe(readFileSync(relayKey, 'utf8'));
  await expect(
    openCasterRelay(context, { data, studio: url, relayKey: other, reachedAt: '127.0.0.1' }),
  ).rejects.toMatchObject({ code: 'relay-unknown' });
});
