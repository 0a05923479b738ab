import type { Chance } from '@jamnet/base';
import type { AccountRequest, EntryRequest, Leg, Request } from '@jamnet/ledger';

const ASSETS = ['JAM', 'USD', 'EUR'] as const;
const KINDS = ['person', 'pool', 'reserve', 'income', 'external'] as const;
const LARGEST = 2n ** 63n - 1n;
/** Keys to draw from: few enough that many meet again. */
const KEYS = 1_500;

/** Two outside accounts and three inside per asset; `c` has a credit limit. */
export const FUZZ_ACCOUNTS: readonly AccountRequest[] = ASSETS.flatMap((asset) =>
  ['outside', 'world', 'a', 'b', 'c'].map((name): AccountRequest => {
    const external = name === 'outside' || name === 'world';
    const floor = external ? null : name === 'c' ? -20n : 0n;
    return { code: `${name}:${asset}`, owner: 'fuzz', asset, kind: external ? 'external' : 'person', floor };
  }),
);
const CODES = FUZZ_ACCOUNTS.map(({ code }) => code);

/** Draws requests of every form, good and bad; of those that are malformed by themselves it knows the code to expect. */
export class FuzzRequests {
  readonly #chance: Chance;
  readonly #malformed = new WeakMap<object, string>();
  readonly #sent: Request[] = [];

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** The code a request deserves by its shape alone, `null` for a well-formed one. */
  readonly codeOf = (request: unknown): string | null =>
    typeof request === 'object' && request !== null
      ? (this.#malformed.get(request) ?? null)
      : 'request-malformed';

  batch(nowUs: bigint): readonly Request[] {
    const batch = Array.from({ length: this.#chance.below(14) }, () => this.#next(nowUs));
    this.#sent.push(...batch);
    return batch;
  }

  /** The key of a hold that was asked for, if one of a few draws is one. */
  #pendingKey(): string | null {
    for (let draw = 0; draw < 5; draw++) {
      const sent = this.#sent[this.#chance.below(this.#sent.length + 1)];
      if (
        typeof sent === 'object' &&
        sent &&
        'state' in sent &&
        sent.state === 'pending' &&
        this.codeOf(sent) === null
      )
        return sent.key;
    }
    return null;
  }

  account(): AccountRequest {
    const chance = this.#chance;
    const known = FUZZ_ACCOUNTS[chance.below(FUZZ_ACCOUNTS.length)];
    if (known && chance.below(3) === 0) return known;
    const asset = this.#pick(ASSETS);
    const good: AccountRequest = {
      code: `x${chance.below(6)}:${asset}`,
      owner: 'fuzz',
      asset,
      kind: this.#pick(KINDS),
      floor: chance.below(3) === 0 ? null : -BigInt(chance.below(2)),
    };
    const bad: readonly [object, string][] = [
      [{ code: 'no colon or asset' }, 'account-malformed'],
      [{ code: `x:${asset === 'JAM' ? 'USD' : 'JAM'}` }, 'account-asset-mismatch'],
      [{ asset: 'GBP' }, 'account-malformed'],
      [{ kind: 'bank' }, 'account-malformed'],
      [{ owner: 'x'.repeat(65) }, 'account-malformed'],
      [{ floor: 1n }, 'floor-malformed'],
      [{ floor: -1 }, 'floor-malformed'],
    ];
    if (chance.below(4)) return good;
    const [fault, code] = this.#pick(bad);
    return this.#mark({ ...good, ...fault }, code);
  }

  #next(nowUs: bigint): Request {
    const chance = this.#chance;
    const again = this.#sent[chance.below(this.#sent.length + 1)];
    if (again && chance.below(5) === 0) return again;
    const key = `k${chance.below(KEYS)}`;
    const chained = chance.below(8) === 0 ? { chainedToNext: true } : {};
    const draw = chance.below(12);
    // No request at all; both have no type by which they could be asked for.
    if (chance.below(200) === 0) return (chance.below(2) ? null : 7) as unknown as Request;
    if (draw === 0) return this.#bad(key, nowUs, chained);
    if (draw < 4)
      return {
        key,
        settle: (chance.below(3) ? this.#pendingKey() : null) ?? `k${chance.below(KEYS)}`,
        as: chance.below(2) ? 'posted' : 'voided',
        ...chained,
      };
    if (draw === 4)
      return { key, record: { kind: 'doc', sha256: `${chance.below(10)}`.repeat(64) }, ...chained };
    return { ...this.#entry(key, nowUs), ...chained };
  }

  #entry(key: string, nowUs: bigint): EntryRequest {
    const chance = this.#chance;
    const evidence = chance.below(4) === 0 ? { evidence: 'ab'.repeat(32) } : {};
    const entry = { key, kind: 'fuzz', legs: this.#legs(), ...evidence };
    if (chance.below(3)) return entry;
    const expiry = chance.below(2) ? { expiresAtUs: nowUs + BigInt(chance.below(60)) - 4n } : {};
    return { ...entry, state: 'pending', ...expiry };
  }

  /** One to four pairs, mostly balanced and mostly within one asset; amounts mostly small, sometimes at the end of the range. */
  #legs(): Leg[] {
    const chance = this.#chance;
    const legs: Leg[] = [];
    for (let pair = 1 + chance.below(2) * chance.below(4); pair > 0; pair--) {
      const asset = this.#pick(ASSETS);
      const account = (): string => {
        const draw = chance.below(60);
        if (draw === 0) return `nobody:${asset}`;
        return draw < 3
          ? this.#pick(CODES)
          : `${this.#pick(['outside', 'outside', 'world', 'a', 'b', 'c'])}:${asset}`;
      };
      const amount =
        chance.below(25) === 0 ? LARGEST - BigInt(chance.below(3)) : BigInt(1 + chance.below(30));
      const slip = chance.below(30) === 0 && amount < 100n ? 1n : 0n;
      legs.push({ account: account(), amount: -amount }, { account: account(), amount: amount + slip });
    }
    return legs;
  }

  #bad(key: string, nowUs: bigint, chained: { chainedToNext?: boolean }): Request {
    const good = { ...this.#entry(key, nowUs), state: 'pending', expiresAtUs: nowUs + 50n };
    const [first, second] = [good.legs[0], good.legs[1]];
    const leg = (change: object): object => ({ ...good, legs: [{ ...first, ...change }, second] });
    const bad: readonly [object, string][] = [
      [{ ...good, key: '' }, 'key-malformed'],
      [{ ...good, key: 'a b' }, 'key-malformed'],
      [{ ...good, key: 'k'.repeat(129) }, 'key-malformed'],
      [{ ...good, key: 7 }, 'key-malformed'],
      [{ ...good, kind: 'Kind' }, 'kind-malformed'],
      [{ ...good, evidence: 'AB'.repeat(32) }, 'hash-malformed'],
      [{ ...good, state: 'maybe' }, 'request-malformed'],
      [{ ...good, state: 'posted' }, 'expiry-malformed'],
      [{ ...good, expiresAtUs: 5 }, 'expiry-malformed'],
      [{ ...good, legs: [] }, 'legs-too-few'],
      [{ ...good, legs: [first] }, 'legs-too-few'],
      [{ ...good, legs: Array(501).fill(first) }, 'legs-too-many'],
      [leg({ amount: 0n }), 'amount-zero'],
      [leg({ amount: 5 }), 'amount-out-of-range'],
      [leg({ amount: '5' }), 'amount-out-of-range'],
      [leg({ amount: LARGEST + 1n }), 'amount-out-of-range'],
      [leg({ amount: -LARGEST - 1n }), 'amount-out-of-range'],
      [leg({ account: 'ä:JAM' }), 'account-malformed'],
      [leg({ account: '' }), 'account-malformed'],
      [{ key }, 'request-malformed'],
      [{ key, settle: 'k1', as: 'expired' }, 'request-malformed'],
      [{ key, settle: '', as: 'posted' }, 'key-malformed'],
      [{ key, record: { kind: 'doc', sha256: 'x' } }, 'hash-malformed'],
      [{ key, record: null }, 'kind-malformed'],
    ];
    const [request, code] = this.#pick(bad);
    // Malformed on purpose, so no type fits.
    return this.#mark({ ...request, ...chained }, code) as Request;
  }

  #mark<T extends object>(request: T, code: string): T {
    this.#malformed.set(request, code);
    return request;
  }

  #pick<T>(list: readonly T[]): T {
    // The index is inside the list, which is never empty.
    return list[this.#chance.below(list.length)] as T;
  }
}
