import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Role } from '@jamnet/accounts';
import { BrowserOfMember } from '@jamnet/accounts/testing';
import { parseStudioConfig } from '../../config/studio-config.ts';
import { openStudio, type Studio } from '../../studio.ts';

const CHECKOUT = fileURLToPath(new URL('../../../../..', import.meta.url));

/** A studio that listens over a directory of its own, and people who come to it. */
export interface StudioWithMembers {
  readonly studio: Studio;
  /** By the name that its passkeys are kept under. */
  readonly origin: string;
  /** Its data directory. */
  readonly directory: string;
  /** The operator's, from the data directory. */
  readonly token: string;
  newBrowser(): BrowserOfMember;
  /** A browser whose member has just joined with this role. */
  memberWith(role: Role): Promise<BrowserOfMember>;
  close(): Promise<void>;
}

interface HouseOptions {
  /** PostgreSQL instead of the embedded database. */
  readonly databaseUrl?: string;
  /** A collector that gets traces. */
  readonly tracesEndpoint?: string;
  /** Writes into the data directory before the studio opens it. */
  readonly prepare?: (directory: string) => Promise<void>;
}

export async function openStudioWithMembers({
  databaseUrl,
  tracesEndpoint,
  prepare,
}: HouseOptions = {}): Promise<StudioWithMembers> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-members-'));
  await prepare?.(directory);
  const config = parseStudioConfig({
    data: directory,
    port: '0',
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(tracesEndpoint === undefined ? {} : { tracesEndpoint }),
  });
  if (!config.ok) throw new Error(config.message);
  const opened = await openStudio(config.value, { checkout: CHECKOUT, create: true });
  if (!opened.ok) throw new Error(opened.message);
  const studio = opened.value;
  const origin = (await studio.listen()).replace('127.0.0.1', 'localhost');
  const newBrowser = () => new BrowserOfMember({ origin, answer: (request) => fetch(request) });
  return {
    studio,
    origin,
    directory,
    token: readFileSync(join(directory, 'operator.token'), 'utf8').trim(),
    newBrowser,
    memberWith: async (role) => {
      const { accounts } = studio.services;
      const invited = await accounts.invite(role);
      if (!invited.ok) throw new Error(invited.message);
      await accounts.nameInvited(invited.value, role);
      const browser = newBrowser();
      const joined = await browser.addPasskey(invited.value);
      if (joined.status !== 200) throw new Error(`the ${role} did not get in: ${joined.status}`);
      return browser;
    },
    close: async () => {
      await studio.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
