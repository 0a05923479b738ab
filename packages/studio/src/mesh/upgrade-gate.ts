import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** What becomes of a request to upgrade: in, for the rooms' gateway, refused as another site's, or ended because nobody serves that path. */
export type UpgradeVerdict = 'mesh' | 'room' | 'forbidden' | 'elsewhere';

/** Names of this machine for itself, with or without a port: those that `http/server.ts` answers to. */
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

/**
 * Judges by headers alone and never parses the target as a URL, for it may be none. A page that resolves its own name to
 * 127.0.0.1 sends that name as Host; a page of another site sends its own as Origin. Nodes send no Origin.
 */
export function judgeUpgrade({ url, headers }: Pick<IncomingMessage, 'url' | 'headers'>): UpgradeVerdict {
  const path = url?.split('?')[0];
  if (path !== '/mesh' && path !== '/room/socket') return 'elsewhere';
  const host = headers.host?.toLowerCase() ?? '';
  if (!LOOPBACK.test(host)) return 'forbidden';
  const origin = headers.origin?.toLowerCase();
  const own = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (!own) return 'forbidden';
  return path === '/mesh' ? 'mesh' : 'room';
}

/** Answers with a status and nothing else, and lets go of the socket whether or not the other side does. */
export function refuseUpgrade(socket: Duplex, status: '403 Forbidden' | '503 Service Unavailable'): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
