/**
 * Checks public logs in a browser or in Node, from bytes alone: imports nothing that touches a platform.
 * What each format means is in SPEC.md.
 */
export {
  type Checkpoint,
  type CheckpointCode,
  checkpointText,
  parseCheckpointText,
  type VerifiedCheckpoint,
  verifyCheckpoint,
} from './checkpoint.ts';
export { decodeLeaf, type LeafCode } from './decode-leaf.ts';
export { encodeLeaf } from './encode-leaf.ts';
export { decodeBundle } from './entry-bundle.ts';
export {
  earlierKeys,
  followKeys,
  formatKeyChanges,
  KEY_CHANGES_MAX,
  KEYS_PATH,
  type KeyChainCode,
  type KeyChange,
} from './key-chain.ts';
export type { AccountLeaf, EntryLeaf, Leaf, Outcome, RecordLeaf, SettlementLeaf } from './leaf.ts';
export { parseVerifierKey, type VerifierKey } from './note-key.ts';
export { type ProofPlan, planConsistency, planInclusion } from './proof-plan.ts';
export { type LogReader, readProof, readTile } from './read-tiles.ts';
export {
  formatReceipt,
  type InclusionReceipt,
  type LeafPromise,
  type PromiseCode,
  parseReceipt,
  type ReceiptCode,
  verifyPromise,
  verifyReceipt,
} from './receipt.ts';
export { Replay, type ReplayCode, type ReplayedAccount, replay } from './replay.ts';
export { type NoteCode, parseNote, type SignedNote } from './signed-note.ts';
export { bundlePath, CHECKPOINT_PATH, tilePath } from './tile-path.ts';
export { leafHash, type Sha256 } from './tree-hash.ts';
export {
  type DirectoryCode,
  type DirectoryOptions,
  type VerifiedDirectory,
  verifyDirectory,
} from './verify-directory.ts';
export {
  type ConsistencyClaim,
  type InclusionClaim,
  type ProofCode,
  verifyConsistency,
  verifyInclusion,
} from './verify-proof.ts';
