import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits } from '@jamnet/toast';
import { WebSocketServer } from 'ws';
import type { PathHub } from '../gateway/path-hub.ts';

export const WEBSOCKET_PATH = '/room/socket';
/** Bytes waiting towards a page that reads slowly; then packets are dropped instead: late sound is no sound. */
const BACKLOG_BYTES_MAX = 64 * 1024;
/** ws ends a connection whose message is longer; up to here the hub counts it as oversized and lets the page live. */
const MESSAGE_BYTES_MAX = 4 * limits.DATAGRAM_BYTES_MAX;

export interface WebSocketPaths {
  close(): void;
}

/** The last resort of a page: one binary message is one packet. The studio has checked Host and Origin before it passed the request on. */
export function serveWebSockets(server: Server, hub: PathHub): WebSocketPaths {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
  });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const [path, query = ''] = (request.url ?? '').split('?', 2);
    const claim = path === WEBSOCKET_PATH ? hub.admit(new URLSearchParams(query).get('ticket') ?? '') : null;
    if (claim === null || !claim.ok) {
      const status =
        claim === null
          ? '404 Not Found'
          : claim.code === 'paths-full'
            ? '503 Service Unavailable'
            : '403 Forbidden';
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const end = hub.open(claim.value, {
        kind: 'websocket',
        send: (packet) => {
          if (webSocket.bufferedAmount > BACKLOG_BYTES_MAX) return false;
          webSocket.send(packet, () => undefined);
          return true;
        },
        close: (reason) => webSocket.close(1001, reason),
      });
      webSocket.on('message', (data, isBinary) => {
        if (isBinary && data instanceof Buffer) end.receive(data);
      });
      webSocket.on('error', () => webSocket.terminate());
      webSocket.on('close', () => end.closed());
    });
  };
  server.on('upgrade', upgrade);
  return {
    close: () => {
      server.off('upgrade', upgrade);
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}
