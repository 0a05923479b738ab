export {
  type AttributeCode,
  type AttributeOptions,
  type Attribution,
  attribute,
  attributeInDetail,
  attributeWithPicture,
  attributeWithProfiles,
  attributeWithUsage,
  type HistoryOptions,
  type PicturedAttribution,
  type UsageOptions,
} from './attribute.ts';
export { type AttackBench, benchAttacks, type MeasuredAttack } from './bench/bench-attacks.ts';
export { type AttributeBench, benchAttribute, type MeasuredRun } from './bench/bench-attribute.ts';
export { PROMISED_SIZE } from './bench/synthetic-history.ts';
export { readBounties, writeBounty } from './bounties/bounty-file.ts';
export {
  BOUNTIES_MAX,
  type Bounty,
  type BountyCode,
  type BountyEntry,
  BountyQueue,
} from './bounties/bounty-queue.ts';
export { type GatedWork, gatedWork } from './bounties/gated-work.ts';
export { isReason, REASON_LENGTH_MAX } from './bounties/read-bounty-entry.ts';
export { CLAIM_PATH, type ClaimFileCode, verifyClaimFile } from './claims/claim-file.ts';
export { type ForgeAccount, forgeAccountOf, keysAddressOf } from './claims/forge-account.ts';
export { enterIdentity, readIdentities, studioIdOf } from './claims/identity-file.ts';
export {
  type IdentityCode,
  type IdentityEntry,
  IdentityJournal,
  type IdentityRequest,
} from './claims/identity-journal.ts';
export { namesAddress } from './claims/names-address.ts';
export { type AccountCode, verifyAccount } from './claims/verify-account.ts';
export { SIGNATURE_NAMESPACE } from './claims/verify-by-keys.ts';
export {
  ALLOWED_KEYS_PATH,
  ALLOWED_SIGNERS_PATH,
  type SignatureCode,
  verifySignature,
} from './claims/verify-signature.ts';
export { logWeight } from './core/log-weight.ts';
export {
  EMPTY_JOURNAL,
  enterBounty,
  enterUses,
  type JournalCode,
  type PaidJournal,
  paidUses,
  readPaidJournal,
  unpaidOfBounty,
  writePaidJournal,
} from './core/paid-journal.ts';
export { personId } from './core/people.ts';
export { divideByWeight, SHARE_PARTS } from './core/shares.ts';
export { TOKENS_MAX } from './core/statement.ts';
export type { Place, WeighedStatement } from './core/weigh.ts';
export { DEPENDENCY_CAP, type DependencyShare } from './dependencies/divide-budget.ts';
export { divideEarnings, type Earning } from './earnings/divide-earnings.ts';
export { payeeOfIdentity, payeeOfPackages } from './earnings/pseudonyms.ts';
export { type ExplainCode, type Explanation, explain } from './explain.ts';
export { type CommitDiff, describeCommit } from './git/describe-commit.ts';
export { type HintFate, HintQueue, type MirroredName } from './hooks/hint-queue.ts';
export {
  FORGES,
  type Forge,
  type GitHint,
  HOOK_BYTES_MAX,
  type HookCode,
  readHook,
} from './hooks/read-hook.ts';
export { type Fetched, fetchMirror, type MirrorCode, type MirrorPlan, seenHeads } from './mirror/mirror.ts';
export type {
  CodeMark,
  CodePicture,
  CodeSummary,
  FilePicture,
  FileSummary,
  PersonPicture,
  PersonSummary,
} from './picture/code-picture.ts';
export { linesOfCpuProfile, type ProfileCode } from './profiles/read-profile.ts';
export type { SkippedFile, SkipReason } from './read-history.ts';
export {
  type AttributedPerson,
  type AttributionReport,
  type Evidence,
  reportJson,
  TOOL_VERSION,
  type UsageProblem,
} from './report.ts';
export type { SandboxKind, SandboxOptions } from './use/sandbox.ts';
export {
  hashWorkload,
  isFixedWorkload,
  parseWorkload,
  type Workload,
  type WorkloadCode,
} from './use/workload.ts';
