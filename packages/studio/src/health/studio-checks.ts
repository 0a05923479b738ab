import { statfs } from 'node:fs/promises';
import type { Database } from '@jamnet/sql';
import { sql } from 'kysely';
import type { HealthCheck, HealthCode } from './health-check.ts';
import { lookAtLog } from './log-check.ts';

/** Free space below which the studio is not ready, bytes: about three hours of one player's sound (48 kHz, 16 bits: 0.35 GB an hour). */
export const DISK_FREE_BYTES_MIN = 1_000_000_000;

/** What the system says of a file system: blocks free for this user, and how large one is. */
export type StatFs = (path: string) => Promise<{ readonly bavail: number; readonly bsize: number }>;

export interface CheckedParts {
  readonly database: Database;
  readonly dataDirectory: string;
  readonly logDirectory: string;
  readonly logVkey: string;
  /** Relays of the studio's own that run, and how many there should be. */
  readonly relays: () => { readonly running: number; readonly wanted: number };
  /** The queue as the coordinator counts it; null until hosts can connect. */
  readonly meshQueue: () => Promise<unknown> | null;
  /** Asks the bridge for pages something; null until it was started. */
  readonly gateway: () => Promise<unknown> | null;
  readonly statFs?: StatFs;
  /** Checks of what other processes of the studio do; default: none. */
  readonly elsewhere?: ReadonlySet<string>;
}

/** All parts that are looked at. Of an embedded database the look holds up the process as any query does; a remote one is waited for. */
export function studioChecks(parts: CheckedParts): readonly HealthCheck[] {
  return allChecks(parts).filter(({ name }) => !parts.elsewhere?.has(name));
}

function allChecks(parts: CheckedParts): readonly HealthCheck[] {
  const { database, dataDirectory, statFs = statfs } = parts;
  return [
    {
      name: 'store',
      isNeeded: true,
      look: async () => {
        await sql`SELECT 1`.execute(database.kysely);
        return null;
      },
      onThrow: 'store-silent',
    },
    {
      name: 'log',
      isNeeded: true,
      look: () => lookAtLog(parts.logDirectory, parts.logVkey),
      onThrow: 'log-unreadable',
    },
    {
      name: 'relays',
      isNeeded: true,
      look: async () => relayFault(parts.relays()),
      onThrow: 'relays-gone',
    },
    {
      name: 'mesh',
      isNeeded: true,
      look: async () => answered(parts.meshQueue(), 'mesh-closed'),
      onThrow: 'mesh-silent',
    },
    {
      name: 'gateway',
      isNeeded: false,
      look: async () => answered(parts.gateway(), 'gateway-gone'),
      onThrow: 'gateway-gone',
    },
    {
      name: 'disk',
      isNeeded: true,
      look: async () => {
        const { bavail, bsize } = await statFs(dataDirectory);
        return bavail * bsize < DISK_FREE_BYTES_MIN ? 'disk-full' : null;
      },
      onThrow: 'disk-unreadable',
    },
  ];
}

function relayFault({ running, wanted }: ReturnType<CheckedParts['relays']>): HealthCode | null {
  if (running === 0) return 'relays-gone';
  return running < wanted ? 'relays-some-gone' : null;
}

async function answered(asked: Promise<unknown> | null, absent: HealthCode): Promise<HealthCode | null> {
  if (asked === null) return absent;
  await asked;
  return null;
}
