import { assert, ok, type Result, refuse } from '@jamnet/base';
import { HOSTS_MAX, type RoundHost } from '../round-types.ts';
import { taggedHash } from '../tagged-hash.ts';
import { isPreimage } from './hash-chain.ts';
import { type Candidate, type DrawnPerformance, drawHosts } from './rank-hosts.ts';

const SEED_DOMAIN = 'jamnet/groove/assignment/v2';

/** Candidates of one draw. */
export const CANDIDATES_MAX = 100_000;
/** Performances that wait for one draw. */
export const PERFORMANCES_MAX = 10_000;
/** Witnesses of one draw. */
export const DRAW_WITNESSES_MAX = 32;
/** Bytes of one witness's beacon: what its verifiable random function gives for the draw's leaf (RFC 9381). */
const BEACON_BYTES = 64;

export type AssignmentInput =
  /** The tip of the next draw's chain stands in the log as leaf `leafIndex`. */
  | { readonly kind: 'tip'; readonly link: Uint8Array; readonly leafIndex: bigint }
  /** What is drawn, from whom and by which witnesses stands in the log as leaf `leafIndex`: nothing can be added any more. */
  | {
      readonly kind: 'fix';
      readonly leafIndex: bigint;
      readonly performances: readonly DrawnPerformance[];
      readonly candidates: readonly Candidate[];
      /** Hosts for each performance. */
      readonly hosts: number;
      /** Verifier keys of the witnesses whose beacons for this leaf count: all of them, and no other. */
      readonly witnesses: readonly string[];
    }
  /** What the shell has verified that each of these witnesses gave for the leaf, 64 bytes by verifier key. */
  | { readonly kind: 'beacons'; readonly outputs: ReadonlyMap<string, Uint8Array> }
  | { readonly kind: 'preimage'; readonly link: Uint8Array }
  /** The draw will never be opened; its link is used up all the same. */
  | { readonly kind: 'abandon'; readonly link: Uint8Array };

export type AssignmentCode =
  | 'tip-missing'
  | 'tip-again'
  | 'not-fixed'
  | 'fixed-already'
  | 'fixed-early'
  | 'too-many'
  | 'beacons-again'
  | 'beacons-missing'
  | 'preimage-wrong';

/** Who forecasts what, and what anybody needs to check it. */
export interface Assignment {
  readonly preimage: Uint8Array;
  readonly seed: Uint8Array;
  readonly performances: readonly (DrawnPerformance & { readonly hosts: readonly RoundHost[] })[];
}

/**
 * SHA-256 of the preimage, the draw's leaf and the beacons in the order of the witnesses. Nothing in it can be chosen once the leaf
 * stands in the log: the preimage is that of a published hash, and each beacon is the only one its key has for the leaf.
 */
export function assignmentSeed(
  preimage: Uint8Array,
  leafIndex: bigint,
  beacons: readonly Uint8Array[],
): Uint8Array {
  const leafBytes = new Uint8Array(8);
  new DataView(leafBytes.buffer).setBigUint64(0, leafIndex);
  return taggedHash(SEED_DOMAIN, preimage, leafBytes, ...beacons);
}

/**
 * Draws hosts for performances so that nobody can steer it: the chain's tip stands in the log first; then what is drawn is fixed, as
 * a leaf; the named witnesses' beacons for that leaf bring chance that the studio cannot know as long as one of them keeps its
 * key; the preimage of the tip brings chance that the witnesses cannot know. Each revealed preimage is the tip of the next draw. A
 * refused input changes nothing.
 */
export class AssignmentDraw {
  #tip: { readonly link: Uint8Array; readonly leafIndex: bigint } | null = null;
  #fixed: Extract<AssignmentInput, { kind: 'fix' }> | null = null;
  #beacons: readonly Uint8Array[] | null = null;

