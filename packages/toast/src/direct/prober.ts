import type { SealCrypto } from '../crypto/toast-crypto.ts';
import type { Outbox } from '../peer/outbox.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { Candidate } from './candidate.ts';
import { PROBES_SENT } from './direct-limits.ts';
import type { DirectPath } from './direct-path.ts';
import { challengeFor } from './path-keys.ts';

/** While the budget is spent, a probe waits so long for its next chance. */
const BUDGET_WAIT_US = 5_000;

interface Surroundings {
  readonly crypto: SealCrypto;
  readonly hopKey: Uint8Array;
  readonly outbox: Outbox;
  /** Round trip to the relay, µs. */
  readonly relayTripUs: () => number;
}

/** Sends this peer's probes, to all members together no more than its budget allows. */
export class Prober {
  readonly #around: Surroundings;
  readonly #budget = new TokenBucket(PROBES_SENT.perSecond, PROBES_SENT.burst);
  #challenges = 0;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Probes the addresses of a member whose turn it is. */
  probe(nowUs: number, path: DirectPath): void {
    for (const candidate of path.candidates) {
      if (candidate.dueUs > nowUs) continue;
      if (this.#budget.take(nowUs)) this.#send(nowUs, path, candidate);
      else candidate.dueUs = nowUs + BUDGET_WAIT_US;
    }
  }

  #send(nowUs: number, path: DirectPath, candidate: Candidate): void {
    const { crypto, hopKey, outbox, relayTripUs } = this.#around;
    const challenge = challengeFor(crypto, hopKey, candidate.address, this.#challenges++);
    const { echo, echoUs, isProved, taken } = candidate;
    const probe = {
      challenge,
      echo,
      heldUs: echo === null ? 0 : nowUs - echoUs,
      isUnproved: !isProved,
      relayTripUs: relayTripUs(),
      taken,
    };
    outbox.probe(candidate.address, path.send.probe, probe);
    candidate.sent(nowUs, challenge, candidate === path.best);
  }
}
