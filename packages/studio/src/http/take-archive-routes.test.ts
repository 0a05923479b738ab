import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok } from '@jamnet/base';
import { MultitrackWriter } from '@jamnet/jdat';
import { splitToken, verifyWireToken } from '@jamnet/toast';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { issueJoinToken } from '../relay/join-token.ts';
import { nodeHopCrypto } from '../relay/node-hop-crypto.ts';
import { RoomTakes } from '../rooms/room-takes.ts';
import { TakeStore } from '../takes/take-store.ts';
import type { StudioServices } from './services.ts';
import { addTakeArchiveRoutes } from './take-archive-routes.ts';
import { validateRequest } from './validate.ts';

const KEY = new Uint8Array(32).fill(9);
const NOW_US = 10 ** 15;

let directory: string;
let server: FastifyInstance;
let asker: 'nobody' | 'token' = 'nobody';
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-guests-'));
  const takes = new TakeStore(directory, () => NOW_US / 1000);
  const roomTakes = new RoomTakes({
    readTicket: (ticket) => {
      const token = verifyWireToken(nodeHopCrypto, KEY, ticket, NOW_US);
      return token.ok ? ok(token.value.claim) : token;
    },
    ofRoom: (room) => takes.archive.ofRoom(room),
    nowUs: () => NOW_US,
  });
  server = Fastify();
  server.setValidatorCompiler(validateRequest);
  server.decorateRequest('asker');
  server.addHook('onRequest', async (request) => {
    request.asker = { kind: asker };
  });
  // These routes ask nothing else of the studio.
  addTakeArchiveRoutes(server, { takes, roomTakes } as unknown as StudioServices);
  await server.ready();
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function take(recorder: string, from = recorder): string {
  const lines: string[] = [];
  const writer = MultitrackWriter.begin(
    { jdat: 2, room: 'attic', recorder, sampleRateHz: 48_000, startedAtUs: 5n },
    (line) => lines.push(`${line}\n`),
  );
  const consent = { record: true, train: false, strangers: false };
  const stream = { role: 'sent', bits: 16, packetFrames: 1, firstSample: 0 } as const;
  writer.sound('audio', writer.track({ player: recorder, from, consent, ...stream }), 0, Int32Array.of(1, 2));
  writer.end();
  return lines.join('');
}

/** The travelling part of a join token, as a page has it. */
function ticketOf(room: string, player: string): string {
  const token = issueJoinToken(KEY, { room, player, expiresAtUs: NOW_US + 1 });
  const parts = token.ok ? splitToken(token.value) : token;
  if (!parts.ok) throw new Error(parts.message);
  return parts.value.wire;
}

async function ask(
  ticket: string,
  method: 'GET' | 'HEAD' | 'PUT' | 'POST',
  url: string,
  body?: string | object,
) {
  const kind = typeof body === 'object' ? 'application/json' : 'application/octet-stream';
  const headers = {
    'jamnet-ticket': ticket,
    ...(body === undefined ? {} : { 'content-type': kind }),
  };
  return await server.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
}

test('a guest sends what he recorded, the room has it, and no other room does', async () => {
  const ada = ticketOf('attic', 'Ada');
  const text = take('Ada');
  const id = hashOf(text);
  expect((await ask(ada, 'HEAD', `/api/archive/chunks/${id}`)).statusCode).toBe(404);
  expect((await ask(ada, 'PUT', `/api/archive/chunks/${id}`, text)).statusCode).toBe(200);
  const filed = await ask(ada, 'PUT', `/api/archive/takes/${id}`, { chunks: [id] });
  expect([filed.statusCode, filed.json()]).toMatchObject([200, { id, recorder: 'Ada', recordedAtUs: '5' }]);
  const bo = ticketOf('attic', 'Bo');
  expect((await ask(bo, 'GET', '/api/room/takes')).json()).toMatchObject({ takes: [{ id }] });
  expect((await ask(bo, 'GET', `/api/archive/takes/${id}`)).body).toBe(text);
  const cy = ticketOf('cellar', 'Cy');
  expect((await ask(cy, 'GET', '/api/room/takes')).json()).toMatchObject({ takes: [] });
  expect((await ask(cy, 'GET', '/api/archive/takes')).json()).toEqual({ takes: [], next: null });
  expect((await ask(cy, 'GET', `/api/archive/takes/${id}`)).statusCode).toBe(404);
});

test.each([
  ['another’s recording', 'Bo', take('Ada', 'Ada')],
  ['another’s own sound as if it were recorded here', 'Ada', take('Ada', 'Bo')],
])('%s is not filed for a guest', async (_, player, text) => {
  const ticket = ticketOf('attic', player);
  const id = hashOf(text);
  await ask(ticket, 'PUT', `/api/archive/chunks/${id}`, text);
  const answer = await ask(ticket, 'PUT', `/api/archive/takes/${id}`, { chunks: [id] });
  expect([answer.statusCode, answer.json()]).toMatchObject([422, { code: 'take-not-yours' }]);
});

test('a room’s recording begins and ends for all in it, and a forged ticket opens nothing', async () => {
  const ada = ticketOf('attic', 'Ada');
  const bo = ticketOf('attic', 'Bo');
  const began = await ask(ada, 'POST', '/api/room/recording', { isOn: true });
  expect(began.json()).toMatchObject({ recording: { by: 'Ada' } });
  expect((await ask(bo, 'GET', '/api/room/takes')).json()).toMatchObject({ recording: { by: 'Ada' } });
  await ask(bo, 'POST', '/api/room/recording', { isOn: false });
  expect((await ask(ada, 'GET', '/api/room/takes')).json()).toMatchObject({ recording: null });
  const forged = ada.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  for (const path of ['/api/room/takes', '/api/archive/takes']) {
    const answer = await ask(forged, 'GET', path);
    expect([answer.statusCode, answer.json()]).toMatchObject([403, { code: 'token-forged' }]);
  }
});

test('the operator is told that a room is asked about by its guests', async () => {
  asker = 'token';
  const answer = await server.inject('/api/room/takes');
  asker = 'nobody';
  expect([answer.statusCode, answer.json()]).toMatchObject([400, { code: 'ticket-missing' }]);
  expect((await server.inject('/api/room/takes')).statusCode).toBe(401);
});
