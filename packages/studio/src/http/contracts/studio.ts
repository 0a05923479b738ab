import { Type } from 'typebox';
import { RELAYS_MAX } from '../../relay/directory/relay-directory.ts';
import type { Contracts } from './contract.ts';
import { PageQuery, pageOf } from './pages.ts';
import { AuditView, Done, Kind, orNull } from './shapes.ts';

const StepView = Type.Object(
  {
    name: Type.String(),
    title: Type.String(),
    state: Type.Enum(['running', 'done', 'failed', 'waiting']),
    progress: Type.Number(),
    detail: Type.String(),
  },
  { title: 'StepView' },
);
const EveningView = Type.Object(
  {
    state: Type.Enum(['off', 'running', 'done', 'failed']),
    speedUp: Type.String(),
    steps: Type.Array(StepView),
  },
  { title: 'EveningView' },
);
const PeerView = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    room: Type.String(),
    hearing: Type.String(),
    delayMsP50: Type.Number(),
    delayMsP99: Type.Number(),
    packets: Type.Number(),
    lost: Type.Number(),
    recovered: Type.Number(),
    concealed: Type.Number(),
    bufferMs: Type.Number(),
  },
  { title: 'PeerView' },
);
const TakeSpanView = Type.Object(
  {
    atSample: Type.Number(),
    frames: Type.Number(),
    fate: Type.Enum(['recovered', 'concealed', 'late', 'lost', 'repaired']),
  },
  { title: 'TakeSpanView' },
);
const TakeView = Type.Object(
  {
    id: Type.String(),
    player: Type.String(),
    from: Type.String(),
    seconds: Type.Number(),
    sampleRateHz: Type.Number(),
    packets: Type.Number(),
    lost: Type.Number(),
    recovered: Type.Number(),
    concealed: Type.Number(),
    late: Type.Number(),
    delayMsP50: Type.Number(),
    delayMsP99: Type.Number(),
    spans: Type.Array(TakeSpanView),
    variants: Type.Array(Type.Enum(['repaired', 'sent', 'heard'])),
  },
  { title: 'TakeView' },
);
const NodeView = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    state: Type.Enum(['idle', 'working', 'banned', 'offline']),
    verified: Type.Number(),
    rejected: Type.Number(),
    workUnits: Type.String(),
    lastRefusal: orNull(Type.String()),
  },
  { title: 'NodeView' },
);
const TaskView = Type.Object(
  {
    id: Type.String(),
    kind: Type.String(),
    state: Type.Enum(['queued', 'leased', 'checking', 'verified', 'rejected']),
    node: orNull(Type.String()),
    reason: orNull(Type.String()),
  },
  { title: 'TaskView' },
);
const GrooveHostView = Type.Object(
  {
    node: Type.String(),
    forecaster: Type.String(),
    committed: Type.Number(),
    late: Type.Number(),
    timingSkillPercent: orNull(Type.Number()),
    velocitySkillPercent: orNull(Type.Number()),
  },
  { title: 'GrooveHostView' },
);
const GrooveView = Type.Object(
  {
    performance: Type.String(),
    bars: Type.Number(),
    barsDone: Type.Number(),
    hosts: Type.Array(GrooveHostView),
  },
  { title: 'GrooveView' },
);
const ContributionView = Type.Object(
  {
    id: Type.String(),
    kind: Kind,
    meter: Type.String(),
    subject: Type.String(),
    merit: Type.String(),
    payees: Type.Array(Type.Object({ payee: Type.String(), weight: Type.String() })),
  },
  { title: 'ContributionView' },
);
const WalletView = Type.Object(
  {
    payee: Type.String(),
    label: Type.String(),
    kinds: Type.Array(Type.String()),
    amountMicroJam: Type.String(),
    balanceMicroJam: orNull(Type.String()),
    worthCents: orNull(Type.String()),
  },
  { title: 'WalletView' },
);
const EpochView = Type.Object(
  {
    id: Type.String(),
    state: Type.Enum(['open', 'closed']),
    asOfUs: orNull(Type.String()),
    revenueCents: Type.String(),
    contributorShareCents: Type.String(),
    issuedMicroJam: Type.String(),
    unitPriceText: Type.String(),
    byKind: Type.Array(Type.Object({ kind: Type.String(), amountMicroJam: Type.String() })),
    wallets: Type.Array(WalletView),
  },
  { title: 'EpochView' },
);
const VoteView = Type.Object(
  {
    clip: Type.String(),
    chosen: Type.Enum(['repaired', 'unrepaired']),
    curator: Type.String(),
    rule: Type.String(),
  },
  { title: 'VoteView' },
);
const LedgerView = Type.Object(
  { size: Type.Number(), origin: Type.String(), vkey: Type.String(), checkpoint: Type.String() },
  { title: 'LedgerView' },
);
const StudioState = Type.Object(
  {
    version: Type.String(),
    evening: EveningView,
    peers: Type.Array(PeerView),
    takes: Type.Array(TakeView),
    nodes: Type.Array(NodeView),
    tasks: Type.Array(TaskView),
    groove: orNull(GrooveView),
    contributions: Type.Array(ContributionView),
    contributionCounts: Type.Object({
      music: Type.Number(),
      code: Type.Number(),
      compute: Type.Number(),
      curation: Type.Number(),
    }),
    epoch: orNull(EpochView),
    votes: Type.Array(VoteView),
    ledger: LedgerView,
    audit: orNull(AuditView),
  },
  { title: 'StudioState' },
);
const ActView = Type.Object(
  {
    number: Type.String(),
    salt: Type.String(),
    leaf: orNull(Type.String()),
    status: orNull(Type.Number()),
    atUs: Type.String(),
    actor: Type.String(),
    role: Type.String(),
    method: Type.String(),
    route: Type.String(),
    parameters: Type.Record(Type.String(), Type.String()),
    bodySha256: Type.String(),
    /** What the actor is called now; null of a token and of who has no account any more. No part of the act. */
    actorName: orNull(Type.String()),
    /** What the route is for; null of a route that this version has no longer. No part of the act. */
    summary: orNull(Type.String()),
  },
  { title: 'ActView' },
);

