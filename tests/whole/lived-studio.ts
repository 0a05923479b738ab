import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Role } from '@jamnet/accounts';
import type { Studio } from '@jamnet/studio';
import type { Browser } from 'playwright-core';
import { fillBooks } from '../../packages/studio/src/testing/lived-books.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { openBrowser } from './page-browser.ts';
import { makeAccount, newPerson, type Person, type PersonOptions } from './person.ts';

/** A studio whose books have been lived in, and the browser in which people come to it. */
export interface LivedStudio {
  readonly directory: string;
  readonly studio: Studio;
  /** By the name that its passkeys are kept under. */
  readonly origin: string;
  readonly browser: Browser;
  /** Somebody who has just made an account with this role; speaks English unless it says so. */
  invited(role: Role, name: string, options?: PersonOptions): Promise<Person>;
  /** From now on this member earns as the payee, as if they had been paid in these books all along. */
  earnsAs(name: string, payee: string): void;
  close(): Promise<void>;
}

/** `prepare` writes into the data directory before the studio opens it. */
export async function openLivedStudio(prepare?: (directory: string) => Promise<void>): Promise<LivedStudio> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-lived-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  await prepare?.(directory);
  const studio = await openStudioIn(directory);
  const origin = (await studio.listen()).replace('127.0.0.1', 'localhost');
  const browser = await openBrowser();
  return {
    directory,
    studio,
    origin,
    browser,
    async invited(role, name, options = {}) {
      const person = await newPerson(browser, { locale: 'en-US', ...options });
      const link = await studio.services.accounts.invite(role);
      if (!link.ok) throw new Error(link.message);
      await makeAccount(person.page, `${origin}/account/#join=${link.value}`, name);
      return person;
    },
    earnsAs(name, payee) {
      const books = new DatabaseSync(join(directory, 'jamnet.sqlite'));
      books.prepare('UPDATE account_member SET payee = ? WHERE name = ?').run(payee, name);
      books.close();
    },
    async close() {
      await browser.close();
      await studio.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
