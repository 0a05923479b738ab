import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '@jamnet/base';
import { startNatsServer } from '@jamnet/bus/testing';
import { openEconomy, type Receipt, samplePolicy } from '@jamnet/economy';
import { platformSha256, platformVerifySignature, standardCatalogue } from '@jamnet/jamnode';
import { openLedger } from '@jamnet/ledger';
import { Catalogue, Coordinator, DISPATCH_POLICY, TRUST_POLICY } from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { openPostgres } from '@jamnet/sql';
import { openSecrets } from '@jamnet/studio';
import { cashDesk } from '../../packages/studio/src/payouts/cash-desk.ts';
import { makePostgres } from '../setup/own-postgres.ts';
import { RoleProcess, type RoleWorld } from '../setup/role-processes.ts';
import { spawnCli } from '../setup/studio-process.ts';
import { contributionOf as earned, nowUs } from './role-acts.ts';

/** Two of each. */
const NAMES = ['coordinator', 'api', 'epoch', 'web', 'relay'].flatMap((role) => [`${role}-1`, `${role}-2`]);
const FIRST_EPOCH = 'roles-1';
/** The epoch that is open while processes are killed. */
export const EPOCH = 'roles-2';
export const PAYEES = Array.from({ length: 24 }, (_, n) => `p${(n + 1).toString(16).padStart(32, '0')}`);
/** Of whom the studio knows a bank. */
export const BANKED = PAYEES.slice(0, 3);
/** What was paid in the first epoch. */
export const FIRST_CENTS = 10_000_000n;
const EVIDENCE = 'ee'.repeat(32);
const DAY_US = 86_400_000_000n;