  /** Answers the assignment once its preimage is known, before that, and for a draw that is abandoned, `null`. */
  apply(input: AssignmentInput): Result<Assignment | null, AssignmentCode> {
    if (input.kind === 'tip') return this.#takeTip(input.link, input.leafIndex);
    const tip = this.#tip;
    if (tip === null) return refuse('tip-missing', 'Log the tip of a hash chain before anything is drawn.');
    if (input.kind === 'fix') return this.#fix(input, tip.leafIndex);
    const fixed = this.#fixed;
    if (fixed === null) return refuse('not-fixed', 'Fix what is drawn, and from whom, first.');
    if (input.kind === 'beacons') return this.#takeBeacons(input.outputs, fixed.witnesses);
    if (input.kind === 'preimage' && !this.#beacons)
      return refuse(
        'beacons-missing',
        'Keep the preimage until every witness of the draw has given its beacon.',
      );
    if (!isPreimage(input.link, tip.link))
      return refuse('preimage-wrong', 'This is not the preimage of the link that was published last.');
    return ok(this.#end(Uint8Array.from(input.link), input.kind === 'abandon' ? null : fixed));
  }

  #takeTip(link: Uint8Array, leafIndex: bigint): Result<null, AssignmentCode> {
    if (this.#tip)
      return refuse('tip-again', 'A chain is in use: its next link is the preimage of the last.');
    assert(link.length === 32 && leafIndex >= 0n, 'a link of 32 bytes and its leaf');
    this.#tip = { link: Uint8Array.from(link), leafIndex };
    return ok(null);
  }

  #fix(input: Extract<AssignmentInput, { kind: 'fix' }>, tipLeaf: bigint): Result<null, AssignmentCode> {
    if (this.#fixed)
      return refuse('fixed-already', 'This draw is fixed: what comes later waits for the next.');
    if (input.leafIndex <= tipLeaf)
      return refuse('fixed-early', "What is drawn was logged before the chain's tip: log it anew.");
    const { performances, candidates, hosts, witnesses } = input;
    if (
      performances.length > PERFORMANCES_MAX ||
      candidates.length > CANDIDATES_MAX ||
      hosts > HOSTS_MAX ||
      witnesses.length > DRAW_WITNESSES_MAX
    )
      return refuse(
        'too-many',
        `A draw takes ${PERFORMANCES_MAX} performances, ${CANDIDATES_MAX} candidates, ${HOSTS_MAX} hosts for each and ${DRAW_WITNESSES_MAX} witnesses: split it.`,
      );
    this.#fixed = input;
    return ok(null);
  }

  #takeBeacons(
    outputs: ReadonlyMap<string, Uint8Array>,
    witnesses: readonly string[],
  ): Result<null, AssignmentCode> {
    if (this.#beacons) return refuse('beacons-again', 'The beacons of this draw are known: open it.');
    const beacons = witnesses.map((vkey) => outputs.get(vkey));
    const known = beacons.filter((beacon) => beacon?.length === BEACON_BYTES);
    if (known.length < witnesses.length)
      return refuse('beacons-missing', 'Every witness that the draw names gives its beacon: ask the others.');
    this.#beacons = known.map((beacon) => Uint8Array.from(beacon ?? []));
    return ok(null);
  }

  #end(preimage: Uint8Array, fixed: Extract<AssignmentInput, { kind: 'fix' }> | null): Assignment | null {
    const drawn = fixed && this.#drawn(preimage, fixed);
    this.#tip = { link: preimage, leafIndex: this.#tip?.leafIndex ?? 0n };
    this.#fixed = null;
    this.#beacons = null;
    return drawn;
  }

  #drawn(preimage: Uint8Array, fixed: Extract<AssignmentInput, { kind: 'fix' }>): Assignment {
    const seed = assignmentSeed(preimage, fixed.leafIndex, this.#beacons ?? []);
    const performances = fixed.performances.map((performance) => ({
      ...performance,
      hosts: drawHosts(seed, performance, fixed.candidates, fixed.hosts),
    }));
    return { preimage, seed, performances };
  }
}
