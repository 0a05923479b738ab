import type { Server } from 'node:http';
import type { StudioConfig } from '../config/studio-config.ts';
import { type Front, openPlainFront } from '../http/front.ts';
import { openTlsFront } from '../http/tls-front.ts';
import type { StudioHosts } from './studio-hosts.ts';

/** The side of others, where it is not the plain one. */
export async function openOutside(
  exposure: StudioConfig['exposure'],
  { front }: StudioHosts,
  server: Server,
): Promise<Front | null> {
  if (front === null) return null;
  if (!exposure?.tls) return openPlainFront(server, front);
  const { tls } = exposure;
  const onFault = (message: string): void => void process.stderr.write(`${message}\n`);
  return openTlsFront(server, { ...front, exposure: { ...exposure, tls }, nowMs: Date.now, onFault });
}
