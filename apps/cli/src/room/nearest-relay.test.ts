import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Studio } from '@jamnet/studio';
import { openStudioIn } from '@jamnet/studio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StudioAccess } from '../studio-access.ts';
import { joinNearest, measureAndJoin } from './nearest-relay.ts';
import { roomStudio } from './room-studio.ts';

const data = mkdtempSync(join(tmpdir(), 'jamnet-nearest-'));
let studio: Studio;
let access: StudioAccess;
beforeAll(async () => {
  studio = await openStudioIn(data);
  const url = await studio.listen();
  access = roomStudio({
    data: join(data, 'elsewhere'),
    studio: url,
    tokenFile: join(data, 'operator.token'),
  });
});
afterAll(async () => {
  await studio.close();
  rmSync(data, { recursive: true, force: true });
});

test('the round trip to the only relay is measured, not told by a buffer', async () => {
  const { joined, relays } = await measureAndJoin(access, 'blue', 'ann');
  expect(relays).toEqual([{ id: expect.any(String), ...joined.relay, roundTripUs: expect.any(Number) }]);
});

test('of several relays each is asked; one that is silent is told as that, and the studio hears only of the others', async () => {
  const asked: unknown[] = [];
  const joinRoom: StudioAccess['joinRoom'] = async (request) => {
    asked.push(request.delaysUs);
    const answer = await access.joinRoom({ room: request.room, player: request.player });
    if (!answer.ok || request.delaysUs !== undefined) return answer;
    const near = { id: 'near', ...answer.value.relay };
    return { ok: true, value: { ...answer.value, candidates: [{ ...near, id: 'silent', port: 1 }, near] } };
  };
  const { relays } = await measureAndJoin({ joinRoom }, 'green', 'ann');
  expect(relays.map(({ id, roundTripUs }) => [id, roundTripUs !== null])).toEqual([
    ['silent', false],
    ['near', true],
  ]);
  expect(asked).toEqual([undefined, { near: expect.any(Number) }]);
  await joinNearest({ joinRoom }, 'green', 'ben');
  expect(asked.at(-1)).toEqual({ near: expect.any(Number) });
});

test('a studio that runs nowhere, a URL that is none and a token file that is not there are told apart', () => {
  const token = join(data, 'operator.token');
  expect(readFileSync(token, 'utf8').length).toBeGreaterThan(10);
  expect(() => roomStudio({ data: join(data, 'elsewhere') })).toThrow(/No studio runs on .*--studio/);
  expect(() => roomStudio({ data, studio: 'blue', tokenFile: token })).toThrow(/--studio is a URL/);
  expect(() => roomStudio({ data, studio: 'http://127.0.0.1:9', tokenFile: join(data, 'no') })).toThrow(
    /no cannot be read: .*check the path/,
  );
});
