import { decodeUtf8, encodeUtf8, ok, type Result, refuse } from '@jamnet/base';
import { type Beacon, type BeaconCode, verifyBeacon } from '../core/beacon.ts';
import { parseVerifierKey } from '../core/note-key.ts';
import type { LogFiles } from '../log/log-files.ts';
import type { WitnessReply } from './collect-cosignature.ts';

/** Witnesses of one leaf. */
export const BEACONS_MAX = 64;
const ASKED_PATH = 'beacons/asked';

export type CollectBeaconCode = BeaconCode | 'witness-refused' | 'beacons-full';

/** Which leaf of a log witnesses are asked for a beacon, and what they said: beside the log, so that any process can bring it. */
export class BeaconFiles {
  readonly #files: LogFiles;
  readonly origin: string;

  /** `origin` of the log in this directory. */
  constructor(files: LogFiles, origin: string) {
    this.#files = files;
    this.origin = origin;
  }

  /** The leaf that waits for beacons, or `null`. */
  async asked(): Promise<bigint | null> {
    const text = await this.#read(ASKED_PATH);
    return /^\d{1,16}\n$/.test(text) ? BigInt(text.trim()) : null;
  }

  /** `null`: none waits any more. */
  async ask(leaf: bigint | null): Promise<void> {
    await this.#files.write(ASKED_PATH, encodeUtf8(leaf === null ? '' : `${leaf}\n`));
    await this.#files.flush();
  }

  /** The beacon of a witness for a leaf, or `null` before it was brought. */
  async of(leaf: bigint, vkey: string): Promise<(Beacon & { readonly line: string }) | null> {
    for (const line of await this.#lines(leaf)) {
      const beacon = verifyBeacon(line, vkey, { origin: this.origin, leaf });
      if (beacon.ok) return { ...beacon.value, line };
    }
    return null;
  }

  /** Keeps what a witness said; said again it is kept once. */
  async add(leaf: bigint, line: string, vkey: string): Promise<Result<Beacon, CollectBeaconCode>> {
    const beacon = verifyBeacon(line, vkey, { origin: this.origin, leaf });
    if (!beacon.ok) return beacon;
    const unlock = await this.#files.lock();
    try {
      const others = (await this.#lines(leaf)).filter((one) => !one.startsWith(`${beacon.value.witness} `));
      if (others.length >= BEACONS_MAX)
        return refuse('beacons-full', `A leaf has beacons of at most ${BEACONS_MAX} witnesses.`);
      await this.#files.write(pathOf(leaf), encodeUtf8(`${[...others, line.trimEnd()].join('\n')}\n`));
      await this.#files.flush();
      return beacon;
    } finally {
      unlock();
    }
  }

  async #lines(leaf: bigint): Promise<string[]> {
    return (await this.#read(pathOf(leaf))).split('\n').filter((line) => line !== '');
  }

  async #read(path: string): Promise<string> {
    const bytes = await this.#files.read(path);
    return (bytes && decodeUtf8(bytes)) ?? '';
  }
}

function pathOf(leaf: bigint): string {
  return `beacons/${leaf}`;
}

/** Brings a witness's beacon for the leaf that waits for one; `null`: none waits. `get` asks below the witness's address. */
export async function collectBeacon(
  beacons: BeaconFiles,
  witnessVkey: string,
  get: (path: string) => Promise<WitnessReply>,
): Promise<Result<{ readonly leaf: bigint } | null, CollectBeaconCode>> {
  const leaf = await beacons.asked();
  if (leaf === null) return ok(null);
  const key = parseVerifierKey(witnessVkey);
  if (!key.ok) return key;
  const reply = await get(`beacon?origin=${encodeURIComponent(beacons.origin)}&leaf=${leaf}`);
  if (reply.status !== 200)
    return refuse('witness-refused', `The witness answered ${reply.status}: ${reply.body.trim()}`);
  const added = await beacons.add(leaf, reply.body, witnessVkey);
  return added.ok ? ok({ leaf }) : added;
}
