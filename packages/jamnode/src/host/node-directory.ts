import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure, ok, type Result } from '@jamnet/base';
import type { StudioKeys } from '../client/read-catalogue.ts';
import { type HostRules, NO_RULES, parseHostRules, type RulesCode } from '../rules/host-rules.ts';

/** Longest path of a Unix socket on Linux, less its end (unix(7)); macOS has 4 less. */
const SOCKET_PATH_MAX = 103;

/** Studios whose keys one node remembers: the one met longest ago goes. */
export const STUDIOS_REMEMBERED_MAX = 64;

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Who is paid for a node, since it was paired. */
export interface NodeOwner {
  readonly ownerGroup: string;
  readonly payee: string;
}

/** What an owner told a node that outlives its process: to pause, or to end and it has not ended yet. */
export type StandingWord = 'pause' | 'drain';

/** The files of one node: its key, its owner, its rules, what its owner told it last, and the socket by which its owner's commands reach it. */
export class NodeDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  get keyFile(): string {
    return join(this.path, 'node.key');
  }

  get rulesFile(): string {
    return join(this.path, 'rules.json');
  }

  /** Fetched models, by hash. */
  get modelDirectory(): string {
    return join(this.path, 'models');
  }

  /** A named pipe on Windows, where a socket is no file. */
  get controlSocket(): string {
    if (process.platform === 'win32') {
      const name = createHash('sha256').update(this.path).digest('hex').slice(0, 16);
      return `\\\\.\\pipe\\jamnet-node-${name}`;
    }
    const file = join(this.path, 'control.sock');
    if (Buffer.byteLength(file) > SOCKET_PATH_MAX) {
      throw new Failure(
        'directory-path-too-long',
        `The path ${file} is too long for a socket: choose a directory nearer to the root.`,
      );
    }
    return file;
  }

  /** What the rule file says; no file: no rules. */
  rules(): Result<HostRules, RulesCode> {
    return existsSync(this.rulesFile) ? parseHostRules(readFileSync(this.rulesFile, 'utf8')) : ok(NO_RULES);
  }

  writeRules(text: string): void {
    this.#writeWhole(this.rulesFile, text);
  }

  /** `null` until the node was paired. */
  owner(): NodeOwner | null {
    const file = join(this.path, 'owner.json');
    if (!existsSync(file)) return null;
    const { ownerGroup, payee } = JSON.parse(readFileSync(file, 'utf8')) as Partial<NodeOwner>; // Written below.
    if (typeof ownerGroup === 'string' && typeof payee === 'string') return { ownerGroup, payee };
    throw new Failure('owner-file-malformed', `${file} is damaged: remove it and pair this node again.`);
  }

  writeOwner(owner: NodeOwner): void {
    this.#writeWhole(join(this.path, 'owner.json'), `${JSON.stringify(owner)}\n`);
  }

  /** Keys of the studios this node has met, by host and port, in `studios.json`. */
  get studioKeys(): StudioKeys {
    const place = join(this.path, 'studios.json');
    const all = (): [string, string][] => {
      if (!existsSync(place)) return [];
      try {
        return Object.entries(JSON.parse(readFileSync(place, 'utf8')) as Record<string, string>); // Written below.
      } catch {
        throw new Failure(
          'studios-file-malformed',
          `${place} is damaged: remove it; studios are then met anew.`,
        );
      }
    };
    return {
      place,
      known: (url) => new Map(all()).get(new URL(url).host) ?? null,
      remember: (url, studioKey) => {
        // On this machine whoever tries things out begins anew often, and nobody stands between.
        const { host, hostname } = new URL(url);
        if (LOOPBACK.has(hostname)) return;
        const others = all().filter(([other]) => other !== host);
        const kept = [...others, [host, studioKey]].slice(-STUDIOS_REMEMBERED_MAX);
        this.#writeWhole(place, `${JSON.stringify(Object.fromEntries(kept), null, 1)}\n`);
      },
    };
  }

  /** `null`: nothing. A file that says something else counts as a pause: somebody wanted this machine for himself. */
  standingWord(): StandingWord | null {
    if (!existsSync(this.#standingFile)) return null;
    return readFileSync(this.#standingFile, 'utf8').trim() === 'drain' ? 'drain' : 'pause';
  }

  keepStandingWord(word: StandingWord | null): void {
    if (word === null) rmSync(this.#standingFile, { force: true });
    else this.#writeWhole(this.#standingFile, `${word}\n`);
  }

  get #standingFile(): string {
    return join(this.path, 'told');
  }

  /** Replaced at once: a reader sees the old text or the new. */
  #writeWhole(file: string, text: string): void {
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}
