import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex, present } from '@jamnet/base';
import { assignmentSeed, drawHosts } from '@jamnet/groove';
import {
  BeaconFiles,
  collectBeacon,
  collectCosignature,
  directoryFiles,
  nativeSigner,
  openLedger,
  openLog,
  vrfProve,
  Witness,
} from '@jamnet/ledger';
import { openSqlite } from '@jamnet/sql';
import { afterEach, describe, expect, test } from 'vitest';
import { deriveSecret } from '../../identity/keys.ts';
import { checkDraws, UNOPENED_US } from './draw-check.ts';
import { DrawDesk } from './draw-desk.ts';
import { parseDrawText } from './draw-document.ts';
import { GrooveStore } from './groove-store.ts';

const ORIGIN = 'draws.example/log';
const CANDIDATES = Array.from({ length: 30 }, (_, index) => ({
  node: `n-${index}`,
  ownerGroup: `g-${index}`,
  linkedGroups: [],
}));
const REQUEST = { performances: [{ performance: 'take-1', performerGroup: 'band' }], candidates: CANDIDATES };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A studio's log with two witnesses that count and one that does not, all real, and a clock that is moved by hand. */
async function openWorld() {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-draws-'));
  const database = openSqlite({ file: ':memory:' });
  closing.push(
    () => rmSync(directory, { recursive: true, force: true }),
    () => database.close(),
  );
  const ledger = await openLedger(database);
  const files = directoryFiles(join(directory, 'log'));
  const signer = nativeSigner(ORIGIN, deriveSecret('log', 'test key'));
  const log = await openLog({ directory: join(directory, 'log'), ledger, origin: ORIGIN, signer });
  const beacons = new BeaconFiles(files, ORIGIN);
  const witnesses = ['north', 'south', 'west'].map((name) => {
    const seed = deriveSecret(name, 'test key');
    const opened = Witness.open({
      signer: nativeSigner(`${name}.example`, seed),
      files: directoryFiles(join(directory, name)),
      logs: [log.vkey],
      prove: (input) => vrfProve(seed, input),
    });
    if (!opened.ok) throw new Error(opened.message);
    return opened.value;
  });
  const store = await GrooveStore.open(database);
  const world = { nowUs: 1_000_000_000_000n, ledger, log, store, beacons, witnesses };
  const open = () =>
    new DrawDesk({
      store,
      ledger,
      beacons,
      secret: deriveSecret('draws', 'test key'),
      witnesses: witnesses.slice(0, 2).map(({ vkey }) => vkey),
      quorum: 2,
      nowUs: () => world.nowUs,
      publish: async () => void (await log.publish(world.nowUs)),
    });
  return { ...world, world, open };
}
type World = Awaited<ReturnType<typeof openWorld>>;

async function cosign({ world, log }: World, witness: Witness): Promise<void> {
  const collected = await collectCosignature(log, witness.vkey, async (body) => {
    const { status, body: text } = await witness.addCheckpoint(body, world.nowUs / 1_000_000n);
    return { status, body: text };
  });
  if (!collected.ok) throw new Error(collected.message);
}

/** As `jamnet ledger cosign` asks, without the network between. */
const bring = ({ beacons }: World, witness: Witness) =>
  collectBeacon(beacons, witness.vkey, async (path) => {
    const query = new URLSearchParams(path.split('?')[1]);
    const leaf = BigInt(query.get('leaf') ?? '');
    const { status, body } = await witness.beacon(query.get('origin') ?? '', leaf);
    return { status, body };
  });

async function witnessed(world: World, ...names: number[]): Promise<void> {
  for (const index of names) {
    const witness = present(world.witnesses[index], 'witness');
    await cosign(world, witness);
    await bring(world, witness);
  }
}

async function grow({ world, ledger, log }: World, tag: string): Promise<void> {
  const record = { kind: 'doc', sha256: 'ab'.repeat(32) };
  expect(await ledger.post(world.nowUs, [{ key: tag, record }])).toMatchObject([{ ok: true }]);
  await log.publish(world.nowUs);
}

const leavesOf = async ({ ledger }: World) => (await ledger.entries(0n, 100)).map(({ leaf }) => leaf);

