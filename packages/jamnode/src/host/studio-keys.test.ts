import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { NodeDirectory, STUDIOS_REMEMBERED_MAX } from './node-directory.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function nodeDirectory(): NodeDirectory {
  const folder = mkdtempSync(join(tmpdir(), 'jamnet-studios-'));
  folders.push(folder);
  return new NodeDirectory(folder);
}

test('the key of a studio outlives the process, and the newest one counts', () => {
  const directory = nodeDirectory();
  expect(directory.studioKeys.known('wss://a.example/mesh')).toBe(null);
  directory.studioKeys.remember('wss://a.example/mesh', 'aa');
  directory.studioKeys.remember('wss://a.example/mesh', 'ab');
  expect(new NodeDirectory(directory.path).studioKeys.known('wss://A.example/')).toBe('ab');
});

test('as many studios are remembered as the limit says: the one met longest ago goes', () => {
  const { studioKeys } = nodeDirectory();
  for (let n = 0; n <= STUDIOS_REMEMBERED_MAX; n++) studioKeys.remember(`wss://s${n}.example/mesh`, 'aa');
  expect(studioKeys.known('wss://s0.example/mesh')).toBe(null);
  expect(studioKeys.known('wss://s1.example/mesh')).toBe('aa');
  expect(studioKeys.known(`wss://s${STUDIOS_REMEMBERED_MAX}.example/mesh`)).toBe('aa');
});

test('studios on this machine are met anew each time', () => {
  const { studioKeys } = nodeDirectory();
  for (const url of ['ws://127.0.0.1:8440/mesh', 'ws://localhost:1/mesh', 'ws://[::1]:1/mesh']) {
    studioKeys.remember(url, 'aa');
    expect(studioKeys.known(url)).toBe(null);
  }
});

test('a damaged file is told, with what to do', () => {
  const { studioKeys } = nodeDirectory();
  writeFileSync(studioKeys.place, '{');
  expect(() => studioKeys.known('wss://a.example/mesh')).toThrow('remove it');
});
