import type { IncomingMessage, Server } from 'node:http';
import { connect, isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { Failure, toHex } from '@jamnet/base';
import { OwnSite } from '../../http/own-site.ts';
import { judgeUpgrade, refuseUpgrade } from '../../mesh/upgrade-gate.ts';
import { runChild } from '../../processes/child-program.ts';
import { KeptAlive } from '../../processes/kept-alive.ts';
import type { PathCounters } from './path-counters.ts';

export interface GatewayProcess {
  /** What a page must know to try WebTransport; null when the UDP port was taken. */
  webTransport(): { readonly port: number; readonly sha256Base64: string } | null;
  /** Signalling of a DataChannel: status and JSON as the gateway gave them. */
  offer(ticket: string, sdp: string): Promise<{ status: number; body: unknown }>;
  counters(): Promise<PathCounters>;
  stop(): Promise<void>;
}

export interface GatewayParts {
  /** Loopback address on which the studio and its gateway speak with each other. */
  readonly host: string;
  /** Where pages' datagrams come in, `0.0.0.0` for all addresses; default: `host`. */
  readonly publicHost?: string;
  /** UDP port of WebTransport; default: the server's own number. */
  readonly publicPort?: number;
  /** Whose pages are let in; default: those of loopback. */
  readonly site?: OwnSite;
  /** The server whose pages are bridged; it listens already. */
  readonly server: Server;
  readonly relay: { readonly host: string; readonly port: number };
  /** Path of the server where pages' rooms are looked up; absent: all live on the one relay. */
  readonly door?: string;
  readonly tokenKey: Uint8Array;
}

/** Lines of our own gateway program. */
interface GatewayLine {
  readonly type?: string;
  readonly httpPort?: number;
  readonly webTransportPort?: number | null;
  readonly whyNot?: string;
  readonly sha256Base64?: string;
}

/**
 * Each packet through QUIC leaves a few small buffers behind. A young space of 16 MB is swept every 1.6 s and holds up every packet for
 * 9 to 14 ms meanwhile; one of 1 MB often and shortly.
 */
const YOUNG_SPACE_FLAGS = ['--min-semi-space-size=1', '--max-semi-space-size=1'];

/** One life of the bridge. */
interface Bridge {
  readonly httpPort: number;
  readonly webTransportPort: number | null;
  readonly certificate: () => string;
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts the bridge beside a listening studio and passes its pages' sockets on to it; one that dies is started again. */
export async function startGatewayProcess(parts: GatewayParts): Promise<GatewayProcess> {
  const site = parts.site ?? new OwnSite(null);
  // Kept over restarts: the page's policy names it.
  let port = parts.publicPort ?? portOf(parts.server);
  const kept = await KeptAlive.start(async () => {
    const bridge = await startBridge(parts, site, port);
    port = bridge.webTransportPort ?? port;
    return bridge;
  });
  const upgrade = passUpgradesTo(parts.host, () => kept.current?.httpPort ?? null, site);
  parts.server.on('upgrade', upgrade);
  const base = (): string => {
    const { current } = kept;
    if (current === null)
      throw new Failure('gateway-restarting', 'the bridge for pages is being started again');
    return originOf(parts.host, current.httpPort);
  };
  return {
    webTransport: () => {
      const { webTransportPort = null, certificate } = kept.current ?? {};
      return webTransportPort === null
        ? null
        : { port: webTransportPort, sha256Base64: certificate?.() ?? '' };
    },
    offer: async (ticket, sdp) => {
      if (kept.current === null) return RESTARTING;
      const answer = await fetch(`${base()}/offer`, {
        method: 'POST',
        body: JSON.stringify({ ticket, sdp }),
      });
      return { status: answer.status, body: await answer.json() };
    },
    // Our own program's answer.
    counters: async () => (await (await fetch(`${base()}/counters`)).json()) as PathCounters,
    stop: async () => {
      parts.server.off('upgrade', upgrade);
      await kept.stop();
    },
  };
}

const RESTARTING = {
  status: 503,
  body: {
    code: 'gateway-restarting',
    message: 'The bridge for pages is being started again: try in a moment.',
  },
};

async function startBridge(parts: GatewayParts, site: OwnSite, port: number): Promise<Bridge> {
  const pagePort = portOf(parts.server);
  let sha256Base64 = '';
  let settle: { resolve: (line: GatewayLine) => void; reject: (cause: unknown) => void } | undefined;
  const listening = new Promise<GatewayLine>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const child = runChild({
    entry: new URL('./main.ts', import.meta.url),
    urgent: true,
    nodeFlags: YOUNG_SPACE_FLAGS,
    options: {
      host: parts.host,
      publicHost: parts.publicHost ?? parts.host,
      port,
      ...(site.exposure === null ? {} : { homeName: site.exposure.hostname }),
      relay: { host: parts.relay.host, port: parts.relay.port },
      ...(parts.door === undefined ? {} : { door: new URL(parts.door, originOf(parts.host, pagePort)).href }),
      tokenKeyHex: toHex(parts.tokenKey),
      pageOrigins: site.origins(pagePort),
    },
    onLine: (line) => {
      const said = line as GatewayLine;
      if (said.type === 'certificate') sha256Base64 = said.sha256Base64 ?? '';
      else if (said.type === 'listening') settle?.resolve(said);
    },
  });
  child.ended.then(
    () => settle?.reject(new Failure('gateway-ended', 'the bridge for pages ended before it listened')),
    settle?.reject,
  );
  const { httpPort = 0, webTransportPort = null, whyNot } = await listening;
  if (webTransportPort === null) process.stderr.write(`Pages do without WebTransport: ${whyNot}\n`);
  child.ended.catch((cause: unknown) =>
    process.stderr.write(`The bridge for pages is started again: ${String(cause)}\n`),
  );
  return {
    httpPort,
    webTransportPort,
    certificate: () => sha256Base64,
    ended: child.ended,
    stop: () => child.stop(1000),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** RFC 3986 §3.2.2: an IPv6 address stands in brackets. */
function originOf(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** Hands a page's upgrade to the gateway as it came; the studio judges Host and Origin and then only copies bytes. */
function passUpgradesTo(host: string, portNow: () => number | null, site: OwnSite) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const verdict = judgeUpgrade(request, site);
    if (verdict !== 'room') return;
    const port = portNow();
    if (port === null) {
      refuseUpgrade(socket, '503 Service Unavailable');
      return;
    }
    const far = connect({ host, port, noDelay: true });
    const end = (): void => {
      far.destroy();
      socket.destroy();
    };
    socket.on('error', end);
    far.on('error', end);
    far.once('connect', () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`];
      for (let i = 0; i < request.rawHeaders.length; i += 2)
        lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
      far.write(`${lines.join('\r\n')}\r\n\r\n`);
      if (head.length > 0) far.write(head);
      socket.pipe(far).pipe(socket);
    });
    far.once('close', end);
    socket.once('close', end);
  };
}
