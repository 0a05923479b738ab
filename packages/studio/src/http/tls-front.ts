import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, Server } from 'node:http';
import { createServer, type Server as TlsServer } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext } from 'node:tls';
import { Failure, ok, type Result, refuse } from '@jamnet/base';
import type { Exposure, TlsFiles } from '../config/exposure.ts';

/** How often the files are looked at: what renews certificates writes new ones days ahead. */
const LOOK_MS = 600_000;
/** As the studio's own server. */
const REQUEST_MS = 30_000;
/** Who has not shaken hands by then has no TLS to speak. */
const HANDSHAKE_MS = 10_000;
/** As many nodes as the mesh takes, and pages beside them. */
const CONNECTIONS_MAX = 12_000;

interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads a certificate and its key and says what is wrong with them; `nowMs` is UTC. */
export function readTlsFiles(
  { certificateFile, keyFile }: TlsFiles,
  hostname: string,
  nowMs: number,
): Result<Pair, 'tls-unusable'> {
  try {
    const [cert, key] = [readFileSync(certificateFile), readFileSync(keyFile)];
    const own = new X509Certificate(cert);
    createSecureContext({ cert, key }); // throws where they do not belong together
    if (Date.parse(own.validTo) <= nowMs)
      return refuse('tls-unusable', `${certificateFile} ended on ${own.validTo}: renew it.`);
    if (covers(own, hostname) === undefined)
      return refuse(
        'tls-unusable',
        `${certificateFile} is not for ${hostname}: it names ${own.subjectAltName}.`,
      );
    return ok({ cert, key });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse('tls-unusable', `--tls-cert and --tls-key cannot be used: ${why}.`);
  }
}

/** The name or address of the certificate that `hostname` is; an IPv6 address stands in brackets in a URL. */
function covers(certificate: X509Certificate, hostname: string): string | undefined {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) === 0 ? certificate.checkHost(hostname) : certificate.checkIP(address);
}

export interface TlsFront {
  readonly port: number;
  /** Takes the files as they are now; false, and a line to `onFault`, when they are of no use: the old ones stay. */
  renew(): boolean;
  close(): Promise<void>;
}

/** The studio's public side: TLS on an address of its own in front of the same server, whose plain side stays on loopback. */
export async function openTlsFront(
  inner: Server,
  options: {
    readonly host: string;
    readonly port: number;
    readonly exposure: Exposure & { readonly tls: TlsFiles };
    /** UTC ms. */
    readonly nowMs: () => number;
    readonly onFault: (message: string) => void;
  },
): Promise<TlsFront> {
  const { exposure, nowMs, onFault } = options;
  const read = () => readTlsFiles(exposure.tls, exposure.hostname, nowMs());
  const first = read();
  if (!first.ok) throw new Failure(first.code, first.message);
  const front: TlsServer = createServer({
    ...first.value,
    minVersion: 'TLSv1.2',
    requestTimeout: REQUEST_MS,
    handshakeTimeout: HANDSHAKE_MS,
  });
  front.maxConnections = CONNECTIONS_MAX;
  // What is still shaking hands, or upgraded, is no connection that the server itself closes.
  const sockets = new Set<Socket>();
  front.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  front.on('request', (...what) => inner.emit('request', ...what));
  front.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!inner.emit('upgrade', request, socket, head)) socket.destroy();
  });
  front.listen(options.port, options.host);
  await once(front, 'listening');
  let changedMs = changeOf(exposure.tls);
  const renew = (): boolean => {
    const next = read();
    if (next.ok) front.setSecureContext(next.value);
    else onFault(next.message);
    return next.ok;
  };
  const timer = setInterval(() => {
    const now = changeOf(exposure.tls);
    if (now === changedMs) return;
    changedMs = now;
    renew();
  }, LOOK_MS);
  timer.unref();
  const address = front.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    renew,
    close: async () => {
      clearInterval(timer);
      const closed = once(front, 'close');
      front.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** When either file last changed, ms; −1 while one is missing. */
function changeOf({ certificateFile, keyFile }: TlsFiles): number {
  const times = [certificateFile, keyFile].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs);
  return times.reduce<number>(
    (most, time) => (time === undefined || most < 0 ? -1 : Math.max(most, time)),
    0,
  );
}
