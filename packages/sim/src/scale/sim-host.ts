import { createHash } from 'node:crypto';
import { type Chance, present, toHex } from '@jamnet/base';
import { nodeKeyFromSeed, platformSha256 } from '@jamnet/jamnode';
import {
  type CommitItem,
  chunkRange,
  commitBytes,
  commitToResult,
  type LeasedTask,
  type NodeClaim,
  nodeIdOf,
  proofBytes,
  type Request,
} from '@jamnet/mesh';
import { honestResult } from '@jamnet/mesh/testing';
import { STRATEGIES, type Strategy } from '../mesh/host-strategies.ts';
import { type Lie, SIM_CHUNKS } from '../mesh/sim-task.ts';
import { SCALE_KIND } from './studio-process.ts';

const KINDS = [{ kind: SCALE_KIND, version: 1 }] as const;
/** Steps of full scale to which a lie rounds: 8 bits are some 40 dB, 2⁻¹⁶ some 94 dB, as halves of single precision are. */
const INT8_STEPS = 127;
const FP16_STEPS = 65_536;
const FP16_MILLI_DECIBEL = 60_000;
/** Six of ten hosts are honest; the others take the strategies in turn. */
const HONEST_OF_TEN = 6;

/** What a host sends back: the commitments that it signed, and the results behind them. */
export interface Answer {
  readonly commit: Extract<Request, { type: 'commit' }>;
  readonly reveal: Extract<Request, { type: 'reveal' }>;
}

/** A machine with a strategy, an owner and real keys; draws a new key when its old one is banned or worn out. */
export class SimHost {
  readonly number: number;
  readonly strategy: Strategy;
  readonly #seed: string;
  readonly #owner: { readonly payee: string; readonly ownerGroup: string };
  readonly #chance: Chance;
  #keys = 0;
  #returned = 0;
  #key: ReturnType<typeof nodeKeyFromSeed>;
  #id: string;

  constructor(number: number, seed: string, owner: { payee: string; ownerGroup: string }, chance: Chance) {
    this.number = number;
    const liar = (number % 10) - HONEST_OF_TEN;
    const turn = Math.floor(number / 10) * (10 - HONEST_OF_TEN) + liar;
    const strategy = liar < 0 ? STRATEGIES[0] : STRATEGIES[1 + (turn % (STRATEGIES.length - 1))];
    this.strategy = present(strategy, 'strategy');
    this.#seed = seed;
    this.#owner = owner;
    this.#chance = chance;
    this.#key = this.#newKey();
    this.#id = nodeIdOf(platformSha256, this.#key.publicKey);
  }

  get node(): string {
    return this.#id;
  }

  register(nonce: string): Extract<Request, { type: 'register' }> {
    const claim: NodeClaim = { publicKey: this.#key.publicKey, name: `host-${this.number}`, ...this.#owner };
    return { type: 'register', claim, nonce, signature: toHex(this.#key.sign(proofBytes(nonce, claim))) };
  }

  lease(limit: number): Extract<Request, { type: 'lease' }> {
    return { type: 'lease', node: this.#id, limit, kinds: KINDS };
  }

  /** Its results, true or not; `null` where it does not answer at all. */
  work(leased: readonly LeasedTask[], numberOf: (task: string) => number): Answer | null {
    const items: CommitItem[] = [];
    const results: { task: string; lease: number; result: Uint8Array }[] = [];
    for (const task of leased) {
      const lie = this.strategy.lie(
        { returned: this.#returned, number: numberOf(task.task), workUnits: task.workUnits },
        this.#chance,
      );
      if (lie === null) continue;
      this.#returned++;
      const result = lieIn(honestResult(task.input), lie, this.strategy.lieMilliDecibel);
      items.push({
        task: task.task,
        lease: task.lease,
        ...commitToResult(platformSha256, result, task.chunkCount),
      });
      results.push({ task: task.task, lease: task.lease, result });
    }
    if (items.length === 0) return null;
    const signature = toHex(this.#key.sign(commitBytes(this.#id, items)));
    return {
      commit: { type: 'commit', node: this.#id, items, signature },
      reveal: { type: 'reveal', node: this.#id, items: results },
    };
  }

  /** Whether this key has served its time. */
  get isWorn(): boolean {
    return this.#returned >= this.strategy.keyTasks;
  }

  takeNewKey(): void {
    this.#keys++;
    this.#returned = 0;
    this.#key = this.#newKey();
    this.#id = nodeIdOf(platformSha256, this.#key.publicKey);
  }

  #newKey() {
    return nodeKeyFromSeed(
      createHash('sha256').update(`${this.#seed}/host/${this.number}/${this.#keys}`).digest('hex'),
    );
  }
}

/** Rounds the chunks that the lie names, in place. */
function lieIn(result: Uint8Array, lie: Lie, milliDecibel: number): Uint8Array {
  const steps = milliDecibel >= FP16_MILLI_DECIBEL ? FP16_STEPS : INT8_STEPS;
  const view = new DataView(result.buffer, result.byteOffset, result.byteLength);
  for (let chunk = 0; chunk < SIM_CHUNKS; chunk++) {
    if (((lie >> chunk) & 1) === 0) continue;
    const { start, end } = chunkRange(result.length, SIM_CHUNKS, chunk);
    for (let at = start; at < end; at += 4)
      view.setFloat32(at, Math.round(view.getFloat32(at, true) * steps) / steps, true);
  }
  return result;
}
