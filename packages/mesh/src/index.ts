export {
  type Agreement,
  type ChunkVerdict,
  chunkVerdict,
  compareChunk,
  PRECISION_FLOOR_MILLI_DECIBEL,
  type Tolerance,
} from './core/agreement.ts';
export {
  Catalogue,
  type CatalogueEntry,
  entryBytes,
  entryKey,
  type Lane,
  openEntry,
  type PrivacyClass,
  type SignedEntry,
  signEntry,
} from './core/catalogue.ts';
export { isHandedOver, KEY_HAND_OVERS_MAX, type KeyHandOver, signHandOver } from './core/catalogue-key.ts';
export { type CoordinatorParts, DISPATCH_POLICY, type DispatchPolicy } from './core/context.ts';
export { Coordinator, type Outcome } from './core/coordinator.ts';
export { OPERATIONS_PER_WORK_UNIT, REPLICAS_MAX, taskIdOf, workUnitsOf } from './core/create-tasks.ts';
export { type Sha256, taggedHash, taggedHashHex } from './core/digest.ts';
export {
  type CommitItem,
  commitBytes,
  fixedHex,
  type NodeClaim,
  nodeIdOf,
  proofBytes,
  pureVerifySignature,
  RESULTS_PER_MESSAGE_MAX,
  type VerifySignature,
} from './core/identity.ts';
export { checkDraw, type KeyedDraw } from './core/keyed-draw.ts';
export { BAN_REASON_LENGTH_MAX } from './core/operator-ban.ts';
export { pureSha256 } from './core/pure-sha256.ts';
export { rankRendezvous } from './core/rendezvous.ts';
export type {
  AnswerByType,
  Effect,
  ItemAnswer,
  LeasedTask,
  NewTask,
  Request,
  RequestCode,
  RevealItem,
} from './core/requests.ts';
export { chunkOf, chunkRange, commitToResult, type ResultCommitment } from './core/result-chunks.ts';
export type {
  CheckOutcome,
  CheckPurpose,
  CheckRow,
  EvidenceCode,
  EvidenceRow,
  NodeRow,
  NodeState,
  TaskRow,
  TaskState,
  WorkRow,
} from './core/rows.ts';
export type { LeaseQuery, MeshStore, MeshTables } from './core/store.ts';
export {
  affordableUnits,
  type CheckScope,
  decideCheck,
  type Finding,
  judgeAgreements,
  mayRelease,
  releasableCount,
  settleSample,
  TRUST_POLICY,
  type Trust,
  type TrustPolicy,
} from './core/trust.ts';
export { type ComputeContribution, contributionOf } from './core/work-record.ts';
export {
  type BarWire,
  EntryWire,
  GROOVE_SESSIONS_MAX,
  HostNotice,
  type LeasedWire,
  MESH_PROTOCOL,
  NODE_MESSAGE_BYTES_MAX,
  type NodeMessage,
  SLOTS_MAX,
  STUDIO_MESSAGE_BYTES_MAX,
  StudioMessage,
} from './wire/messages.ts';
export {
  encodeNodeMessage,
  entryFromWire,
  entryToWire,
  parseNodeMessage,
  parseStudioMessage,
} from './wire/parse.ts';
export type { RevealMessage } from './wire/reveal-frame.ts';
export type { WireCode } from './wire/wire-code.ts';
