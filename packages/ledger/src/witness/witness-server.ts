import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Witness } from './witness.ts';

/** 63 proof lines of 45 bytes and a signed checkpoint: a hundredfold of what logs send. */
export const REQUEST_BYTES_MAX = 65_536;
/** Each connection waits for its turn at the memory; more are closed at once, and logs ask again. */
export const CONNECTIONS_MAX = 64;
const TEXT = 'text/plain; charset=utf-8';

/**
 * A witness over HTTP: `POST <any prefix>/add-checkpoint` as C2SP tlog-witness has it, `GET <any prefix>/beacon` for
 * its beacon of a leaf, and `GET /vkey` for whoever wants to trust it. The caller chooses where it listens.
 */
export function createWitnessServer(witness: Witness, nowSeconds: () => bigint): Server {
  const server = createServer((request, response) => {
    answer(request, response, witness, nowSeconds).catch(() => {
      // Nothing was cosigned: the memory could not be read or written.
      send(response, 500, TEXT, 'The witness could not read or store what it saw: its operator must look.\n');
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  witness: Witness,
  nowSeconds: () => bigint,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (request.method === 'GET' && path === '/vkey') return send(response, 200, TEXT, `${witness.vkey}\n`);
  if (request.method === 'GET' && path.endsWith('/beacon'))
    return await sendBeacon(request, response, witness);
  if (!path.endsWith('/add-checkpoint'))
    return send(response, 404, TEXT, 'There is POST /add-checkpoint, GET /beacon and GET /vkey.\n');
  if (request.method !== 'POST') return send(response, 405, TEXT, 'add-checkpoint takes POST.\n');
  const body = await bodyOf(request);
  if (!body) return send(response, 413, TEXT, `A request has at most ${REQUEST_BYTES_MAX} bytes.\n`);
  const decided = await witness.addCheckpoint(body, nowSeconds());
  send(response, decided.status, decided.contentType, decided.body);
}

async function sendBeacon(
  request: IncomingMessage,
  response: ServerResponse,
  witness: Witness,
): Promise<void> {
  const query = new URLSearchParams((request.url ?? '').split('?')[1] ?? '');
  const leaf = query.get('leaf') ?? '';
  if (!/^\d{1,15}$/.test(leaf)) return send(response, 400, TEXT, 'Ask with ?origin=LOG&leaf=NUMBER.\n');
  const decided = await witness.beacon(query.get('origin') ?? '', BigInt(leaf));
  send(response, decided.status, decided.contentType, decided.body);
}

/** `null` when it is longer than allowed; the rest is not kept. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    // Without an encoding a request yields buffers.
    const bytes = piece as Buffer;
    length += bytes.length;
    if (length <= REQUEST_BYTES_MAX) pieces.push(bytes);
  }
  return length <= REQUEST_BYTES_MAX ? Buffer.concat(pieces) : null;
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType }).end(body);
}
