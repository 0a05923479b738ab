import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { journalledSteps, openSqlite } from '@jamnet/sql';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { auditBooks } from '../books/audit.ts';
import { directoryReader } from '../books/readers.ts';
import { openParts } from '../composition/open-studio.ts';
import { parseStudioConfig } from '../config/studio-config.ts';
import { schemaSteps } from '../health/schema-steps.ts';
import { openStudioIn } from '../testing/open-studio-in.ts';
import { schemasOf, studioSchemas } from './studio-schemas.ts';
import { makePreviousFolder, OLD_HOST } from './testing/previous-release.ts';
import { downtimeOf, planUpgrade, upgradeStudio } from './upgrade-studio.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));
const NOW_US = 1_795_348_800_000_000n;
const FUTURE = '999-of-tomorrow';

/** Studios are opened one after another, and the machine may be busy. */
vi.setConfig({ testTimeout: 300_000 });

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'jamnet-upgrade-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const place = () => ({ dataDirectory: data, databaseUrl: undefined });

async function openPartsHere() {
  const config = parseStudioConfig({ data });
  if (!config.ok) throw new Error(config.message);
  const opened = await openParts(config.value, { checkout: CHECKOUT, create: false });
  if (!opened.ok) throw new Error(opened.message);
  return opened.value;
}

async function inDatabase<T>(work: (database: ReturnType<typeof openSqlite>) => Promise<T> | T): Promise<T> {
  const database = openSqlite({ file: join(data, 'jamnet.sqlite') });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Name and hash of every file but the lock's and SQLite's own of the moment. */
function everyFile(): Record<string, string> {
  const passing = /studio\.lock|-shm$|-wal$/;
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const paths = files
    .map((each) => join(each.parentPath, each.name))
    .filter((path) => !passing.test(path))
    .sort();
  return Object.fromEntries(
    paths.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}

const tomorrow = (store: string) =>
  inDatabase(({ sqlite }) => {
    sqlite.exec(`CREATE TABLE IF NOT EXISTS ${store}_migration (name TEXT PRIMARY KEY, timestamp TEXT);
      INSERT INTO ${store}_migration VALUES ('${FUTURE}', '2027-01-01T00:00:00.000Z');
      INSERT INTO jamnet_schema_journal VALUES ('${store}', '${FUTURE}', '0.2.0')`);
  });

test('the plan names every step that the release before had not, the rows they touch, and writes nothing', async () => {
  await makePreviousFolder(data, NOW_US);
  const before = everyFile();
  const plan = await planUpgrade(place());
  expect(everyFile()).toEqual(before);
  expect(plan).toMatchObject({ engine: 'sqlite', downtime: 'restart' });
  const mesh = plan.steps.filter(({ store }) => store === 'mesh');
  expect(mesh.map(({ step }) => step)).toEqual(
    Object.keys(studioSchemas('sqlite').find(({ store }) => store === 'mesh')?.steps ?? {}).slice(2),
  );
  expect(mesh.find(({ step }) => step === '007-newcomers')?.changes).toEqual([
    { kind: 'create-index', table: 'mesh_node', statements: 1, rows: 1 },
  ]);
  expect(plan.steps.some(({ store }) => store === 'ledger' || store.startsWith('economy'))).toBe(false);
});

test('data of the release before opens, migrates and audits, with its hosts, and each step is done once', async () => {
  await makePreviousFolder(data, NOW_US);
  const plan = await planUpgrade(place());
  const said: string[] = [];
  const report = await upgradeStudio(place(), ({ store, step }) => said.push(`${store} ${step}`));
  const planned = plan.steps.map(({ store, step }) => `${store} ${step}`);
  expect(said).toEqual(planned);
  expect((await inDatabase(journalledSteps)).map(({ store, step }) => `${store} ${step}`).sort()).toEqual(
    [...planned].sort(),
  );
  expect(report.done).toHaveLength(planned.length);
  expect((await upgradeStudio(place())).done).toEqual([]);
  expect((await planUpgrade(place())).downtime).toBe('none');
  const studio = await openPartsHere();
  try {
    const { coordinator, economy, ledger, log } = studio.parts;
    expect(await economy.unclosedEpochs()).toEqual([]);
    const audit = await auditBooks(directoryReader(join(data, 'public')), log.vkey);
    expect(audit.verdict).toBe('ok');
    expect(await ledger.size()).toBeGreaterThan(20n);
    expect((await coordinator.nodes()).map(({ id }) => id)).toContain(OLD_HOST);
  } finally {
    await studio.close();
  }
});

test.each(['mesh', 'store_of_tomorrow'])(
  'data whose %s is newer is refused before a byte of it changes',
  async (store) => {
    await (await openStudioIn(data)).close();
    await tomorrow(store);
    const before = everyFile();
    const refusal = { code: 'schema-too-new', message: expect.stringContaining('JAMNet 0.2.0') };
    await expect(openStudioIn(data, false)).rejects.toMatchObject(refusal);
    await expect(planUpgrade(place())).rejects.toMatchObject(refusal);
    await expect(upgradeStudio(place())).rejects.toMatchObject(refusal);
    expect(everyFile()).toEqual(before);
  },
);

test('a running studio is planned for and not migrated', async () => {
  const studio = await openStudioIn(data);
  try {
    expect((await planUpgrade(place())).steps).toEqual([]);
    await expect(upgradeStudio(place())).rejects.toMatchObject({ code: 'data-directory-in-use' });
  } finally {
    await studio.close();
  }
});

test('an empty place is refused and left empty', async () => {
  await expect(planUpgrade(place())).rejects.toMatchObject({ code: 'data-directory-missing' });
  expect(readdirSync(data)).toEqual([]);
});

test('every store of a new studio is known to the upgrade, up to its last step', async () => {
  await (await openStudioIn(data)).close();
  const known = (await inDatabase(schemasOf)).map(
    ({ store, steps }) => `${store} ${Object.keys(steps).sort().at(-1)}`,
  );
  const made = (await inDatabase(schemaSteps)).map(({ store, step }) => `${store} ${step}`);
  expect(made.sort()).toEqual(known.sort());
});

test.each([
  ['postgres', [], 'none'],
  ['postgres', [true, true], 'none'],
  ['postgres', [true, false], 'stop'],
  ['sqlite', [], 'none'],
  ['sqlite', [true], 'restart'],
  ['sqlite', [false], 'restart'],
] as const)('on %s steps that may run beside the old release (%j) cost: %s', (engine, online, downtime) => {
  expect(
    downtimeOf(
      engine,
      online.map((isOnline) => ({ isOnline })),
    ),
  ).toBe(downtime);
});
