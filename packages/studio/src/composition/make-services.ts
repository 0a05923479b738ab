import { dirname, join } from 'node:path';
import type { AccountDesk } from '@jamnet/accounts';
import { bigintAsText, ok, type Result, refuse, toBase64, toHex } from '@jamnet/base';
import type { Economy } from '@jamnet/economy';
import type { JournalEntry, Ledger, TransparencyLog } from '@jamnet/ledger';
import type { Database } from '@jamnet/sql';
import { isName, type JoinClaim, verifyWireToken } from '@jamnet/toast';
import type { ActLog } from '../acts/act-log.ts';
import { auditBooks } from '../books/audit.ts';
import { booksDesk } from '../books/books-desk.ts';
import { directoryReader } from '../books/readers.ts';
import { SharedAudit } from '../books/shared-audit.ts';
import { BountyDesk } from '../code/bounty-desk.ts';
import { CodeDesk } from '../code/code-desk.ts';
import { CodeFiler } from '../code/code-filer.ts';
import { fetchAccountKeys } from '../code/fetch-account-keys.ts';
import { IdentityDesk } from '../code/identity-desk.ts';
import { RepositoryList } from '../code/repository-list.ts';
import { contributionView } from '../contributions/new-contribution.ts';
import type { GovernanceDesk } from '../governance/governance-desk.ts';
import type { PartnerList } from '../governance/partner-list.ts';
import type { ShippedLicence } from '../governance/shipped-licences.ts';
import type { HealthDesk } from '../health/health-desk.ts';
import { operatorDesk } from '../http/economy/operator-desk.ts';
import { webhookSecrets } from '../http/economy/webhook-secrets.ts';
import type { KeyedAnswers } from '../http/idempotency/keyed-answers.ts';
import type { OwnSite } from '../http/own-site.ts';
import type { JoinAnswer, LedgerEntryRow, StudioServices } from '../http/services.ts';
import { deriveSecret } from '../identity/keys.ts';
import type { ListeningDesk } from '../listening/listening-desk.ts';
import type { ReleaseDesk } from '../listening/release-desk.ts';
import type { LiveState } from '../live/live-state.ts';
import type { AuditView } from '../live/studio-state.ts';
import { MemberEraser } from '../members/member-eraser.ts';
import type { MeshDesk } from '../mesh/operator/mesh-status.ts';
import type { PairingDesk } from '../mesh/pairing/pairing-desk.ts';
import type { HostPay } from '../mesh/pay/host-pay.ts';
import type { ModelValueDesk } from '../music/model-value-desk.ts';
import type { MusicMemory } from '../music/music-memory.ts';
import { cashDesk } from '../payouts/cash-desk.ts';
import { readRails, withoutFiles } from '../payouts/payout-settings.ts';
import { redemptionDesk } from '../redemptions/redemption-desk.ts';
import { walletDesk } from '../redemptions/wallet-desk.ts';
import { type HomeRelay, type RelayAddress, RelayDesk } from '../relay/directory/relay-desk.ts';
import type { Place, RelayRow } from '../relay/directory/relay-directory.ts';
import { issueJoinToken } from '../relay/join-token.ts';
import { nodeHopCrypto } from '../relay/node-hop-crypto.ts';
import { readingDesk } from '../reports/reading-desk.ts';
import { isApart, type Role } from '../roles/roles.ts';
import { RoomBook } from '../rooms/room-book.ts';
import { RoomEntrance } from '../rooms/room-entrance.ts';
import { RoomTakes } from '../rooms/room-takes.ts';
import type { TakeStore } from '../takes/take-store.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { TrainingDesk } from '../training/training-desk.ts';
import type { GatewayProcess } from '../transports/gateway/gateway-process.ts';
import { epochDesk } from './epoch-desk.ts';
import type { LabelBook } from './label-book.ts';
import type { OpenedGroove } from './open-groove.ts';
import type { StudioSecrets } from './secrets.ts';

/** How long a join token lets its holder in. */
const TOKEN_LIFE_US = 12n * 3_600_000_000n;

export interface ServiceParts {
  readonly roles: readonly Role[];
  readonly live: LiveState;
  readonly takes: TakeStore;
  readonly publicDirectory: string;
  readonly webDirectory: string;
  readonly secrets: StudioSecrets;
  readonly database: Database;
  readonly health: HealthDesk;
  readonly tracing: Tracing;
  readonly site: OwnSite;
  readonly accounts: AccountDesk;
  readonly acts: ActLog;
  readonly keyed: KeyedAnswers;
  readonly ledger: Ledger;
  readonly log: TransparencyLog;
  readonly economy: Economy;
  readonly labels: LabelBook;
  readonly origin: string;
  readonly nowUs: () => bigint;
  /** The studio's own relays that listen now. */
  readonly homeRelays: () => readonly HomeRelay[];
  /** Told of each room that opens on a relay or moves. */
  readonly onPlace: (place: Place) => void;
  /** The bridge for pages; null until the studio listens. */
  readonly gateway: () => GatewayProcess | null;
  readonly publishBooks: () => Promise<void>;
  readonly pairing: PairingDesk;
  readonly meshDesk: MeshDesk;
  readonly hostPay: HostPay;
  readonly groove: OpenedGroove;
  readonly music: MusicMemory;
  readonly modelValue: ModelValueDesk;
  readonly training: TrainingDesk;
  readonly listening: ListeningDesk;
  readonly releases: ReleaseDesk;
  readonly governance: GovernanceDesk;
  readonly partners: PartnerList;
  readonly licences: () => readonly ShippedLicence[];
}