export function must<T>(answer: Result<T>): T {
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.message}`);
  return answer.value;
}

/** All of a studio in ten processes, and what drives it from outside. */
export async function openWorld(nats: string, cleanups: (() => unknown)[]) {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-roles-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  // Commits reach the disk here: this server is stopped as a machine without power stops.
  const postgres = await makePostgres(['max_connections=200']);
  cleanups.push(async () => {
    await postgres.stop('SIGQUIT');
    postgres.remove();
  });
  await postgres.start();
  const started = { server: await startNatsServer(nats) };
  cleanups.push(() => started.server.stop());
  const world: RoleWorld = {
    directory,
    databaseUrl: postgres.url,
    natsUrl: started.server.url,
    rootSecretHex: randomBytes(32).toString('hex'),
  };
  const processes = new Map(NAMES.map((name) => [name, new RoleProcess(world, name)]));
  const of = (name: string): RoleProcess => {
    const found = processes.get(name);
    if (found === undefined) throw new Error(`no process ${name}`);
    return found;
  };
  cleanups.push(() => Promise.all([...processes.values()].map((each) => each.kill())));
  // The first makes the tables, the others find them.
  await of('api-1').start();
  await Promise.all(
    [...processes.values()].filter(({ name }) => name !== 'api-1').map((each) => each.start()),
  );
  const database = openPostgres({ url: postgres.url });
  cleanups.push(() => database.close());
  const ledger = await openLedger(database);
  const economy = await openEconomy(database, ledger);
  const secrets = openSecrets(of('api-1').dataDirectory, world.rootSecretHex);
  const coordinator = new Coordinator(
    {
      catalogue: new Catalogue(standardCatalogue()),
      ...{ trust: TRUST_POLICY, dispatch: DISPATCH_POLICY, secret: secrets.checks },
      ...{ sha256: platformSha256, verifySignature: platformVerifySignature, trustedKeys: new Set<string>() },
    },
    await openMeshStore(database),
  );
  const clerkDirectory = join(directory, 'clerk');
  mkdirSync(clerkDirectory);
  return {
    ...{ directory, postgres, nats: started, processes, of, database, ledger, economy, coordinator, secrets },
    ...{ clerkDirectory, cleanups },
  };
}
export type World = Awaited<ReturnType<typeof openWorld>>;

/** An epoch that is closed, so that everybody can redeem, and one that is open. */
export async function fillBooks({ economy }: World): Promise<void> {
  const policy = (epochId: string) => ({
    ...samplePolicy({ epochId }),
    payouts: { rails: ['pain.001'], bankDetailRestDays: 3, withoutTaxForm: 'withhold' },
  });
  must(await economy.publishPolicy(nowUs(), policy(FIRST_EPOCH)));
  must(await economy.openEpoch(nowUs()));
  must(await economy.addValuation(nowUs(), valuation('valuation-1')));
  for (const payee of PAYEES)
    must(
      await economy.registerPayee(nowUs(), { payee, ownerGroup: `group-${payee}`, evidenceSha256: EVIDENCE }),
    );
  const receipt: Receipt = {
    ...{ id: 'first', principal: 'payer-0', stream: 'subscription', amountCents: FIRST_CENTS },
    ...{ currency: 'USD', reference: '', refundOf: null, receivedAtUs: 1n },
  };
  must(await economy.addReceipt(nowUs(), receipt));
  const first = PAYEES.map((payee, n) => earned(`first-${n}`, 1_000_000 + n, payee));
  must(await economy.addContributions(nowUs(), first));
  must(await economy.close(nowUs(), FIRST_EPOCH));
  must(await economy.publishPolicy(nowUs(), policy(EPOCH)));
  must(await economy.openEpoch(nowUs()));
}

export function valuation(id: string) {
  return {
    ...{ id, valueCents: 2_400_000_000n, fullyDilutedUnits: 12_000_000n, datedAtUs: nowUs() },
    ...{ approvedBy: 'board', documentSha256: EVIDENCE },
  };
}

/** A host at one of the coordinators. */
export function startNode({ of, directory, cleanups }: World, coordinator: string): void {
  const name = `host-of-${coordinator}`;
  const url = `${of(coordinator).url.replace('http', 'ws')}/mesh`;
  const place = ['--directory', join(directory, name), '--data', join(directory, name)];
  const child = spawnCli(['node', '--url', url, '--name', name, '--forecasts', '0', ...place, '--json']);
  child.stdout?.resume();
  child.stderr?.resume();
  cleanups.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
}

/** Cash out as a process of its own does it that has the files for the bank; a payee's details rest, so its clock is days ahead. */
export async function openClerk({ clerkDirectory, database, ledger, economy }: World) {
  const account = { kind: 'iban', iban: 'DE89370400440532013000' };
  const rail = { from: { name: 'JAMNet Studio', account }, rate: { numerator: '9', denominator: '10' } };
  writeFileSync(join(clerkDirectory, 'payouts.json'), JSON.stringify({ 'pain.001': rail }));
  let aheadUs = 0n;
  const desk = cashDesk({
    ...{ dataDirectory: clerkDirectory, database, ledger, economy, nowUs: () => nowUs() + aheadUs },
    ...{ publishBooks: async () => undefined, payeeKey: new Uint8Array(32).fill(5) },
  });
  for (const [n, payee] of BANKED.entries()) {
    const name = `Payee ${'ABC'.charAt(n)}`;
    const address = { country: 'FR', townName: 'Lyon' };
    must(
      await desk.payees.set(payee, {
        ...{ legalName: name, birthDate: '1990-02-03' },
        address: { ...address, streetName: 'Rue de la Paix', buildingNumber: '1' },
        destination: { name, account, address: { ...address, lines: ['Rue de la Paix 1'] } },
      }),
    );
    for (const check of ['identity', 'bank'] as const)
      must(
        await desk.payees.check(payee, {
          ...{ check, verdict: 'verified' },
          ...(check === 'bank' ? { nameCheck: 'match' as const } : {}),
        }),
      );
  }
  aheadUs = 4n * DAY_US;
  for (const payee of BANKED)
    must(await desk.payees.check(payee, { check: 'sanctions', verdict: 'verified', evidence: EVIDENCE }));
  return desk;
}
