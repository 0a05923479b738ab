import { encodeUtf8, type Result, seededChance, toHex } from '@jamnet/base';
import { ed25519 } from '@noble/curves/ed25519.js';
import { type Agreement, compareChunk } from '../core/agreement.ts';
import { Catalogue, type CatalogueEntry } from '../core/catalogue.ts';
import { type CoordinatorParts, DISPATCH_POLICY } from '../core/context.ts';
import type { Coordinator } from '../core/coordinator.ts';
import {
  type CommitItem,
  commitBytes,
  type NodeClaim,
  nodeIdOf,
  proofBytes,
  pureVerifySignature,
} from '../core/identity.ts';
import { pureSha256 } from '../core/pure-sha256.ts';
import type { AnswerByType, Effect, ItemAnswer, LeasedTask } from '../core/requests.ts';
import { chunkOf, commitToResult } from '../core/result-chunks.ts';
import { TRUST_POLICY } from '../core/trust.ts';

export const CHUNKS = 8;

const ENTRY: CatalogueEntry = {
  kind: 'test.scale',
  version: 1,
  kernelSha256: '00'.repeat(32),
  modelSha256: null,
  limits: { inputBytesMax: 4096, resultBytesMax: 4096, operationsMax: 10n ** 12n },
  chunkCount: CHUNKS,
  tolerance: { rule: 'snr', decibelMin: 110 },
  deadlineMs: 60_000,
  privacy: 'excerpt',
  lane: 'batch',
  meter: 'compute',
};

export function partsFor(options: { seed: string; trusted?: readonly string[] }): CoordinatorParts {
  const kinds = [
    ENTRY,
    { ...ENTRY, kind: 'test.live', lane: 'real-time' as const },
    { ...ENTRY, kind: 'test.secret', privacy: 'trusted' as const },
  ];
  return {
    catalogue: new Catalogue(kinds),
    trust: TRUST_POLICY,
    dispatch: DISPATCH_POLICY,
    secret: pureSha256(encodeUtf8(options.seed)),
    sha256: pureSha256,
    verifySignature: pureVerifySignature,
    trustedKeys: new Set((options.trusted ?? []).map((name) => claimOf(name).publicKey)),
  };
}

/** 64 float32 samples that differ from number to number. */
export function inputOf(number: number): Uint8Array {
  const chance = seededChance(`input/${number}`);
  const samples = Float32Array.from({ length: 64 }, () => chance.unit() - 0.5);
  return new Uint8Array(samples.buffer);
}

/** The computation of `test.scale`: each sample times 0.75. */
export function honestResult(input: Uint8Array): Uint8Array {
  const samples = new Float32Array(input.slice().buffer).map((sample) => sample * 0.75);
  return new Uint8Array(samples.buffer);
}

/** Rounds one chunk to 8 bits of full scale, as a host would that computes it in int8. */
export function roundChunk(result: Uint8Array, chunk: number): Uint8Array {
  const rounded = result.slice();
  const bytes = chunkOf(rounded, CHUNKS, chunk);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at += 4)
    view.setFloat32(at, Math.round(view.getFloat32(at, true) * 127) / 127, true);
  return rounded;
}

function seedOf(name: string): Uint8Array {
  return pureSha256(encodeUtf8(`test host ${name}`));
}

export function claimOf(name: string): NodeClaim {
  const publicKey = toHex(ed25519.getPublicKey(seedOf(name)));
  return { publicKey, name, ownerGroup: `owner-${name}`, payee: `p${publicKey.slice(0, 32)}` };
}

interface HostOptions {
  readonly ownerGroup?: string;
  /** Where its connection comes from; not known if left out. */
  readonly network?: string;
  readonly tamper?: 'int8';
  /** Honest for so many results, then every one is false. */
  readonly tamperFrom?: number;
  /** Takes tasks of this kind instead of `test.scale`, and computes them so. */
  readonly kind?: string;
  readonly compute?: (input: Uint8Array) => Uint8Array;
}

/** A host without a network: talks to the coordinator by calls, signs for real. */
export class HostAtHand {
  readonly id: string;
  /** Tasks on which it lied. */
  readonly tampered = new Set<string>();
  readonly #claim: NodeClaim;
  readonly #options: HostOptions;
  readonly #results = new Map<string, Uint8Array>();

