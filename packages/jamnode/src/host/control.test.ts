import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { askControl } from './ask-control.ts';
import { type ControlWord, serveControl } from './control-server.ts';
import { NodeDirectory } from './node-directory.ts';
import type { NodeStatus } from './node-status.ts';
import { NodeTally } from './node-tally.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function directory(): NodeDirectory {
  const path = mkdtempSync(join(tmpdir(), 'jamnet-node-'));
  cleanups.push(() => rmSync(path, { recursive: true }));
  return new NodeDirectory(path);
}

const STATUS: NodeStatus = {
  ...new NodeTally(1, 0).read(0),
  reasons: [],
  energy: { source: null, watts: null, kilowattHours: null },
};

async function serve(at: NodeDirectory): Promise<ControlWord[]> {
  const heard: ControlWord[] = [];
  const close = await serveControl(at.controlSocket, (word) => {
    heard.push(word);
    return { ok: true, status: STATUS };
  });
  cleanups.push(close);
  return heard;
}

test('a word reaches the node that runs in a directory, and its status comes back', async () => {
  const at = directory();
  const heard = await serve(at);
  expect(await askControl(at.controlSocket, 'pause')).toEqual({ ok: true, status: STATUS });
  expect(heard).toEqual(['pause']);
});

test('a directory without a node says so', async () => {
  await expect(askControl(directory().controlSocket, 'status')).rejects.toMatchObject({
    code: 'node-not-running',
  });
});

test('two nodes do not share a directory, but a killed one does not block it', async () => {
  const at = directory();
  writeFileSync(at.controlSocket, ''); // As a killed node leaves it: there, and nobody answers.
  await serve(at);
  await expect(serveControl(at.controlSocket, () => ({ ok: true, status: STATUS }))).rejects.toMatchObject({
    code: 'node-running',
  });
  expect(existsSync(at.controlSocket)).toBe(true);
});

test('an unknown word is refused, and a line without end is cut off', async () => {
  const at = directory();
  await serve(at);
  const said = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(at.controlSocket, () => socket.write('explode\n'));
    socket.on('data', (bytes) => {
      text += bytes;
      socket.write('x'.repeat(65));
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
  expect(JSON.parse(said)).toMatchObject({ ok: false, code: 'control-word-unknown' });
});

test('a path that is too long for a socket is named before anything starts', () => {
  const { path } = directory();
  const deep = new NodeDirectory(join(path, 'x'.repeat(100)));
  expect(() => deep.controlSocket).toThrow('too long');
});

test('rules and owner are kept in the directory; a damaged owner is not guessed', () => {
  const at = directory();
  expect([at.rules().ok, at.owner()]).toEqual([true, null]);
  at.writeRules('{"idleMinutes": 3}');
  at.writeOwner({ ownerGroup: 'our-house', payee: `p${'0'.repeat(32)}` });
  expect(at.rules()).toMatchObject({ ok: true, value: { idleMinutes: 3 } });
  expect(at.owner()?.ownerGroup).toBe('our-house');
  at.writeRules('{"idle": 3}');
  expect(at.rules()).toMatchObject({ ok: false, code: 'rules-malformed' });
  writeFileSync(join(at.path, 'owner.json'), '{}');
  expect(() => at.owner()).toThrow('damaged');
});

test('what an owner told a node is kept for its next process; a file that was damaged counts as a pause', () => {
  const at = directory();
  expect(at.standingWord()).toBeNull();
  for (const word of ['pause', 'drain', null] as const) {
    at.keepStandingWord(word);
    expect(new NodeDirectory(at.path).standingWord()).toBe(word);
  }
  writeFileSync(join(at.path, 'told'), '\0\0');
  expect(at.standingWord()).toBe('pause');
});

test('the tally knows what runs, how busy the last minute was, and what was earned', () => {
  const tally = new NodeTally(2, 0);
  expect(tally.read(0)).toMatchObject({ state: 'starting', utilisationPercent: 0 });
  tally.add(0, { type: 'registered', node: 'n1', kinds: [], skipped: [] });
  expect(tally.read(0)).toMatchObject({ state: 'idle', why: ['No task is waiting for this node.'] });
  tally.add(10_000, { type: 'task-started', task: 'a', kind: 'take.repair', slot: 1 });
  expect(tally.read(20_000)).toMatchObject({
    state: 'working',
    running: [{ slot: 1, kind: 'take.repair', seconds: 10 }],
    utilisationPercent: 25,
  });
  tally.add(40_000, { type: 'task-sent', task: 'a', kind: 'take.repair', workUnits: '7', cpuMs: 1 });
  const verdict = { type: 'verdict', task: 'a', sentence: 'Said.', workUnits: '7' } as const;
  for (const code of ['accepted', 'released', 'refused-fake']) tally.add(41_000, { ...verdict, code });
  // The busy half minute of one of two slots leaves the window second by second.
  expect(tally.read(70_000).utilisationPercent).toBeCloseTo(25, 9);
  expect(tally.read(85_000).utilisationPercent).toBeCloseTo(12.5, 9);
  expect(tally.read(85_000)).toMatchObject({
    tasks: { sent: 1, dropped: 0, accepted: 1, refused: 1 },
    workUnits: { accepted: '7', released: '7' },
    lastVerdict: 'Said.',
  });
  const reasons = [{ code: 'in-use', sentence: 'In use.' }] as const;
  tally.add(90_000, { type: 'paused', reasons });
  expect(tally.read(90_000)).toMatchObject({ state: 'paused', why: ['In use.'] });
  tally.add(91_000, { type: 'resumed' });
  tally.add(92_000, { type: 'disconnected', reason: 'gone', retryMs: 500 });
  expect(tally.read(92_000)).toMatchObject({ state: 'offline', why: ['Not connected: gone'] });
  tally.drain();
  expect(tally.read(93_000).state).toBe('draining');
});

test('a status says why for what the node does now, not for what it did before', () => {
  const tally = new NodeTally(1, 0);
  const why = () => tally.read(1).why.join();
  const registered = { type: 'registered', node: 'n1', kinds: [], skipped: [] } as const;
  tally.add(0, registered);
  tally.add(0, { type: 'paused', reasons: [{ code: 'paused-by-owner', sentence: 'By its owner.' }] });
  tally.add(0, { type: 'disconnected', reason: 'closed (1006)', retryMs: 500 });
  expect(why()).toBe('Not connected: closed (1006)');
  tally.add(0, registered);
  expect(why()).toBe('By its owner.');
  tally.add(0, { type: 'resumed' });
  tally.drain();
  expect(why()).toBe('Finishes what runs, gives back the rest, and ends.');
});
