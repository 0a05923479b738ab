import { canonicalJson, Failure, present, toHex } from '@jamnet/base';
import { type Assignment, AssignmentDraw, CHAIN_LINKS_MAX, HashChain } from '@jamnet/groove';
import type { BeaconFiles, Ledger } from '@jamnet/ledger';
import { deriveSecret } from '../../identity/keys.ts';
import { UNOPENED_US } from './draw-check.ts';
import { type DrawDocument, drawSha256, drawText, parseDrawText } from './draw-document.ts';
import type { GrooveStore } from './groove-store.ts';
import { type Draw, type DrawRequest, HOSTS_PER_PERFORMANCE } from './live-types.ts';

export interface DrawParts {
  readonly store: GrooveStore;
  readonly ledger: Ledger;
  /** Beside the log as it is served, with what witnesses of other processes have brought. */
  readonly beacons: BeaconFiles;
  /** The chains come from it; 32 bytes that never leave the studio. */
  readonly secret: Uint8Array;
  /** Keys whose beacons count, C2SP vkeys. */
  readonly witnesses: readonly string[];
  /** How many of them a draw needs: it names the first so many. */
  readonly quorum: number;
  readonly nowUs: () => bigint;
  /** Publishes what the journal has. */
  readonly publish: () => Promise<void>;
}

interface Fixed {
  readonly document: DrawDocument;
  readonly text: string;
  readonly leaf: bigint;
}

interface Chain {
  readonly number: bigint;
  readonly tipLeaf: bigint;
  /** What was published last, and its preimage, which opens the draw under way. */
  readonly published: Uint8Array;
  readonly preimage: Uint8Array;
}

/**
 * Draws hosts so that the studio can neither foresee nor choose. The chain's tip stands in the log before anything is drawn; what is
 * drawn, and which witnesses count, gets a leaf of its own; those witnesses' beacons for that leaf, of which there is one each,
 * and the preimage of the link published last give the hosts. The studio can still keep a draw shut whose outcome it dislikes:
 * then its leaf stands without an end in the public log, and a day has to pass before it may fix another.
 */
export class DrawDesk {
  readonly #parts: DrawParts;
  #fixed: Fixed | null = null;

  constructor(parts: DrawParts) {
    this.#parts = parts;
  }