describe('a draw', () => {
  test('waits for the beacons of the witnesses that it names, and can be checked from its proof', async () => {
    const world = await openWorld();
    const desk = world.open();
    await desk.fix(REQUEST);
    await witnessed(world, 0, 2);
    expect(await desk.finish()).toBeNull();
    await witnessed(world, 1);
    const draw = present((await desk.finish())?.get('take-1'), 'draw');
    const { fixed, fixedLeaf, preimage } = draw.proof;
    const outputs = await Promise.all(
      parseDrawText(fixed).witnesses.map((vkey) => world.beacons.of(BigInt(fixedLeaf), vkey)),
    );
    expect(draw.proof.beacons).toEqual(outputs.map((beacon) => beacon?.line));
    const seed = assignmentSeed(
      present(fromHex(preimage), 'preimage'),
      BigInt(fixedLeaf),
      outputs.map((beacon) => present(beacon, 'beacon').output),
    );
    const [performance] = REQUEST.performances;
    expect(draw.hosts).toEqual(drawHosts(seed, present(performance, 'take'), CANDIDATES, 8));
  });

  test('is the same however often, when, and over whatever later log its studio asks the witnesses', async () => {
    const world = await openWorld();
    const desk = world.open();
    await desk.fix(REQUEST);
    await witnessed(world, 0, 1);
    const first = await desk.finish();
    for (let turn = 0; turn < 10; turn++) {
      await grow(world, `leaf-${turn}`);
      world.world.nowUs += 7_000_000n;
      await witnessed(world, 1, 0);
      expect(await world.open().finish()).toEqual(first);
    }
  });

  test('cannot be foreseen: no witness gives its beacon for a leaf that it has not cosigned', async () => {
    const world = await openWorld();
    await world.open().fix(REQUEST);
    const [north] = world.witnesses;
    expect(await bring(world, present(north, 'witness'))).toMatchObject({ code: 'witness-refused' });
    await grow(world, 'something');
    await cosign(world, present(north, 'witness'));
    expect(await bring(world, present(north, 'witness'))).toMatchObject({ ok: true });
    expect((await present(north, 'witness').beacon(ORIGIN, await world.ledger.size())).status).toBe(409);
  });

  test('another leaf is another draw', async () => {
    const [one, other] = [await openWorld(), await openWorld()];
    await grow(other, 'one-leaf-more');
    const outcomes = [];
    for (const world of [one, other]) {
      const desk = world.open();
      await desk.fix(REQUEST);
      await witnessed(world, 0, 1);
      outcomes.push((await desk.finish())?.get('take-1')?.hosts);
    }
    expect(outcomes[0]).not.toEqual(outcomes[1]);
  });

  test('is the one that was fixed also after its studio stopped, and nothing else is fixed meanwhile', async () => {
    const world = await openWorld();
    await world.open().fix(REQUEST);
    const again = world.open();
    expect(await again.isFixed()).toBe(true);
    await expect(again.fix({ ...REQUEST, candidates: CANDIDATES.slice(1) })).resolves.toBeUndefined();
    await witnessed(world, 0, 1);
    const drawn = present(await world.open().finish(), 'draws');
    const documents = [...drawn.values()].map(({ proof }) => parseDrawText(proof.fixed).candidates.length);
    expect(documents).toEqual([CANDIDATES.length]);
    await again.close(drawn);
    expect(checkDraws(await leavesOf(world))).toEqual({ opened: 1, unopened: 0, waiting: null, fault: null });
    expect(await world.beacons.asked()).toBeNull();
  });

  test('that a studio keeps shut stands in the log, costs it a day without draws, and its link is used up', async () => {
    const world = await openWorld();
    const desk = world.open();
    await desk.fix(REQUEST);
    world.world.nowUs += UNOPENED_US;
    expect(await desk.finish()).toBeNull();
    expect(checkDraws(await leavesOf(world))).toMatchObject({ unopened: 0, waiting: 1, fault: null });
    world.world.nowUs += 1n;
    expect(await desk.finish()).toBeNull();
    expect(await desk.isFixed()).toBe(false);
    expect((await world.store.chain())?.published).toBe(1n);
    await desk.fix(REQUEST);
    await witnessed(world, 0, 1);
    await desk.close(present(await desk.finish(), 'draws'));
    expect(checkDraws(await leavesOf(world))).toEqual({ opened: 1, unopened: 1, waiting: null, fault: null });
  });

  test('without its witnesses is not fixed at all', async () => {
    const { world, ledger, store, beacons, log } = await openWorld();
    const desk = new DrawDesk({
      store,
      ledger,
      beacons,
      secret: deriveSecret('draws', 'test key'),
      witnesses: [],
      quorum: 2,
      nowUs: () => world.nowUs,
      publish: async () => void (await log.publish(world.nowUs)),
    });
    await desk.fix(REQUEST);
    expect([await desk.isFixed(), await ledger.size()]).toEqual([false, 0n]);
  });
});

describe('the log of a studio that chooses among draws', () => {
  const record = (kind: string, key: string, acceptedAtUs = 0n) =>
    ({ type: 'record', kind, key, sha256: '', acceptedAtUs }) as const;
  const fixed = (name: string, atUs = 0n) => record('groove-draw-fixed', `groove-draw-fixed:${name}`, atUs);
  const opened = (leaf: number) => record('groove-draw-opened', `groove-draw-opened:${leaf}`);
  const unopened = (leaf: number, atUs: bigint) =>
    record('groove-draw-unopened', `groove-draw-unopened:${leaf}`, atUs);

  test.each([
    ['fixes another while one waits', [fixed('a'), fixed('b')], /while the one of leaf 0 has no end/],
    ['fixes another after a look at the first', [fixed('a'), fixed('b'), opened(1)], /leaf 0 has no end/],
    ['gives one up at once', [fixed('a'), unopened(0, UNOPENED_US - 1n)], /before its day is over/],
    ['opens a draw that nobody saw', [opened(0)], /does not wait/],
    ['opens one twice', [fixed('a'), opened(0), opened(0)], /does not wait/],
    ['ends another than the one that waits', [record('doc', 'x'), fixed('a'), opened(0)], /does not wait/],
  ])('shows when it %s', (_name, leaves, fault) => {
    expect(checkDraws(leaves).fault).toMatch(fault);
  });

  test('shows nothing where each draw has its end', () => {
    const leaves = [fixed('a'), opened(0), fixed('b'), unopened(2, UNOPENED_US), fixed('c', UNOPENED_US)];
    expect(checkDraws(leaves)).toEqual({ opened: 1, unopened: 1, waiting: 4, fault: null });
  });
});
