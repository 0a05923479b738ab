import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type AskTool, askTool } from './ask-tool.ts';
import { parseNvidia, readGpus } from './gpus.ts';
import { type IdlePlaces, readInputIdle } from './input-idle.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files. */
function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'jamnet-machine-'));
  folders.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const NO_TOOLS: AskTool = async () => null;

function tools(answers: Record<string, string>): AskTool {
  return async (command) => answers[command] ?? null;
}

const AMD = {
  'card0/device/vendor': '0x1002\n',
  'card0/device/device': '0x73bf\n',
  'card0/device/gpu_busy_percent': '37\n',
  'card0/device/hwmon/hwmon3/temp1_input': '64000\n',
  'card0/device/hwmon/hwmon3/power1_average': '182000000\n',
  'card0-HDMI-A-1/status': 'connected\n',
};

test('a card of /sys/class/drm with its sensors', async () => {
  expect(await readGpus(NO_TOOLS, tree(AMD))).toEqual([
    { id: 'gpu0', name: 'AMD 0x73bf', temperatureCelsius: 64, powerWatts: 182, busyPercent: 37 },
  ]);
});

test('what a card does not tell is null, and a screen without a card is none', async () => {
  const root = tree({ 'card0/device/vendor': '0x8086', 'card1/dev': '226:1' });
  expect(await readGpus(NO_TOOLS, root)).toEqual([
    { id: 'gpu0', name: 'Intel', temperatureCelsius: null, powerWatts: null, busyPercent: null },
  ]);
});

test('a machine without cards has none', async () => {
  expect(await readGpus(NO_TOOLS, join(tree({}), 'missing'))).toEqual([]);
});

test('nvidia-smi is believed before the files of the same card', async () => {
  const ask = tools({
    'nvidia-smi': 'NVIDIA GeForce RTX 3060, 41, 15.27, 0\nTesla, P4, [N/A], [N/A], 100\n',
  });
  const root = tree({ ...AMD, 'card1/device/vendor': '0x10de' });
  expect((await readGpus(ask, root)).map(({ id, name, powerWatts }) => [id, name, powerWatts])).toEqual([
    ['gpu0', 'NVIDIA GeForce RTX 3060', 15.27],
    ['gpu1', 'Tesla, P4', null],
    ['gpu2', 'AMD 0x73bf', 182],
  ]);
});

test('an error that nvidia-smi prints is no card', () => {
  expect(
    parseNvidia('NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.'),
  ).toEqual([]);
});

function places(root: string, platform: NodeJS.Platform = 'linux'): IdlePlaces {
  return { platform, root, nowMs: () => 1_000_000_000 };
}

test('without a desktop the newest read from a terminal counts', async () => {
  const root = tree({ 'dev/pts/0': '', 'dev/pts/1': '', 'dev/pts/ptmx': '', 'dev/tty1': '', 'dev/tty': '' });
  for (const [file, seconds] of [
    ['dev/pts/0', 900_000],
    ['dev/pts/1', 999_900],
    ['dev/tty1', 999_000],
  ] as const)
    utimesSync(join(root, file), seconds, seconds);
  for (const file of ['dev/pts/ptmx', 'dev/tty']) utimesSync(join(root, file), 1_000_000, 1_000_000);
  expect(await readInputIdle(NO_TOOLS, places(root))).toEqual({
    known: true,
    idleSeconds: 100,
    source: 'terminals',
  });
});

test('with a desktop terminals say nothing: the desktop is asked, or it is unknown', async () => {
  for (const desktop of ['tmp/.X11-unix/X0', 'run/user/1000/wayland-0']) {
    const root = tree({ 'dev/pts/0': '', [desktop]: '' });
    expect(await readInputIdle(NO_TOOLS, places(root))).toMatchObject({ known: false });
    expect(await readInputIdle(tools({ xprintidle: '61500\n' }), places(root))).toMatchObject({
      idleSeconds: 61.5,
    });
    expect(await readInputIdle(tools({ gdbus: '(uint64 2000,)\n' }), places(root))).toMatchObject({
      idleSeconds: 2,
    });
    expect(await readInputIdle(tools({ xprintidle: 'no display' }), places(root))).toMatchObject({
      known: false,
    });
  }
});

test('macOS is asked by ioreg; Windows is said to be unknown', async () => {
  const ask = tools({ '/usr/sbin/ioreg': '    | |   "HIDIdleTime" = 5000000000\n' });
  expect(await readInputIdle(ask, places('/', 'darwin'))).toMatchObject({ idleSeconds: 5 });
  expect(await readInputIdle(NO_TOOLS, places('/', 'win32'))).toMatchObject({ known: false });
});

test('a tool that is missing, fails or prints too much answers null', async () => {
  expect(await askTool('jamnet-no-such-tool', [])).toBe(null);
  expect(await askTool(process.execPath, ['-e', 'process.exit(3)'])).toBe(null);
  expect(await askTool(process.execPath, ['-e', 'console.log("x".repeat(70000))'])).toBe(null);
  expect(await askTool(process.execPath, ['-e', 'console.log(7)'])).toBe('7\n');
});
