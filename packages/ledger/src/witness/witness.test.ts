import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present } from '@jamnet/base';
import { openSqlite } from '@jamnet/sql';
import { afterEach, expect, test } from 'vitest';
import { beaconInput, formatBeacon } from '../core/beacon.ts';
import { verifyCheckpoint } from '../core/checkpoint.ts';
import { type Signer, signerFromSeed, vkeyOf } from '../core/signer.ts';
import { vrfProve } from '../core/vrf.ts';
import { directoryFiles } from '../log/directory-files.ts';
import { LogDirectory } from '../log/log-directory.ts';
import { openLog } from '../log/open-log.ts';
import { openLedger } from '../store/ledger.ts';
import { BEACONS_MAX, BeaconFiles, collectBeacon } from './beacon-files.ts';
import { collectCosignature, type WitnessReply } from './collect-cosignature.ts';
import { WATCHED_LOGS_MAX, Witness } from './witness.ts';
import { CONNECTIONS_MAX, createWitnessServer, REQUEST_BYTES_MAX } from './witness-server.ts';

const ORIGIN = 'studio.example/log';
const logSigner = signerFromSeed(ORIGIN, new Uint8Array(32).fill(7));
const witnessSigner = signerFromSeed('witness.example', new Uint8Array(32).fill(9));
const witnessVkey = vkeyOf(witnessSigner, 'cosignature');
const NOW_SECONDS = 1_790_000_000n;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-witness-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A log that grows on demand; `tag` makes histories differ. */
async function growingLog(tag: string, signer: Signer = logSigner) {
  const directory = folder();
  const database = openSqlite({ file: ':memory:' });
  cleanups.push(() => database.close());
  const ledger = await openLedger(database);
  const log = await openLog({ directory, ledger, origin: signer.name, signer });
  let serial = 0;
  return {
    directory,
    log,
    async grow(count: number): Promise<void> {
      const record = { kind: 'doc', sha256: 'ab'.repeat(32) };
      await ledger.post(
        1n,
        Array.from({ length: count }, () => ({ key: `${tag}:${serial++}`, record })),
      );
      await log.publish(1n);
    },
  };
}

function openWitness(state: string, logs: readonly string[] = [vkeyOf(logSigner)]): Witness {
  const prove = (input: Uint8Array): Uint8Array => vrfProve(new Uint8Array(32).fill(9), input);
  const opened = Witness.open({ signer: witnessSigner, files: directoryFiles(state), logs, prove });
  if (!opened.ok) throw new Error(opened.message);
  return opened.value;
}

async function serve(witness: Witness): Promise<{ url: string; server: Server }> {
  const server = createWitnessServer(witness, () => NOW_SECONDS);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function poster(url: string): (body: Uint8Array) => Promise<WitnessReply> {
  return async (body) => {
    const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body: Uint8Array.from(body) });
    return { status: answer.status, body: await answer.text() };
  };
}

test('a log that grows is cosigned each time, and the published checkpoint carries the cosignature', async () => {
  const { directory, log, grow } = await growingLog('a');
  const { url } = await serve(openWitness(folder()));
  for (const more of [3, 1, 300]) {
    await grow(more);
    const collected = await collectCosignature(log, witnessVkey, poster(url));
    expect(collected).toMatchObject({ ok: true, value: { witness: 'witness.example' } });
    const note = present(await directoryFiles(directory).read('checkpoint'), 'checkpoint');
    expect(verifyCheckpoint(note, log.vkey, [witnessVkey])).toMatchObject({
      ok: true,
      value: { witnesses: ['witness.example'], signatures: [{}, { timeSeconds: NOW_SECONDS }] },
    });
  }
});

test('a process without key or journal adds the cosignature to the directory, and the publisher takes it up', async () => {
  const { directory, log, grow } = await growingLog('a');
  await grow(5);
  const { url } = await serve(openWitness(folder()));
  const stranger = new LogDirectory(directoryFiles(directory), log.vkey);
  expect(await collectCosignature(stranger, witnessVkey, poster(url))).toMatchObject({
    ok: true,
    value: { size: 5n, timeSeconds: NOW_SECONDS },
  });
  await log.publish(2n);
  expect(verifyCheckpoint(await log.checkpoint(), log.vkey, [witnessVkey])).toMatchObject({
    ok: true,
    value: { witnesses: ['witness.example'] },
  });
  await grow(1);
  expect(verifyCheckpoint(await log.checkpoint(), log.vkey, [witnessVkey])).toMatchObject({
    ok: true,
    value: { size: 6n, witnesses: [] },
  });
  expect((await collectCosignature(stranger, witnessVkey, poster(url))).ok).toBe(true);
});

