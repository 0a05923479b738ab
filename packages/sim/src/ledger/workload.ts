import type { Chance } from '@jamnet/base';
import type { AccountRequest, EntryRequest, Request } from '@jamnet/ledger';

const CODES = ['outside:JAM', 'pool:JAM', 'a:JAM', 'b:JAM', 'outside:USD', 'reserve:USD'] as const;

export const ACCOUNTS: readonly AccountRequest[] = CODES.map((code) => ({
  code,
  owner: 'simulation',
  asset: code.endsWith('JAM') ? 'JAM' : 'USD',
  kind: code.startsWith('outside') ? 'external' : 'pool',
  floor: code.startsWith('outside') ? null : code === 'b:JAM' ? -15n : 0n,
}));

/** Draws batches: new requests, repeats of earlier ones, the same key with another body, holds and settlements. */
export class Workload {
  readonly #chance: Chance;
  readonly #sent: Request[] = [];
  #serial = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  batch(nowUs: bigint): readonly Request[] {
    const batch = Array.from({ length: 1 + this.#chance.below(9) }, () => this.#request(nowUs));
    // Reordering: a network that delivers in another order than was sent.
    for (let i = batch.length - 1; i > 0; i--) {
      const j = this.#chance.below(i + 1);
      const [a, b] = [batch[i], batch[j]];
      if (a && b) [batch[i], batch[j]] = [b, a];
    }
    this.#sent.push(...batch);
    return batch;
  }

  #request(nowUs: bigint): Request {
    const chance = this.#chance;
    const again = this.#sent[chance.below(this.#sent.length + 1)];
    if (again && chance.below(4) === 0) return again;
    const key = again && chance.below(20) === 0 ? again.key : `k${this.#serial++}`;
    const chained = chance.below(8) === 0 ? { chainedToNext: true } : {};
    if (chance.below(4) === 0) {
      const settle = `k${chance.below(this.#serial + 1)}`;
      return { key, settle, as: chance.below(2) ? 'posted' : 'voided', ...chained };
    }
    if (chance.below(12) === 0)
      return { key, record: { kind: 'doc', sha256: String(chance.below(10)).repeat(64) }, ...chained };
    return { ...this.#entry(key, nowUs), ...chained };
  }

  #entry(key: string, nowUs: bigint): EntryRequest {
    const chance = this.#chance;
    const account = () => CODES[chance.below(CODES.length)] ?? 'pool:JAM';
    const amount = BigInt(1 + chance.below(25));
    const legs = [
      { account: chance.below(3) ? 'outside:JAM' : account(), amount: -amount },
      { account: account(), amount },
    ];
    if (chance.below(3)) return { key, kind: 'sim', legs };
    const expiry = chance.below(2) ? { expiresAtUs: nowUs + BigInt(1 + chance.below(60)) } : {};
    return { key, kind: 'sim', legs, state: 'pending', ...expiry };
  }
}