export const STUDIO_CONTRACTS = {
  'GET /api/docs': { summary: 'This description, for reading', letsIn: 'open', media: 'text/html' },
  'GET /api/openapi.json': {
    summary: 'This description (OpenAPI 3.1)',
    letsIn: 'open',
    answer: Type.Unknown(),
  },
  'GET /api/state': { summary: 'The loop as it is now', letsIn: 'open', answer: StudioState },
  'GET /api/events': {
    summary: 'The loop as it happens: server-sent events named state, each the whole state',
    letsIn: 'open',
    media: 'text/event-stream',
    codes: ['too-many-watchers', 'too-many-watchers-here'],
  },
  'GET /metrics': {
    summary: 'Figures of the mesh for a monitor (OpenMetrics text); they name nobody',
    letsIn: 'open',
    media: 'text/plain',
  },
  'GET /api/acts': {
    summary: 'What operators and curators did, newest first',
    letsIn: 'readers',
    query: PageQuery,
    answer: pageOf('acts', ActView),
    codes: ['cursor-malformed'],
  },
  'GET /api/relays': {
    summary: 'Relays that live, with their load',
    letsIn: 'open',
    answer: Type.Object({
      relays: Type.Array(
        Type.Object({
          id: Type.String(),
          host: Type.String(),
          port: Type.Number(),
          rooms: Type.Number(),
          players: Type.Number(),
        }),
        { maxItems: RELAYS_MAX },
      ),
    }),
  },
  'POST /api/relays/heartbeat': {
    summary: 'A relay elsewhere says that it lives; its key signs',
    letsIn: 'open',
    answer: Done,
    codes: ['heartbeat-malformed', 'heartbeat-forged', 'heartbeat-stale', 'relays-full'],
  },
} as const satisfies Contracts;
