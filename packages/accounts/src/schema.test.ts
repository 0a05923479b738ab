import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { getMigrations } from 'better-auth/db/migration';
import { expect, test } from 'vitest';
import { AccountDesk } from './account-desk.ts';
import { Invitations } from './invitations.ts';
import { makeAuth } from './make-auth.ts';
import { RecoveryCodes } from './recovery-codes.ts';
import type { AccountKysely } from './tables.ts';
import { SETTINGS } from './testing/open-accounts.ts';

describeOnEveryEngine('the tables of accounts', (openFresh) => {
  test('are those that better-auth wants, so that an update of it that wants more is noticed', async () => {
    const { database } = await openFresh();
    await AccountDesk.open(database, SETTINGS, () => 0n);
    const kysely = database.kysely as unknown as AccountKysely;
    const invitations = new Invitations(kysely, () => 0n);
    const auth = makeAuth({ database, kysely, invitations, recovery: new RecoveryCodes(kysely) }, SETTINGS);
    const { toBeCreated, toBeAdded } = await getMigrations(auth.options);
    expect(toBeCreated).toEqual([]);
    expect(toBeAdded).toEqual([]);
  });
});
