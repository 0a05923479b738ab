import { assert, ok, type Result, refuse } from '@jamnet/base';
import { HOSTS_MAX, type RoundHost } from '../round-types.ts';
import { taggedHash } from '../tagged-hash.ts';
import { isPreimage } from './hash-chain.ts';
import { type Candidate, type DrawnPerformance, drawHosts } from './rank-hosts.ts';

const SEED_DOMAIN = 'jamnet/groove/assignment/v1';

/** Candidates of one draw. */
export const CANDIDATES_MAX = 100_000;
/** Performances that wait for one draw. */
export const PERFORMANCES_MAX = 10_000;

/** A checkpoint of the log that the shell has verified: signed by the log and cosigned by the policy's witnesses. */
export interface CosignedCheckpoint {
  /** Leaves it covers. */
  readonly size: bigint;
  /** Root hash, 32 bytes. */
  readonly root: Uint8Array;
  /** When its last needed witness cosigned, UTC µs. */
  readonly cosignedAtUs: bigint;
}

export type AssignmentInput =
  /** The tip of the next draw's chain stands in the log as leaf `leafIndex`. */
  | { readonly kind: 'tip'; readonly link: Uint8Array; readonly leafIndex: bigint }
  /** What is drawn is settled: nothing can be added from `fixedAtUs` on. */
  | {
      readonly kind: 'fix';
      readonly fixedAtUs: bigint;
      readonly performances: readonly DrawnPerformance[];
      readonly candidates: readonly Candidate[];
      /** Hosts for each performance. */
      readonly hosts: number;
    }
  | { readonly kind: 'checkpoint'; readonly checkpoint: CosignedCheckpoint }
  | { readonly kind: 'preimage'; readonly link: Uint8Array };

export type AssignmentCode =
  | 'tip-missing'
  | 'tip-again'
  | 'not-fixed'
  | 'fixed-already'
  | 'too-many'
  | 'checkpoint-early'
  | 'checkpoint-small'
  | 'checkpoint-again'
  | 'checkpoint-missing'
  | 'preimage-wrong';

/** Who forecasts what, and what anybody needs to check it. */
export interface Assignment {
  readonly preimage: Uint8Array;
  readonly checkpoint: CosignedCheckpoint;
  readonly seed: Uint8Array;
  readonly performances: readonly (DrawnPerformance & { readonly hosts: readonly RoundHost[] })[];
}

/** SHA-256 of the preimage and of the checkpoint's root and size: neither the studio nor the witnesses know it beforehand. */
export function assignmentSeed(preimage: Uint8Array, { root, size }: CosignedCheckpoint): Uint8Array {
  const sizeBytes = new Uint8Array(8);
  new DataView(sizeBytes.buffer).setBigUint64(0, size);
  return taggedHash(SEED_DOMAIN, preimage, root, sizeBytes);
}

/**
 * Draws hosts for performances so that nobody can steer it: the chain's tip stands in the log first; then what is drawn is fixed;
 * the first checkpoint cosigned after that brings chance that the studio cannot know; the preimage of the tip brings chance that
 * the witnesses cannot know. Each revealed preimage is the tip of the next draw. A refused input changes nothing.
 */
export class AssignmentDraw {
  #tip: { readonly link: Uint8Array; readonly leafIndex: bigint } | null = null;
  #fixed: Extract<AssignmentInput, { kind: 'fix' }> | null = null;
  #checkpoint: CosignedCheckpoint | null = null;

  /** Answers the assignment once its preimage is known, before that `null`. */
  apply(input: AssignmentInput): Result<Assignment | null, AssignmentCode> {
    if (input.kind === 'tip') return this.#takeTip(input.link, input.leafIndex);
    if (this.#tip === null)
      return refuse('tip-missing', 'Log the tip of a hash chain before anything is drawn.');
    if (input.kind === 'fix') return this.#fix(input);
    if (this.#fixed === null) return refuse('not-fixed', 'Fix what is drawn, and from whom, first.');
    return input.kind === 'checkpoint'
      ? this.#takeCheckpoint(input.checkpoint, this.#tip.leafIndex, this.#fixed.fixedAtUs)
      : this.#draw(input.link, this.#tip, this.#fixed);
  }

  #takeTip(link: Uint8Array, leafIndex: bigint): Result<null, AssignmentCode> {
    if (this.#tip)
      return refuse('tip-again', 'A chain is in use: its next link is the preimage of the last.');
    assert(link.length === 32 && leafIndex >= 0n, 'a link of 32 bytes and its leaf');
    this.#tip = { link: Uint8Array.from(link), leafIndex };
    return ok(null);
  }

  #fix(input: Extract<AssignmentInput, { kind: 'fix' }>): Result<null, AssignmentCode> {
    if (this.#fixed)
      return refuse('fixed-already', 'This draw is fixed: what comes later waits for the next.');
    const { performances, candidates, hosts } = input;
    if (performances.length > PERFORMANCES_MAX || candidates.length > CANDIDATES_MAX || hosts > HOSTS_MAX)
      return refuse(
        'too-many',
        `A draw takes ${PERFORMANCES_MAX} performances, ${CANDIDATES_MAX} candidates and ${HOSTS_MAX} hosts for each: split it.`,
      );
    this.#fixed = input;
    return ok(null);
  }

  #takeCheckpoint(
    checkpoint: CosignedCheckpoint,
    leafIndex: bigint,
    fixedAtUs: bigint,
  ): Result<null, AssignmentCode> {
    if (this.#checkpoint)
      return refuse('checkpoint-again', 'The first checkpoint after the fixing counts, no later one.');
    if (checkpoint.cosignedAtUs <= fixedAtUs)
      return refuse(
        'checkpoint-early',
        'This checkpoint was known before the draw was fixed: wait for the next.',
      );
    if (checkpoint.size <= leafIndex)
      return refuse('checkpoint-small', "This checkpoint does not cover the chain's tip: wait for the next.");
    this.#checkpoint = { ...checkpoint, root: Uint8Array.from(checkpoint.root) };
    return ok(null);
  }

  #draw(
    link: Uint8Array,
    tip: { readonly link: Uint8Array; readonly leafIndex: bigint },
    fixed: Extract<AssignmentInput, { kind: 'fix' }>,
  ): Result<Assignment, AssignmentCode> {
    const checkpoint = this.#checkpoint;
    if (!checkpoint)
      return refuse(
        'checkpoint-missing',
        'Keep the preimage until a checkpoint has been cosigned after the fixing.',
      );
    if (!isPreimage(link, tip.link))
      return refuse('preimage-wrong', 'This is not the preimage of the link that was published last.');
    const preimage = Uint8Array.from(link);
    const seed = assignmentSeed(preimage, checkpoint);
    const performances = fixed.performances.map((performance) => ({
      ...performance,
      hosts: drawHosts(seed, performance, fixed.candidates, fixed.hosts),
    }));
    this.#tip = { link: preimage, leafIndex: tip.leafIndex };
    this.#fixed = null;
    this.#checkpoint = null;
    return ok({ preimage, checkpoint, seed, performances });
  }
}