test('a restarted witness remembers, and refuses a fork and an old copy of the log', async () => {
  const state = folder();
  const [one, fork] = [await growingLog('a'), await growingLog('b')];
  await one.grow(8);
  await fork.grow(8);
  const old = folder();
  cpSync(one.directory, old, { recursive: true });
  await one.grow(4);
  const first = await serve(openWitness(state));
  expect((await collectCosignature(one.log, witnessVkey, poster(first.url))).ok).toBe(true);
  const again = poster((await serve(openWitness(state))).url);
  const copy = new LogDirectory(directoryFiles(old), one.log.vkey);
  expect(await collectCosignature(copy, witnessVkey, again)).toMatchObject({ code: 'witness-ahead' });
  await fork.grow(4);
  expect(await collectCosignature(fork.log, witnessVkey, again)).toMatchObject({ code: 'witness-refused' });
  await fork.grow(4);
  expect(await collectCosignature(fork.log, witnessVkey, again)).toMatchObject({ code: 'witness-refused' });
});

test('two witnesses on one memory never cosign two trees of one size', async () => {
  const state = folder();
  const [one, fork] = [await growingLog('a'), await growingLog('b')];
  await one.grow(4);
  await fork.grow(4);
  const [a, b] = [openWitness(state), openWitness(state)];
  const body = async (log: { checkpoint(): Promise<Uint8Array> }) =>
    Buffer.concat([Buffer.from('old 0\n\n'), await log.checkpoint()]);
  const answers = await Promise.all([
    a.addCheckpoint(await body(one.log), NOW_SECONDS),
    b.addCheckpoint(await body(fork.log), NOW_SECONDS),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test('a memory that cannot be read is no reason to begin anew', async () => {
  const state = folder();
  const { log, grow } = await growingLog('a');
  await grow(4);
  const { url } = await serve(openWitness(state));
  expect((await collectCosignature(log, witnessVkey, poster(url))).ok).toBe(true);
  const [file] = readdirSync(join(state, 'seen'));
  writeFileSync(join(state, 'seen', present(file, 'memory of the log')), 'nonsense');
  expect(await collectCosignature(log, witnessVkey, poster(url))).toMatchObject({
    code: 'witness-refused',
    message: expect.stringContaining('500'),
  });
});

test('a log that goes on while the witness thinks is asked for again', async () => {
  const { log, grow } = await growingLog('a');
  await grow(4);
  const post = poster((await serve(openWitness(folder()))).url);
  let asked = 0;
  const slow = async (body: Uint8Array): Promise<WitnessReply> => {
    const reply = await post(body);
    if (asked++ === 0) await grow(1);
    return reply;
  };
  expect(await collectCosignature(log, witnessVkey, slow)).toMatchObject({ ok: true, value: { size: 5n } });
  const restless = async (body: Uint8Array): Promise<WitnessReply> => {
    const reply = await post(body);
    if (reply.status === 200) await grow(1);
    return reply;
  };
  expect(await collectCosignature(log, witnessVkey, restless)).toMatchObject({ code: 'checkpoint-moved' });
});

test('an answer of somebody else than the named witness is not published', async () => {
  const { log, grow } = await growingLog('a');
  await grow(4);
  const { url } = await serve(openWitness(folder()));
  const other = vkeyOf(signerFromSeed('witness.example', new Uint8Array(32).fill(10)), 'cosignature');
  expect(await collectCosignature(log, other, poster(url))).toMatchObject({ code: 'cosignature-invalid' });
  expect(verifyCheckpoint(await log.checkpoint(), log.vkey, [witnessVkey])).toMatchObject({
    value: { witnesses: [] },
  });
});

test('over HTTP: its key, unknown paths, unknown logs, malformed and oversized bodies', async () => {
  const { url } = await serve(openWitness(folder()));
  expect(await (await fetch(`${url}/vkey`)).text()).toBe(`${witnessVkey}\n`);
  expect((await fetch(`${url}/other`)).status).toBe(404);
  expect((await fetch(`${url}/add-checkpoint`)).status).toBe(405);
  const { log, grow } = await growingLog('c', signerFromSeed('other.example/log', new Uint8Array(32)));
  await grow(2);
  expect(await collectCosignature(log, witnessVkey, poster(url))).toMatchObject({
    code: 'witness-refused',
    message: expect.stringContaining('404'),
  });
  const post = poster(url);
  expect((await post(Buffer.from('nonsense'))).status).toBe(400);
  expect((await post(Buffer.alloc(REQUEST_BYTES_MAX + 1))).status).toBe(413);
});

test('more connections than allowed are closed at once', async () => {
  const { url, server } = await serve(openWitness(folder()));
  const port = Number(new URL(url).port);
  const dropped = new Promise((resolve) => server.once('drop', resolve));
  const sockets = Array.from({ length: CONNECTIONS_MAX + 1 }, () => connect(port, '127.0.0.1'));
  for (const socket of sockets) socket.on('error', () => {});
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
  });
  await dropped;
});

test('a witness is not opened for a malformed key, nor for more logs than it can hold', () => {
  const files = directoryFiles(folder());
  expect(Witness.open({ signer: witnessSigner, files, logs: ['nonsense'] })).toMatchObject({
    code: 'vkey-malformed',
  });
  const many = Array(WATCHED_LOGS_MAX + 1).fill(vkeyOf(logSigner));
  expect(() => Witness.open({ signer: witnessSigner, files, logs: many })).toThrow('at most');
});

test('a beacon is given for a leaf once its tree was cosigned, is the same ever after, and is kept beside the log', async () => {
  const { directory, log, grow } = await growingLog('a');
  const { url } = await serve(openWitness(folder()));
  const beacons = new BeaconFiles(directoryFiles(directory), ORIGIN);
  const get = async (path: string): Promise<WitnessReply> => {
    const answer = await fetch(`${url}/${path}`);
    return { status: answer.status, body: await answer.text() };
  };
  expect(await collectBeacon(beacons, witnessVkey, get)).toEqual({ ok: true, value: null });
  await grow(3);
  await beacons.ask(2n);
  expect(await collectBeacon(beacons, witnessVkey, get)).toMatchObject({ code: 'witness-refused' });
  await collectCosignature(log, witnessVkey, poster(url));
  expect(await collectBeacon(beacons, witnessVkey, get)).toEqual({ ok: true, value: { leaf: 2n } });
  const first = present(await beacons.of(2n, witnessVkey), 'beacon');
  await grow(5);
  await collectCosignature(log, witnessVkey, poster(url));
  await collectBeacon(beacons, witnessVkey, get);
  expect(await beacons.of(2n, witnessVkey)).toEqual(first);
  expect(await beacons.of(1n, witnessVkey)).toBeNull();
  for (const path of ['beacon?origin=other&leaf=2', 'beacon?leaf=2'])
    expect((await get(path)).status).toBe(404);
  for (const path of ['beacon', `beacon?origin=${ORIGIN}&leaf=-1`])
    expect((await get(path)).status).toBe(400);
});

test('only the beacon of the witness and the leaf that were asked is kept, and of no more witnesses than the limit', async () => {
  const beacons = new BeaconFiles(directoryFiles(folder()), ORIGIN);
  const lineOf = (index: number, leaf: bigint) => {
    const seed = new Uint8Array(32).fill(index);
    const signer = signerFromSeed(`w${index}.example`, seed);
    const line = formatBeacon(signer.name, vrfProve(seed, beaconInput(ORIGIN, leaf)));
    return { line, vkey: vkeyOf(signer, 'cosignature') };
  };
  const [one, two] = [lineOf(1, 7n), lineOf(2, 7n)];
  for (const [line, vkey] of [
    [lineOf(1, 8n).line, one.vkey],
    [two.line, one.vkey],
    [`${one.line.trim()} more`, one.vkey],
    ['', one.vkey],
  ] as const)
    expect(await beacons.add(7n, line, vkey)).toMatchObject({ code: 'beacon-invalid' });
  for (let index = 1; index <= BEACONS_MAX; index++) {
    const { line, vkey } = lineOf(index, 7n);
    expect(await beacons.add(7n, line, vkey)).toMatchObject({ ok: true });
  }
  const late = lineOf(BEACONS_MAX + 1, 7n);
  expect(await beacons.add(7n, late.line, late.vkey)).toMatchObject({ code: 'beacons-full' });
  expect(await beacons.add(7n, one.line, one.vkey)).toMatchObject({ ok: true });
});
