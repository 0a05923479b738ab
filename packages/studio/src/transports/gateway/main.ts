import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fromHex } from '@jamnet/base';
import { raiseThread } from '@jamnet/jambox';
import { OFFER_CHARACTERS_MAX, serveDataChannels } from '../data-channel/data-channel-server.ts';
import { serveWebSockets } from '../websocket/websocket-server.ts';
import { startWebTransport, type WebTransportServer } from '../webtransport/webtransport-server.ts';
import { parseGatewayOptions } from './gateway-options.ts';
import { PathHub } from './path-hub.ts';

/**
 * The bridge between pages and relay as a process of its own, so that no work of the studio delays a packet. Prints JSON lines:
 * `certificate` whenever there is a new one, `listening` once all that can be opened is open.
 */
const BODY_BYTES_MAX = OFFER_CHARACTERS_MAX + 2048;

process.stdout.on('error', () => process.exit(1));

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const options = parseGatewayOptions(process.argv[2]);
if (!options.ok) {
  print({ type: 'error', code: options.code, message: options.message });
  process.exit(2);
}
const { host, publicHost, port, relay, homeName, door, tokenKeyHex, pageOrigins } = options.value;
// Sockets wake this thread and it sleeps again: it may run before all normal work.
raiseThread();
const nowMs = (): number => performance.timeOrigin + performance.now();
const hub = new PathHub({
  relay,
  ...(door === undefined ? {} : { door }),
  ...(homeName === undefined ? {} : { homeName }),
  tokenKey: fromHex(tokenKeyHex) ?? new Uint8Array(0),
  nowUs: () => nowMs() * 1000,
});
const channels = serveDataChannels(publicHost, hub);

const server = createServer((request, response) => void answer(request, response));
const sockets = serveWebSockets(server, hub);
await new Promise<void>((resolve) => server.listen(0, host, resolve));

let webTransport: WebTransportServer | null = null;
let whyNot = '';
try {
  webTransport = await startWebTransport({
    host: publicHost,
    port,
    hub,
    isOwnOrigin: (origin) => pageOrigins.includes(origin.toLowerCase()),
    nowMs,
    onCertificate: ({ sha256, notAfterMs }) =>
      print({ type: 'certificate', sha256Base64: Buffer.from(sha256).toString('base64'), notAfterMs }),
  });
} catch (error) {
  // Pages go on to their second choice; the studio says why.
  whyNot = error instanceof Error ? error.message : String(error);
}
// An address of a listening TCP server.
const { port: httpPort } = server.address() as AddressInfo;
print({ type: 'listening', httpPort, webTransportPort: webTransport?.port ?? null, whyNot });

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    hub.close('the studio ends');
    sockets.close();
    channels.close();
    await webTransport?.close();
    process.exit(0);
  });
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'GET' && request.url === '/counters') {
    send(response, 200, { ...hub.counters, paths: hub.paths, connections: webTransport?.connections ?? 0 });
    return;
  }
  const body = request.method === 'POST' && request.url === '/offer' ? await readBody(request) : null;
  const offer = body === null ? null : parseOffer(body);
  if (offer === null) {
    send(response, 400, { code: 'offer-malformed', message: 'An offer is {"ticket":"…","sdp":"…"}.' });
    return;
  }
  try {
    const answered = await channels.answer(offer.ticket, offer.sdp);
    if (answered.ok) send(response, 200, { sdp: answered.value });
    else send(response, 403, { code: answered.code, message: answered.message });
  } catch {
    send(response, 422, { code: 'offer-malformed', message: 'The offer could not be answered.' });
  }
}

function send(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_BYTES_MAX) return null;
  }
  return text;
}

function parseOffer(text: string): { ticket: string; sdp: string } | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const { ticket, sdp } = value as Record<string, unknown>; // an object by the line above
    return typeof ticket === 'string' && typeof sdp === 'string' && sdp.length <= OFFER_CHARACTERS_MAX
      ? { ticket, sdp }
      : null;
  } catch {
    return null;
  }
}
