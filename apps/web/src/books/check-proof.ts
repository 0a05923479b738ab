import { encodeUtf8, fromBase64, toHex } from '@jamnet/base';
import { decodeLeaf, type Leaf, leafHash, verifyCheckpoint, verifyInclusion } from '@jamnet/ledger/verifier';
import type { EntryProof, LedgerEntry } from '../api/endpoints.ts';
import type { BooksWords } from './text.ts';

export const PROOF_STEPS = ['checkpoint', 'size', 'inclusion', 'shown'] as const;
export type ProofStepName = (typeof PROOF_STEPS)[number];

export interface ProofStep {
  readonly name: ProofStepName;
  /** Steps after a failed one are skipped: what they would say rests on it. */
  readonly outcome: 'ok' | 'failed' | 'skipped';
  readonly detail: string;
}

export interface ProofReport {
  readonly holds: boolean;
  readonly steps: readonly ProofStep[];
  /** Neighbouring hashes from leaf to root, hex, as the studio gave them. */
  readonly path: readonly string[];
  /** What the leaf itself says, where it could be read. */
  readonly leaf: Leaf | null;
}

type Outcome = { readonly ok: boolean; readonly detail: string };

/**
 * Whether the log's key `vkey` signed a tree in which the entry shown on the page is leaf `shown.index`. Trusts nothing
 * in the proof: its key, its size and its leaf are checked against what the page showed before it asked.
 */
export function checkProof(
  shown: LedgerEntry,
  proof: EntryProof,
  vkey: string,
  words: BooksWords,
): ProofReport {
  const leafBytes = fromBase64(proof.leafBase64);
  const hashes = proof.hashesBase64.map(fromBase64).filter((hash) => hash !== null);
  const checkpoint = verifyCheckpoint(encodeUtf8(proof.checkpoint), vkey);
  const decoded = leafBytes === null ? null : decodeLeaf(leafBytes);
  const leaf = decoded?.ok ? decoded.value : null;
  const checks: Readonly<Record<ProofStepName, () => Outcome>> = {
    checkpoint: () =>
      checkpoint.ok ? passed(words.signedBy(checkpoint.value.origin)) : failed(checkpoint.message),
    size: () => checkSize(shown, proof, checkpoint.ok ? checkpoint.value.size : 0n, words),
    inclusion: () => {
      if (leafBytes === null || hashes.length !== proof.hashesBase64.length) return failed(words.badEncoding);
      const root = checkpoint.ok ? checkpoint.value.root : new Uint8Array(0);
      const included = verifyInclusion({
        leafHash: leafHash(leafBytes),
        index: BigInt(shown.index),
        size: BigInt(proof.size),
        root,
        proof: hashes,
      });
      return included.ok ? passed(words.root(toHex(root))) : failed(included.message);
    },
    shown: () => {
      if (leaf === null) return failed(decoded?.ok === false ? decoded.message : words.badEncoding);
      return saysTheSame(shown, proof, leaf) ? passed(leafText(leaf)) : failed(words.shownMismatch);
    },
  };
  const steps = runInOrder(checks);
  return { holds: steps.every(({ outcome }) => outcome === 'ok'), steps, path: hashes.map(toHex), leaf };
}

function runInOrder(checks: Readonly<Record<ProofStepName, () => Outcome>>): readonly ProofStep[] {
  let standing = true;
  return PROOF_STEPS.map((name) => {
    if (!standing) return { name, outcome: 'skipped', detail: '' };
    const { ok, detail } = checks[name]();
    standing = ok;
    return { name, outcome: ok ? 'ok' : 'failed', detail };
  });
}

function checkSize(shown: LedgerEntry, proof: EntryProof, signedSize: bigint, words: BooksWords): Outcome {
  if (proof.index !== shown.index) return failed(words.wrongEntry(shown.index, proof.index));
  if (BigInt(proof.size) !== signedSize) return failed(words.wrongTree(proof.size, String(signedSize)));
  return passed(words.head(proof.size));
}

/** The row may word things its own way; its kind, its amounts and accounts must be the leaf's. */
function saysTheSame(shown: LedgerEntry, proof: EntryProof, leaf: Leaf): boolean {
  if (shown.leafBase64 !== proof.leafBase64) return false;
  if (leaf.type !== 'entry')
    return shown.legs.length === 0 && (leaf.type !== 'record' || leaf.kind === shown.kind);
  if (leaf.kind !== shown.kind || leaf.legs.length !== shown.legs.length) return false;
  return leaf.legs.every((leg, index) => {
    const row = shown.legs[index];
    return row?.account === leg.account && BigInt(row.amount) === leg.amount;
  });
}

/** The leaf in its own words: what was decoded from the proven bytes, not what the studio says about them. */
function leafText(leaf: Leaf): string {
  switch (leaf.type) {
    case 'account':
      return `account ${leaf.code}`;
    case 'settlement':
      return `settlement of ${leaf.pendingIndex}: ${leaf.outcome}`;
    case 'record':
      return `record ${leaf.kind} ${leaf.sha256}`;
    case 'entry':
      return `${leaf.state} ${leaf.kind} ${leaf.key}`;
  }
}

function passed(detail: string): Outcome {
  return { ok: true, detail };
}

function failed(detail: string): Outcome {
  return { ok: false, detail };
}