/** What the HTTP routes and the command line may ask, over the studio's parts. */
export function makeServices(parts: ServiceParts): StudioServices {
  const { live, takes, publicDirectory, webDirectory, secrets, ledger, log, economy } = parts;
  const relays = new RelayDesk({
    onPlace: parts.onPlace,
    tokenKey: secrets.tokenKey,
    nowUs: () => Number(parts.nowUs()),
    homes: parts.homeRelays,
  });
  const readTicket = (ticket: string): Result<JoinClaim> => {
    const token = verifyWireToken(nodeHopCrypto, secrets.tokenKey, ticket, Number(parts.nowUs()));
    return token.ok ? ok(token.value.claim) : token;
  };
  const rooms = new RoomEntrance({
    invitationKey: secrets.tokenKey,
    nowUs: parts.nowUs,
    join: (room, player) => joinAnswer(parts, room, player, relays.enterFromPage(room, player)),
    readTicket,
    gateway: parts.gateway,
    book: new RoomBook(
      join(dirname(publicDirectory), 'rooms.json'),
      (room) => takes.archive.ofRoom(room).length > 0,
      parts.nowUs,
    ),
  });
  const runAudit = async (): Promise<AuditView> => {
    const audit = await auditBooks(directoryReader(publicDirectory), log.vkey);
    live.update({ audit });
    return audit;
  };
  const audit = new SharedAudit({ run: runAudit, size: () => ledger.size(), nowUs: parts.nowUs });
  const published = async <T>(answer: Result<T>): Promise<Result<T>> => {
    if (answer.ok) await parts.publishBooks();
    return answer;
  };
  const dataDirectory = dirname(publicDirectory);
  const tellCode = (what: unknown): void => void process.stderr.write(`code: ${String(what)}\n`);
  const code: CodeDesk = new CodeDesk({
    dataDirectory,
    nowUs: parts.nowUs,
    secrets: () => webhookSecrets(join(dataDirectory, 'keys'), 'git'),
    onRead: (repository, outcome) => {
      const queued = outcome.type === 'read' ? filer.queueGated(outcome.finding) : null;
      if (queued?.ok === false) tellCode(`${repository}: ${queued.message}`);
    },
    onFailure: tellCode,
  });
  const filer = new CodeFiler({
    dataDirectory,
    economy,
    reader: code.reader,
    nowUs: parts.nowUs,
    evidenceSecret: secrets.evidence,
    nameMember: (payee, label) => parts.labels.name(payee, label),
    publishBooks: parts.publishBooks,
    onFiled: async (contributions) => {
      live.addContributions(contributions.map(contributionView));
      await parts.publishBooks();
    },
  });
  const cash = cashDesk({
    dataDirectory,
    database: parts.database,
    ledger,
    economy,
    nowUs: parts.nowUs,
    publishBooks: parts.publishBooks,
    payeeKey: deriveSecret(secrets.evidence, 'personal data of payees'),
    ...(isApart(parts.roles) ? { rails: () => railsWithoutFiles(dataDirectory) } : {}),
  });
  return {
    roles: parts.roles,
    live,
    takes,
    publicDirectory,
    webDirectory,
    operatorToken: secrets.operatorToken,
    health: parts.health,
    tracing: parts.tracing,
    site: parts.site,
    accounts: parts.accounts,
    acts: parts.acts,
    keyed: parts.keyed,
    ledgerPage: async (from, limit) => {
      const entries = await ledger.entries(BigInt(from), limit);
      return { size: Number(await ledger.size()), entries: entries.map(entryRow) };
    },
    ledgerProof: async (index) => {
      const proof = await log.inclusionProof(BigInt(index));
      if (!proof.ok) return proof;
      const { size, leaf, proof: hashes, checkpoint } = proof.value;
      return ok({
        index,
        size: Number(size),
        leafBase64: toBase64(leaf),
        hashesBase64: hashes.map(toBase64),
        checkpoint: new TextDecoder().decode(checkpoint),
        vkey: log.vkey,
        origin: parts.origin,
      });
    },
    books: booksDesk({ ledger, economy, publicDirectory }),
    ledgerPromise: (index) => log.promise(BigInt(index)),
    ledgerReceipt: (index) => log.receipt(BigInt(index)),
    wallets: walletDesk({ economy, labels: parts.labels, nowUs: parts.nowUs }),
    redeem: async ({ payee, amountMicroJam, key }) =>
      jsonSafe(
        await published(await economy.requestRedemption(parts.nowUs(), { payee, amountMicroJam, key })),
      ),
    epochs: epochDesk({
      economy,
      unfiledCode: (epochId) => filer.unfiled(epochId),
      settleHosts: (waitMs) => parts.hostPay.settle(waitMs),
      publishBooks: parts.publishBooks,
      nowUs: parts.nowUs,
    }),
    joinRoom: ({ room, player, delaysUs }) => {
      if (!isName(room) || !isName(player))
        return refuse('name-malformed', "Room and player are 1 to 32 letters, digits, spaces or . _ ' -");
      rooms.reserve(room, player);
      const candidates = delaysUs === undefined ? relays.candidates(room) : [];
      // Whoever is asked to measure enters with what was measured.
      const first = candidates[0];
      const relay = first === undefined ? relays.enter(room, player, delaysUs ?? {}) : ok(first);
      return joinAnswer(parts, room, player, relay, candidates);
    },
    relays,
    relayOf: (ticket, silent) => {
      const claim = readTicket(ticket);
      return claim.ok ? relays.where(claim.value.room, claim.value.player, silent) : claim;
    },
    rooms,
    roomTakes: new RoomTakes({
      readTicket,
      ofRoom: (room) => takes.archive.ofRoom(room),
      nowUs: () => Number(parts.nowUs()),
    }),
    groove: parts.groove.desk,
    training: parts.training,
    listening: parts.listening,
    releases: parts.releases,
    governance: parts.governance,
    partners: parts.partners,
    licences: parts.licences,
    pairing: parts.pairing,
    meshDesk: parts.meshDesk,
    desk: operatorDesk({
      economy,
      nowUs: parts.nowUs,
      publishBooks: parts.publishBooks,
      // Both folders lie in the data directory.
      webhookSecrets: (source) => webhookSecrets(join(dirname(publicDirectory), 'keys'), source),
    }),
    cash,
    eraser: new MemberEraser({ ...parts, cash }),
    redemptions: redemptionDesk({
      economy,
      labels: parts.labels,
      nowUs: parts.nowUs,
      publishBooks: parts.publishBooks,
      receiptOf: (leaf) => log.receipt(leaf),
      reasonsOf: async (contributions) =>
        new Map([
          ...(await parts.groove.store.reasons(contributions)),
          ...(await parts.music.reasons(contributions)),
          ...(await parts.modelValue.reasons(contributions)),
        ]),
    }),
    code,
    filer,
    repositories: new RepositoryList(dataDirectory),
    identities: new IdentityDesk({
      dataDirectory,
      economy,
      nowUs: parts.nowUs,
      fetchKeys: fetchAccountKeys,
    }),
    bounties: new BountyDesk({
      dataDirectory,
      economy,
      ledger,
      nowUs: parts.nowUs,
      publishBooks: parts.publishBooks,
    }),
    reading: readingDesk({
      economy,
      nowUs: parts.nowUs,
      publishBooks: parts.publishBooks,
      linkKey: deriveSecret(secrets.evidence, 'statement links'),
    }),
    audit: () => audit.ask(),
  };
}