  /** Whether something is fixed and waits for its beacons; also what an earlier run of the studio fixed. */
  async isFixed(): Promise<boolean> {
    return (await this.#openFixed()) !== null;
  }

  /** Settles what is drawn and from whom: nothing can be added any more. Without its witnesses nothing is fixed. */
  async fix(request: DrawRequest): Promise<void> {
    const { store, beacons, witnesses, quorum, nowUs } = this.#parts;
    if (witnesses.length < quorum || (await this.#openFixed())) return;
    await this.#chain(); // Its tip stands in the log before what it draws.
    const atUs = nowUs();
    const text = drawText({
      origin: beacons.origin,
      fixedAtUs: atUs,
      ...request,
      hosts: HOSTS_PER_PERFORMANCE,
      witnesses: witnesses.slice(0, quorum),
    });
    // Kept first: a studio that stops before its leaf is logged logs this very draw, and no other.
    await store.addFixedDraw({ sha256: drawSha256(text), document: text, atUs });
    await this.#openFixed();
  }

  /** The hosts of each performance, once every witness has given its beacon; before that `null`. The same each time. */
  async finish(): Promise<ReadonlyMap<string, Draw> | null> {
    const fixed = await this.#openFixed();
    if (!fixed) return null;
    const lines = new Map<string, string>();
    const outputs = new Map<string, Uint8Array>();
    for (const vkey of fixed.document.witnesses) {
      const beacon = await this.#parts.beacons.of(fixed.leaf, vkey);
      if (!beacon) return await this.#giveUpLate(fixed);
      lines.set(vkey, beacon.line);
      outputs.set(vkey, beacon.output);
    }
    const chain = await this.#chain();
    return drawsOf(drawnBy(chain, fixed, outputs), fixed, chain, [...lines.values()]);
  }

  /** What {@link finish} gave is kept by who asked: the draw is closed in the log, and its link is public. */
  async close(drawn: ReadonlyMap<string, Draw>): Promise<void> {
    const fixed = present(await this.#openFixed(), 'a fixed draw');
    const hosts = [...drawn].map(
      ([performance, draw]) => [performance, draw.hosts.map(({ node }) => node)] as const,
    );
    await this.#end(fixed, 'groove-draw-opened', { hosts: Object.fromEntries(hosts) });
  }

  /** Witnesses that never come: the draw ends unopened, in public, after the day that this costs. */
  async #giveUpLate(fixed: Fixed): Promise<null> {
    if (this.#parts.nowUs() - fixed.document.fixedAtUs > UNOPENED_US)
      await this.#end(fixed, 'groove-draw-unopened', {});
    return null;
  }

  async #end(
    fixed: Fixed,
    kind: string,
    outcome: Readonly<Record<string, Record<string, string[]>>>,
  ): Promise<void> {
    const { store, beacons, publish } = this.#parts;
    const { number, preimage } = await this.#chain();
    const said = canonicalJson({ fixedLeaf: `${fixed.leaf}`, preimage: toHex(preimage), ...outcome });
    await this.#record(`${kind}:${fixed.leaf}`, kind, drawSha256(said));
    await store.publishLink(number);
    this.#fixed = null;
    await beacons.ask(null);
    await publish();
  }

  /** What is fixed, with its leaf; logs, asks and publishes what an earlier try did not get to. */
  async #openFixed(): Promise<Fixed | null> {
    if (this.#fixed) return this.#fixed;
    const { store, beacons, publish } = this.#parts;
    const kept = await store.fixedDraw();
    if (!kept) return null;
    const leaf = await this.#record(`groove-draw-fixed:${kept.sha256}`, 'groove-draw-fixed', kept.sha256);
    await beacons.ask(leaf);
    await publish();
    this.#fixed = { document: parseDrawText(kept.document), text: kept.document, leaf };
    return this.#fixed;
  }

  /** The chain as far as it is public; a used-up one is followed by the next. */
  async #chain(): Promise<Chain> {
    const { store, secret } = this.#parts;
    const stored = await store.chain();
    const isUsedUp = stored !== null && stored.published >= BigInt(CHAIN_LINKS_MAX);
    const number = stored === null ? 0n : isUsedUp ? stored.number + 1n : stored.number;
    const links = new HashChain(deriveSecret(secret, `groove chain ${number}`), CHAIN_LINKS_MAX);
    const isNew = stored === null || isUsedUp;
    const tipLeaf = isNew
      ? await this.#record(`groove-chain:${number}`, 'groove-chain', toHex(links.tip))
      : stored.tipLeaf;
    if (isNew) await store.addChain(number, tipLeaf);
    let published = links.tip;
    for (let i = 0n; !isNew && i < stored.published; i++)
      published = present(links.reveal(), 'a published link');
    return { number, tipLeaf, published, preimage: present(links.reveal(), 'a link that is left') };
  }

  async #record(key: string, kind: string, sha256: string): Promise<bigint> {
    const [answer] = await this.#parts.ledger.post(this.#parts.nowUs(), [{ key, record: { kind, sha256 } }]);
    const accepted = present(answer, 'the answer of the ledger');
    if (!accepted.ok) throw new Failure(accepted.code, accepted.message);
    return accepted.index;
  }
}

function drawnBy(
  { published, preimage, tipLeaf }: Chain,
  { document, leaf }: Fixed,
  outputs: ReadonlyMap<string, Uint8Array>,
): Assignment {
  const draw = new AssignmentDraw();
  const { performances, candidates, hosts, witnesses } = document;
  let drawn: Assignment | null = null;
  for (const input of [
    { kind: 'tip', link: published, leafIndex: tipLeaf },
    { kind: 'fix', leafIndex: leaf, performances, candidates, hosts, witnesses },
    { kind: 'beacons', outputs },
    { kind: 'preimage', link: preimage },
  ] as const) {
    const taken = draw.apply(input);
    if (!taken.ok) throw new Failure(taken.code, taken.message);
    drawn = taken.value;
  }
  return present(drawn, 'assignment');
}

function drawsOf(
  assignment: Assignment,
  fixed: Fixed,
  { tipLeaf }: Chain,
  beacons: readonly string[],
): ReadonlyMap<string, Draw> {
  const proof = {
    fixed: fixed.text,
    fixedLeaf: `${fixed.leaf}`,
    tipLeaf: `${tipLeaf}`,
    preimage: toHex(assignment.preimage),
    beacons,
  };
  return new Map(assignment.performances.map(({ performance, hosts }) => [performance, { hosts, proof }]));
}
