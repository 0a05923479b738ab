import type { AccountDesk } from '@jamnet/accounts';
import type { Result } from '@jamnet/base';
import type { ActLog } from '../acts/act-log.ts';
import type { BooksDesk } from '../books/books-desk.ts';
import type { BountyDesk } from '../code/bounty-desk.ts';
import type { CodeDesk } from '../code/code-desk.ts';
import type { CodeFiler } from '../code/code-filer.ts';
import type { IdentityDesk } from '../code/identity-desk.ts';
import type { RepositoryList } from '../code/repository-list.ts';
import type { EpochDesk } from '../composition/epoch-desk.ts';
import type { GovernanceDesk } from '../governance/governance-desk.ts';
import type { PartnerList } from '../governance/partner-list.ts';
import type { ShippedLicence } from '../governance/shipped-licences.ts';
import type { LiveDesk } from '../groove/live/live-desk.ts';
import type { HealthDesk } from '../health/health-desk.ts';
import type { ListeningDesk } from '../listening/listening-desk.ts';
import type { ReleaseDesk } from '../listening/release-desk.ts';
import type { LiveState } from '../live/live-state.ts';
import type { AuditView } from '../live/studio-state.ts';
import type { MemberEraser } from '../members/member-eraser.ts';
import type { MeshDesk } from '../mesh/operator/mesh-status.ts';
import type { PairingDesk } from '../mesh/pairing/pairing-desk.ts';
import type { CashDesk } from '../payouts/cash-desk.ts';
import type { RedemptionDesk } from '../redemptions/redemption-desk.ts';
import type { WalletDesk } from '../redemptions/wallet-desk.ts';
import type { RelayAddress, RelayDesk } from '../relay/directory/relay-desk.ts';
import type { MeasuredDelays } from '../relay/directory/relay-directory.ts';
import type { ReadingDesk } from '../reports/reading-desk.ts';
import type { Role } from '../roles/roles.ts';
import type { RoomEntrance } from '../rooms/room-entrance.ts';
import type { RoomTakes } from '../rooms/room-takes.ts';
import type { TakeStore } from '../takes/take-store.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { TrainingDesk } from '../training/training-desk.ts';
import type { OperatorDesk, WebhookDesk } from './economy/operator-desk.ts';
import type { KeyedAnswers } from './idempotency/keyed-answers.ts';
import type { OwnSite } from './own-site.ts';

export interface LedgerEntryRow {
  readonly index: number;
  readonly leafBase64: string;
  readonly kind: string;
  readonly legs: readonly { readonly account: string; readonly amount: string }[];
  readonly text: string;
}

export interface LedgerProof {
  readonly index: number;
  readonly size: number;
  readonly leafBase64: string;
  readonly hashesBase64: readonly string[];
  readonly checkpoint: string;
  readonly vkey: string;
  readonly origin: string;
}

export interface JoinAnswer {
  readonly room: string;
  readonly player: string;
  readonly joinToken: string;
  readonly roomKeyHex: string;
  readonly relay: { readonly host: string; readonly port: number };
  /** Relays to measure and to tell of with `delaysUs`, before the room gets its place; mostly none. */
  readonly candidates?: readonly { readonly id: string; readonly host: string; readonly port: number }[];
}

/** What the HTTP routes may ask of the studio; every refusal has a code of the part that refused. */
export interface StudioServices {
  /** What this process does. */
  readonly roles: readonly Role[];
  readonly live: LiveState;
  readonly takes: TakeStore;
  readonly publicDirectory: string;
  readonly webDirectory: string;
  /** Secret that state-changing requests must carry; kept in the data directory, readable by its owner only. */
  readonly operatorToken: string;
  /** How the studio is. */
  readonly health: HealthDesk;
  /** Where time goes. */
  readonly tracing: Tracing;
  /** Under which names it answers. */
  readonly site: OwnSite;
  /** What operators and curators did. */
  readonly acts: ActLog;
  /** What was answered to requests with a key. */
  readonly keyed: KeyedAnswers;
  /** Members and their sessions. */
  readonly accounts: AccountDesk;
  /** The way out, with all that is kept about a person. */
  readonly eraser: MemberEraser;
  ledgerPage(from: number, limit: number): Promise<{ size: number; entries: LedgerEntryRow[] }>;
  ledgerProof(index: number): Promise<Result<LedgerProof>>;
  /** The log's signed promise to publish this leaf within 24 h of its acceptance. */
  ledgerPromise(index: number): Promise<Result<Uint8Array>>;
  /** The leaf's place and inclusion proof with the checkpoint it leads to, as one text (C2SP tlog-proof). */
  ledgerReceipt(index: number): Promise<Result<Uint8Array>>;
  /** What payees hold, and why. */
  readonly wallets: WalletDesk;
  redeem(request: { payee: string; amountMicroJam: bigint; key: string }): Promise<Result<unknown>>;
  readonly epochs: EpochDesk;
  /** `delaysUs`: round trips measured by relay. */
  joinRoom(request: { room: string; player: string; delaysUs?: MeasuredDelays }): Result<JoinAnswer>;
  readonly relays: RelayDesk;
  /** Where the room of a join token's travelling part lives; `silent` is the relay that the asker does not hear. */
  relayOf(ticket: string, silent: RelayAddress | null): Result<RelayAddress>;
  audit(): Promise<AuditView>;
  /** The public books, page by page. */
  readonly books: BooksDesk;
  /** Reports, statements, perks. */
  readonly reading: ReadingDesk;
  /** Rules, revenue and hardware, for the operator and for signed events. */
  readonly desk: OperatorDesk & WebhookDesk;
  /** Redemptions, explained wallets, sales and listings. */
  readonly redemptions: RedemptionDesk;
  /** Payees and payouts. */
  readonly cash: CashDesk;
  /** The mesh as its operator sees it. */
  readonly meshDesk: MeshDesk;
  /** Owners and their machines. */
  readonly pairing: PairingDesk;
  /** Code that earns: events of forges, pictures for pages. */
  readonly code: CodeDesk;
  /** Whose code is read here. */
  readonly repositories: RepositoryList;
  /** Addresses and packages that members claim. */
  readonly identities: IdentityDesk;
  /** What code earns, brought into epochs. */
  readonly filer: CodeFiler;
  /** Commits that change no output, for curators. */
  readonly bounties: BountyDesk;
  /** The door of rooms for pages. */
  readonly rooms: RoomEntrance;
  /** Performances that hosts forecast while they are played. */
  readonly groove: LiveDesk;
  /** Released models, what is learnt from, training rounds. */
  readonly training: TrainingDesk;
  /** Blind pairs that curators judge. */
  readonly listening: ListeningDesk;
  /** Curators' verdicts on released models. */
  readonly releases: ReleaseDesk;
  /** Proposed policies, what members say and advise, what the operator decides. */
  readonly governance: GovernanceDesk;
  /** Whom the operator names as partners of the network. */
  readonly partners: PartnerList;
  /** Under which licences the studio's parts came here. */
  licences(): readonly ShippedLicence[];
  /** Recordings as the guests of rooms see them. */
  readonly roomTakes: RoomTakes;
}