function railsWithoutFiles(dataDirectory: string): ReturnType<typeof readRails> {
  const rails = readRails(dataDirectory);
  return rails.ok ? withoutFiles(rails.value) : rails;
}

function joinAnswer(
  parts: ServiceParts,
  room: string,
  player: string,
  relay: Result<RelayAddress>,
  candidates: readonly RelayRow[] = [],
): Result<JoinAnswer> {
  if (!relay.ok) return relay;
  const expiresAtUs = Number(parts.nowUs() + TOKEN_LIFE_US);
  const token = issueJoinToken(parts.secrets.tokenKey, { room, player, expiresAtUs });
  if (!token.ok) return token;
  const { host, port } = relay.value;
  return ok({
    room,
    player,
    joinToken: token.value,
    roomKeyHex: toHex(parts.secrets.roomKey(room)),
    relay: { host, port },
    ...(candidates.length === 0
      ? {}
      : { candidates: candidates.map((each) => ({ id: each.id, host: each.host, port: each.port })) }),
  });
}

function entryRow(entry: JournalEntry): LedgerEntryRow {
  const { leaf } = entry;
  const row = { index: Number(entry.index), leafBase64: toBase64(entry.bytes) };
  switch (leaf.type) {
    case 'account':
      return { ...row, kind: 'account', legs: [], text: `opens ${leaf.code}` };
    case 'record':
      return { ...row, kind: leaf.kind, legs: [], text: `fixes ${leaf.kind} ${leaf.sha256.slice(0, 16)}…` };
    case 'settlement':
      return { ...row, kind: 'settlement', legs: [], text: `entry ${leaf.pendingIndex} is ${leaf.outcome}` };
    case 'entry': {
      const legs = leaf.legs.map(({ account, amount }) => ({ account, amount: amount.toString() }));
      return { ...row, kind: leaf.kind, legs, text: `${leaf.state}, ${legs.length} legs` };
    }
  }
}

function jsonSafe(answer: Result<unknown>): Result<unknown> {
  return answer.ok ? ok(asJson(answer.value)) : answer;
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, bigintAsText));
}
