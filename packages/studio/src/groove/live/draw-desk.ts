import { createHash } from 'node:crypto';
import { canonicalJson, Failure, present, toHex } from '@jamnet/base';
import {
  type Assignment,
  AssignmentDraw,
  CHAIN_LINKS_MAX,
  type CosignedCheckpoint,
  HashChain,
} from '@jamnet/groove';
import { type Ledger, type LogDirectory, verifyCheckpoint } from '@jamnet/ledger';
import { deriveSecret } from '../../identity/keys.ts';
import type { GrooveStore } from './groove-store.ts';
import { type Draw, type DrawRequest, HOSTS_PER_PERFORMANCE } from './live-types.ts';

export interface DrawParts {
  readonly store: GrooveStore;
  readonly ledger: Ledger;
  /** The log as it is served, with what witnesses of other processes have added. */
  readonly log: Pick<LogDirectory, 'vkey' | 'checkpoint'>;
  /** The chains come from it; 32 bytes that never leave the studio. */
  readonly secret: Uint8Array;
  /** Keys whose cosignatures count, C2SP vkeys. */
  readonly witnesses: readonly string[];
  /** How many of them a checkpoint needs. */
  readonly quorum: number;
  readonly nowUs: () => bigint;
  /** Publishes what the journal has. */
  readonly publish: () => Promise<void>;
}

interface Fixed {
  readonly document: string;
  readonly leaf: bigint;
  readonly atUs: bigint;
}

/**
 * Draws hosts by what its witnesses do not know beforehand, nor the studio before its log has that root. The chain's tip stands in the log before anything is
 * drawn; what is drawn gets a leaf of its own, so that a checkpoint over that leaf was surely cosigned later, whatever clocks say;
 * then the next link of the chain is published, and stays published if the studio stops in between.
 */
export class DrawDesk {
  readonly #parts: DrawParts;
  #chain: { number: bigint; tipLeaf: bigint; links: HashChain; draw: AssignmentDraw } | null = null;
  #fixed: Fixed | null = null;

  constructor(parts: DrawParts) {
    this.#parts = parts;
  }

  /** Whether something is fixed and waits for its checkpoint. */
  get isFixed(): boolean {
    return this.#fixed !== null;
  }

  /** Settles what is drawn and from whom: nothing can be added any more. */
  async fix(request: DrawRequest): Promise<void> {
    const { ledger, nowUs, publish } = this.#parts;
    const { draw } = await this.#openChain();
    const atUs = nowUs();
    const document = canonicalJson({
      fixedAtUs: `${atUs}`,
      performances: request.performances.map(({ performance, performerGroup }) => ({
        performance,
        performerGroup,
      })),
      candidates: request.candidates.map(({ node, ownerGroup, linkedGroups }) => ({
        node,
        ownerGroup,
        linkedGroups: [...linkedGroups],
      })),
      hosts: HOSTS_PER_PERFORMANCE,
    });
    const sha256 = createHash('sha256').update(document).digest('hex');
    const leaf = await this.#record(ledger, `groove-draw:${sha256}`, { kind: 'groove-draw', sha256 });
    const fixed = draw.apply({ kind: 'fix', fixedAtUs: atUs, ...request, hosts: HOSTS_PER_PERFORMANCE });
    if (!fixed.ok) throw new Failure(fixed.code, fixed.message);
    this.#fixed = { document, leaf, atUs };
    await publish();
  }

  /** The hosts of each performance, once enough witnesses have cosigned what was fixed; before that `null`. */
  async finish(): Promise<ReadonlyMap<string, Draw> | null> {
    const fixed = this.#fixed;
    if (!fixed) return null;
    const note = await this.#parts.log.checkpoint();
    const checkpoint = this.#cosigned(note, fixed);
    if (!checkpoint) return null;
    try {
      return await this.#reveal(fixed, note, checkpoint);
    } catch (error) {
      // Half done, and cannot be done again: the chain is read anew from the store, and what waits is fixed again.
      this.#chain = null;
      throw error;
    } finally {
      this.#fixed = null;
    }
  }

