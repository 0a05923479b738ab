export {
  type BenchBooksOptions,
  type BenchBooksReport,
  type BooksQueryRow,
  benchBooks,
} from './bench/bench-books.ts';
export { type BenchOptions, type BenchReport, type BenchRow, benchLedger } from './bench/bench-ledger.ts';
export { type FillOptions, fillBooks } from './bench/fill-books.ts';
export { beaconInput, formatBeacon } from './core/beacon.ts';
export { signKeyChange } from './core/key-chain.ts';
export { REFUSAL_CODES, type RefusalCode } from './core/refusals.ts';
export {
  type Accepted,
  type AccountKind,
  type AccountRequest,
  type Answer,
  type AssetCode,
  BATCH_LEGS_MAX,
  BATCH_REQUESTS_MAX,
  type EntryRequest,
  LEGS_MAX,
  type Leg,
  type RecordRequest,
  type Request,
  type SettleRequest,
} from './core/requests.ts';
export { cosign, type Signer, signerFromSeed, vkeyOf } from './core/signer.ts';
export { TileTree } from './core/tile-tree.ts';
export {
  type AccountLeaf,
  bundlePath,
  CHECKPOINT_PATH,
  type Checkpoint,
  type CheckpointCode,
  type ConsistencyClaim,
  checkpointText,
  type DirectoryCode,
  type DirectoryOptions,
  decodeBundle,
  decodeLeaf,
  type EntryLeaf,
  earlierKeys,
  encodeLeaf,
  followKeys,
  formatReceipt,
  type InclusionClaim,
  type InclusionReceipt,
  KEY_CHANGES_MAX,
  KEYS_PATH,
  type Leaf,
  type LeafCode,
  type LeafPromise,
  type LogReader,
  leafHash,
  type NoteCode,
  type Outcome,
  type PromiseCode,
  type ProofCode,
  type ProofPlan,
  parseCheckpointText,
  parseNote,
  parseReceipt,
  parseVerifierKey,
  planConsistency,
  planInclusion,
  type ReceiptCode,
  type RecordLeaf,
  Replay,
  type ReplayCode,
  type ReplayedAccount,
  readProof,
  readTile,
  replay,
  type SettlementLeaf,
  type Sha256,
  type SignedNote,
  tilePath,
  type VerifiedCheckpoint,
  type VerifiedDirectory,
  type VerifierKey,
  verifyCheckpoint,
  verifyConsistency,
  verifyDirectory,
  verifyInclusion,
  verifyPromise,
  verifyReceipt,
} from './core/verifier.ts';
export { vrfProve } from './core/vrf.ts';
export {
  type AddCheckpoint,
  decideAddCheckpoint,
  parseAddCheckpoint,
  type WatchedLog,
  type WitnessAnswer,
  type WitnessedTree,
} from './core/witness.ts';
export {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportOptions,
  exportLedger,
} from './export/export-ledger.ts';
export { directoryFiles } from './log/directory-files.ts';
export { LogDirectory } from './log/log-directory.ts';
export type { LogFiles } from './log/log-files.ts';
export { nativeSigner } from './log/native-signer.ts';
export { openLog } from './log/open-log.ts';
export {
  type InclusionProof,
  type LogCode,
  type PublishedCheckpoint,
  TransparencyLog,
} from './log/transparency-log.ts';
export type { MovePlace } from './store/explorer-queries.ts';
export {
  type Account,
  type JournalEntry,
  type Ledger,
  type Move,
  openLedger,
  PAGE_MAX,
} from './store/ledger.ts';
export { ledgerSchema } from './store/ledger-schema.ts';
export { openBooks } from './store/open-books.ts';
export { logReader } from './verify/log-readers.ts';
export { BeaconFiles, collectBeacon } from './witness/beacon-files.ts';
export {
  type CollectCode,
  type CollectedCosignature,
  type CosignableLog,
  collectCosignature,
  type WitnessReply,
} from './witness/collect-cosignature.ts';
export { Witness } from './witness/witness.ts';
export { createWitnessServer } from './witness/witness-server.ts';