  constructor(name: string, options: HostOptions) {
    const claim = claimOf(name);
    this.#claim = { ...claim, ownerGroup: options.ownerGroup ?? claim.ownerGroup };
    this.id = nodeIdOf(pureSha256, claim.publicKey);
    this.#options = options;
  }

  async tryRegister(
    coordinator: Coordinator,
    change: Partial<NodeClaim> = {},
  ): Promise<Result<AnswerByType['register']>> {
    const claim = { ...this.#claim, ...change };
    const signature = this.#sign(proofBytes('nonce', claim));
    const { network = null } = this.#options;
    return (await coordinator.apply(0n, { type: 'register', claim, nonce: 'nonce', signature, network }))
      .answer;
  }

  async lease(coordinator: Coordinator, nowUs: bigint, limit: number): Promise<readonly LeasedTask[]> {
    const kinds = [{ kind: this.#options.kind ?? 'test.scale', version: 1 }];
    const { answer } = await coordinator.apply(nowUs, { type: 'lease', node: this.id, limit, kinds });
    return answer.ok ? answer.value.leased : [];
  }

  commitItem(task: LeasedTask): CommitItem {
    const commitment = commitToResult(pureSha256, this.#resultOf(task), task.chunkCount);
    return { task: task.task, lease: task.lease, ...commitment };
  }

  async commit(
    coordinator: Coordinator,
    nowUs: bigint,
    tasks: readonly LeasedTask[],
  ): Promise<readonly ItemAnswer[]> {
    const items = tasks.map((task) => this.commitItem(task));
    const signature = this.#sign(commitBytes(this.id, items));
    const { answer } = await coordinator.apply(nowUs, { type: 'commit', node: this.id, items, signature });
    return answer.ok ? answer.value.items : [];
  }

  async reveal(
    coordinator: Coordinator,
    nowUs: bigint,
    tasks: readonly LeasedTask[],
  ): Promise<readonly Effect[]> {
    const items = tasks.map((task) => ({ task: task.task, lease: task.lease, result: this.#resultOf(task) }));
    return (await coordinator.apply(nowUs, { type: 'reveal', node: this.id, items })).effects;
  }

  /** Leases up to `limit` tasks (50 if not said), computes, commits, reveals. */
  async workOff(coordinator: Coordinator, nowUs: bigint, limit = 50): Promise<Effect[]> {
    const tasks = await this.lease(coordinator, nowUs, limit);
    if (tasks.length === 0) return [];
    await this.commit(coordinator, nowUs, tasks);
    return [...(await this.reveal(coordinator, nowUs, tasks))];
  }

  #resultOf(task: LeasedTask): Uint8Array {
    const known = this.#results.get(task.task);
    if (known) return known;
    const { tamper, tamperFrom, compute = honestResult } = this.#options;
    const honest = compute(task.input);
    const lies = tamper === 'int8' || (tamperFrom !== undefined && this.#results.size >= tamperFrom);
    const result = lies ? roundChunk(honest, this.#results.size % CHUNKS) : honest;
    if (lies) this.tampered.add(task.task);
    this.#results.set(task.task, result);
    return result;
  }

  #sign(message: Uint8Array): string {
    return toHex(ed25519.sign(message, seedOf(this.#claim.name)));
  }
}

export async function register(
  coordinator: Coordinator,
  name: string,
  options: HostOptions = {},
): Promise<HostAtHand> {
  const host = new HostAtHand(name, options);
  const answer = await host.tryRegister(coordinator);
  if (!answer.ok) throw new Error(answer.message);
  return host;
}

/** What the studio's own host does: re-runs every open check and reports. */
export async function runChecks(coordinator: Coordinator, nowUs: bigint): Promise<Effect[]> {
  const effects: Effect[] = [];
  for (;;) {
    const checks = await coordinator.openChecks(100);
    if (checks.length === 0) return effects;
    for (const check of checks) {
      const truth = honestResult((await coordinator.blob(check.inputHash)) ?? new Uint8Array());
      const claimed = (await coordinator.blob(check.resultHash)) ?? new Uint8Array();
      const agreements = check.chunks.map(
        (chunk): Agreement =>
          compareChunk(
            ENTRY.tolerance,
            chunk,
            chunkOf(truth, CHUNKS, chunk),
            chunkOf(claimed, CHUNKS, chunk),
          ),
      );
      const outcome = { ran: true, agreements } as const;
      effects.push(
        ...(await coordinator.apply(nowUs, { type: 'checked', check: check.id, outcome })).effects,
      );
    }
  }
}