  async #reveal(fixed: Fixed, note: Uint8Array, checkpoint: CosignedCheckpoint) {
    const { draw, links, number, tipLeaf } = await this.#openChain();
    const taken = draw.apply({ kind: 'checkpoint', checkpoint });
    if (!taken.ok) throw new Failure(taken.code, taken.message);
    await this.#parts.store.publishLink(number);
    const drawn = draw.apply({ kind: 'preimage', link: present(links.reveal(), 'a link that is left') });
    if (!drawn.ok) throw new Failure(drawn.code, drawn.message);
    if (links.drawsLeft === 0) this.#chain = null;
    return drawsOf(present(drawn.value, 'assignment'), fixed, tipLeaf, note);
  }

  #cosigned(note: Uint8Array, fixed: Fixed): CosignedCheckpoint | null {
    const { log, witnesses, quorum } = this.#parts;
    const verified = verifyCheckpoint(note, log.vkey, witnesses);
    if (!verified.ok || verified.value.size <= fixed.leaf) return null;
    const { size, root, signatures } = verified.value;
    if (new Set(verified.value.witnesses).size < quorum) return null;
    const [newest = 0n] = signatures
      .flatMap(({ timeSeconds }) => (timeSeconds === null ? [] : [timeSeconds * 1_000_000n]))
      .sort((a, b) => (a > b ? -1 : 1));
    // Cosignatures count whole seconds of a witness's clock; that they came later is shown by the leaf they cover.
    return { size, root, cosignedAtUs: newest > fixed.atUs ? newest : fixed.atUs + 1n };
  }

  async #openChain() {
    if (this.#chain) return this.#chain;
    const { store, ledger, secret } = this.#parts;
    const stored = await store.chain();
    const isUsedUp = stored !== null && stored.published >= BigInt(CHAIN_LINKS_MAX);
    const number = stored === null ? 0n : isUsedUp ? stored.number + 1n : stored.number;
    const links = new HashChain(deriveSecret(secret, `groove chain ${number}`), CHAIN_LINKS_MAX);
    const isNew = stored === null || isUsedUp;
    const tip = { kind: 'groove-chain', sha256: toHex(links.tip) };
    const tipLeaf = isNew ? await this.#record(ledger, `groove-chain:${number}`, tip) : stored.tipLeaf;
    if (isNew) await store.addChain(number, tipLeaf);
    let link = links.tip;
    for (let i = 0n; !isNew && i < stored.published; i++) link = present(links.reveal(), 'a published link');
    const draw = new AssignmentDraw();
    const logged = draw.apply({ kind: 'tip', link, leafIndex: tipLeaf });
    if (!logged.ok) throw new Failure(logged.code, logged.message);
    this.#chain = { number, tipLeaf, links, draw };
    return this.#chain;
  }

  async #record(ledger: Ledger, key: string, record: { kind: string; sha256: string }): Promise<bigint> {
    const [answer] = await ledger.post(this.#parts.nowUs(), [{ key, record }]);
    const accepted = present(answer, 'the answer of the ledger');
    if (!accepted.ok) throw new Failure(accepted.code, accepted.message);
    return accepted.index;
  }
}

function drawsOf(
  assignment: Assignment,
  fixed: Fixed,
  tipLeaf: bigint,
  note: Uint8Array,
): ReadonlyMap<string, Draw> {
  const proof = {
    fixed: fixed.document,
    fixedLeaf: `${fixed.leaf}`,
    tipLeaf: `${tipLeaf}`,
    preimage: toHex(assignment.preimage),
    checkpoint: new TextDecoder().decode(note),
  };
  return new Map(assignment.performances.map(({ performance, hosts }) => [performance, { hosts, proof }]));
}
