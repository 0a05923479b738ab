import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { OwnSite } from '../http/own-site.ts';

/** What becomes of a request to upgrade: in, for the rooms' gateway, refused as another site's, or ended because nobody serves that path. */
export type UpgradeVerdict = 'mesh' | 'room' | 'forbidden' | 'elsewhere';

type UpgradeRequest = Pick<IncomingMessage, 'url' | 'headers'> & {
  readonly socket: Pick<Socket, 'remoteAddress'>;
};

/** Judges by sender and headers alone and never parses the target as a URL, for it may be none. Nodes send no Origin. */
export function judgeUpgrade({ url, headers, socket }: UpgradeRequest, site: OwnSite): UpgradeVerdict {
  const path = url?.split('?')[0];
  if (path !== '/mesh' && path !== '/room/socket') return 'elsewhere';
  if (!site.takesFrom(socket.remoteAddress)) return 'forbidden';
  if (!site.answersTo(headers.host) || !site.isOwnPage(headers.origin, headers.host)) return 'forbidden';
  return path === '/mesh' ? 'mesh' : 'room';
}

/** Answers with a status and nothing else, and lets go of the socket whether or not the other side does. */
export function refuseUpgrade(socket: Duplex, status: '403 Forbidden' | '503 Service Unavailable'): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
