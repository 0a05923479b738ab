import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** As the studio's own server. */
export const REQUEST_MS = 30_000;
/** As many nodes as the mesh takes, and pages beside them. */
const CONNECTIONS_MAX = 12_000;

/** Where others come in: an address of its own in front of the studio's server, which itself stays on loopback. */
export interface Front {
  readonly port: number;
  close(): Promise<void>;
}

export interface FrontAddress {
  readonly host: string;
  readonly port: number;
}

/** Without TLS: for a proxy that ends it. */
export function openPlainFront(inner: Server, address: FrontAddress): Promise<Front> {
  return openFront(inner, createServer({ requestTimeout: REQUEST_MS }), address);
}

/** Hands what `outer` is asked to `inner`. */
export async function openFront(
  inner: Server,
  outer: Server | TlsServer,
  { host, port }: FrontAddress,
): Promise<Front> {
  outer.maxConnections = CONNECTIONS_MAX;
  // What is still shaking hands, or upgraded, is no connection that the server itself closes.
  const sockets = new Set<Socket>();
  outer.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  outer.on('request', (...what) => inner.emit('request', ...what));
  outer.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!inner.emit('upgrade', request, socket, head)) socket.destroy();
  });
  outer.listen(port, host);
  await once(outer, 'listening');
  const address = outer.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: async () => {
      const closed = once(outer, 'close');
      outer.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
