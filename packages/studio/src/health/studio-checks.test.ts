import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLedger, openLog, signerFromSeed } from '@jamnet/ledger';
import { openDatabase } from '@jamnet/sql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HomeRelays } from '../composition/home-relays.ts';
import { startGatewayProcess } from '../transports/gateway/gateway-process.ts';
import { type CheckName, CheckRunner } from './health-check.ts';
import { type CheckedParts, DISK_FREE_BYTES_MIN, studioChecks } from './studio-checks.ts';

const NOBODY = 65_534;
const ORIGIN = 'log.example/health';
const CLOCK = {
  nowMs: () => performance.now(),
  later: (task: () => void, afterMs: number) => {
    const timer = setTimeout(task, afterMs);
    return () => clearTimeout(timer);
  },
};
const KEY = new Uint8Array(32).fill(7);

let directory = '';
let parts: CheckedParts;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-health-'));
  const database = openDatabase({ directory });
  const logDirectory = join(directory, 'log');
  const log = await openLog({
    directory: logDirectory,
    ledger: await openLedger(database),
    origin: ORIGIN,
    signer: signerFromSeed(ORIGIN, KEY),
  });
  await log.publish(1n);
  parts = {
    ...{ database, dataDirectory: directory, logDirectory, logVkey: log.vkey },
    relays: () => ({ running: 2, wanted: 2 }),
    meshQueue: async () => ({}),
    gateway: async () => ({}),
    statFs: async () => ({ bavail: 1e6, bsize: 4096 }),
  };
});
afterEach(async () => {
  await parts.database.close().catch(() => undefined);
  rmSync(directory, { recursive: true, force: true });
});

async function codeOf(name: CheckName, changed: Partial<CheckedParts> = {}) {
  const check = studioChecks({ ...parts, ...changed }).find((one) => one.name === name);
  if (!check) throw new Error(`no check ${name}`);
  return (await new CheckRunner(check, CLOCK).run()).code;
}

/** Kills the child of this process that runs `program`, without asking. */
function kill(program: string): void {
  const lines = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args='], { encoding: 'utf8' });
  const [pid] = lines.split('\n').filter((line) => line.includes(program));
  if (pid === undefined) throw new Error(`nothing runs ${program}`);
  process.kill(Number.parseInt(pid, 10), 'SIGKILL');
}

test('nothing is wrong with parts that are well', async () => {
  for (const { name } of studioChecks(parts)) expect(await codeOf(name), name).toBeNull();
});

test('a database that is closed is silent', async () => {
  await parts.database.close();
  expect(await codeOf('store')).toBe('store-silent');
});

describe('the log', () => {
  test('is unreadable without its checkpoint, and with one that another key signed', async () => {
    const file = join(parts.logDirectory, 'checkpoint');
    const other = signerFromSeed(
      ORIGIN,
      KEY.map((byte) => byte + 1),
    );
    const otherDirectory = join(directory, 'other');
    const ledger = await openLedger(parts.database);
    const log = await openLog({ directory: otherDirectory, ledger, origin: ORIGIN, signer: other });
    const { note } = await log.publish(1n);
    writeFileSync(file, note);
    expect(await codeOf('log')).toBe('log-unreadable');
    rmSync(file);
    expect(await codeOf('log')).toBe('log-unreadable');
    rmSync(parts.logDirectory, { recursive: true });
    expect(await codeOf('log')).toBe('log-unreadable');
  });

  test('is unwritable where its directory is', () => {
    const look = (): string => {
      const program = fileURLToPath(new URL('./testing/log-check-main.ts', import.meta.url));
      // No permission stops root: the look is another user's.
      const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
      const words = ['--disable-warning=ExperimentalWarning', program, parts.logDirectory, parts.logVkey];
      const env = { PATH: process.env.PATH ?? '' };
      return execFileSync(process.execPath, words, { ...user, encoding: 'utf8', cwd: '/', env });
    };
    chmodSync(directory, 0o755);
    chmodSync(parts.logDirectory, 0o777);
    expect(look()).toBe('null');
    chmodSync(parts.logDirectory, 0o555);
    expect(look()).toBe('log-unwritable');
    chmodSync(parts.logDirectory, 0o755);
  });
});

describe('relays', () => {
  test('are gone when the only one was killed, and back when it was started again', async () => {
    const hosts = { bind: '127.0.0.1', near: '127.0.0.1', told: '127.0.0.1' };
    const homes = await HomeRelays.start(hosts, 1, 0, KEY);
    const relays = () => ({ running: homes.list().length, wanted: 1 });
    try {
      expect(await codeOf('relays', { relays })).toBeNull();
      kill('relay/main.ts');
      // Started again a tenth of a second after it was missed: this looks more often.
      await expect
        .poll(() => codeOf('relays', { relays }), { interval: 5, timeout: 30_000 })
        .toBe('relays-gone');
      await expect.poll(() => codeOf('relays', { relays }), { interval: 50, timeout: 30_000 }).toBeNull();
    } finally {
      await homes.stop();
    }
  }, 90_000);

  test('are some gone when fewer run than should', async () => {
    expect(await codeOf('relays', { relays: () => ({ running: 1, wanted: 2 }) })).toBe('relays-some-gone');
    expect(await codeOf('relays', { relays: () => ({ running: 0, wanted: 2 }) })).toBe('relays-gone');
  });
});

test('the bridge for pages is gone when its process was killed', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const relay = { host: '127.0.0.1', port: 9 };
  const gateway = await startGatewayProcess({ host: '127.0.0.1', server, relay, tokenKey: KEY });
  try {
    const asked = { gateway: () => gateway.counters() };
    expect(await codeOf('gateway', asked)).toBeNull();
    kill('gateway/main.ts');
    await expect.poll(() => codeOf('gateway', asked), { interval: 5, timeout: 30_000 }).toBe('gateway-gone');
  } finally {
    await gateway.stop();
    await new Promise((resolve) => server.close(resolve));
  }
}, 90_000);

test.each([
  ['mesh', 'mesh-closed', { meshQueue: (): null => null }],
  ['mesh', 'mesh-silent', { meshQueue: (): Promise<unknown> => Promise.reject(new Error('planted')) }],
  ['gateway', 'gateway-gone', { gateway: (): null => null }],
] as const)('%s is %s where it should be', async (name, code, changed) => {
  expect(await codeOf(name, changed)).toBe(code);
});

test.each([
  ['just enough', DISK_FREE_BYTES_MIN, null],
  ['a byte less', DISK_FREE_BYTES_MIN - 1, 'disk-full'],
  ['nothing', 0, 'disk-full'],
])('a disk with %s free says so', async (_, bavail, code) => {
  expect(await codeOf('disk', { statFs: async () => ({ bavail, bsize: 1 }) })).toBe(code);
});

test('a disk that is not there cannot tell its free space', async () => {
  const { statFs: _, ...rest } = parts;
  const [disk] = studioChecks({ ...rest, dataDirectory: join(directory, 'gone') }).filter(
    ({ name }) => name === 'disk',
  );
  expect(disk && (await new CheckRunner(disk, CLOCK).run()).code).toBe('disk-unreadable');
});
