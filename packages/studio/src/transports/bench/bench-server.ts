import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const HOST = '127.0.0.1';
const OFFER_BYTES_MAX = 20_000;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Answers an offer of a DataChannel: status and body. */
export type Signal = (ticket: string, sdp: string) => Promise<{ status: number; body: unknown }>;

export interface BenchServer {
  readonly server: Server;
  readonly port: number;
  /** Set before a page offers a channel. */
  signal: Signal | null;
  /** Serves upgrades on another address of this machine too, at the same port; once for each. */
  alsoOn(address: string): Promise<void>;
  close(): void;
}

/** Serves the built page to the bench's browser, isolated as the studio does it, and passes on offers. */
export async function openBenchServer(webDirectory: string): Promise<BenchServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const others = new Map<string, Server>();
  const bench: BenchServer = {
    server,
    // The address of a listening TCP server.
    port: (server.address() as AddressInfo).port,
    signal: null,
    alsoOn: async (address) => {
      if (others.has(address)) return;
      const other = createServer();
      other.on('upgrade', (request, socket, head) => {
        // The name by which the page came is not what is judged here: only its own origin is.
        request.headers.host = `${HOST}:${bench.port}`;
        server.emit('upgrade', request, socket, head);
      });
      await new Promise<void>((resolve, reject) => {
        other.once('error', reject);
        other.listen(bench.port, address, resolve);
      });
      others.set(address, other);
    },
    close: () => {
      for (const other of others.values()) other.close();
      server.closeAllConnections();
      server.close();
    },
  };
  return bench;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST' && request.url === '/api/room/offer') {
      let text = '';
      for await (const chunk of request) text = (text + String(chunk)).slice(0, OFFER_BYTES_MAX);
      const { ticket, sdp } = JSON.parse(text) as { ticket: string; sdp: string }; // our own page
      const answered = (await bench.signal?.(ticket, sdp)) ?? { status: 503, body: {} };
      response.writeHead(answered.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answered.body));
      return;
    }
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const bytes =
      /^[\w./-]+$/.test(path) && !path.includes('..') ? await readPage(join(webDirectory, path)) : null;
    if (bytes === null) response.writeHead(404).end();
    else
      response
        .writeHead(200, {
          'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-embedder-policy': 'require-corp',
        })
        .end(bytes);
  }
}

function readPage(file: string): Promise<Uint8Array | null> {
  return readFile(file).catch(() => null);
}
