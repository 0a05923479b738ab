import { type TSchema, Type } from 'typebox';
import { PERFORMANCES_OPEN_MAX } from '../../groove/live/live-types.ts';
import { LIVE_CODES, ROUND_CODES, STREAM_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
import { CandidateView } from './curation.ts';
import { Next, PageQuery } from './pages.ts';
import { Done, orNull, Whole } from './shapes.ts';

const PerformanceView = Type.Object(
  {
    performance: Type.String(),
    room: Type.String(),
    state: Type.Enum(['waiting', 'drawn', 'playing', 'settled', 'over']),
    bars: Type.Number(),
    task: Type.Enum(['live', 'announced']),
    startsAtUs: orNull(Type.Number()),
    hosts: orNull(Type.Array(Type.String())),
    code: orNull(
      Type.Enum(['no-hosts', 'not-started', 'nothing-scored', 'interrupted', 'performance-replayed']),
    ),
    results: orNull(
      Type.Array(
        Type.Object({
          nodes: Type.Array(Type.String()),
          skillPpm: orNull(Type.String()),
          paidWorkUnits: Type.String(),
          code: orNull(Type.String()),
        }),
      ),
    ),
    barsHeard: Type.Number(),
    barsPublished: Type.Number(),
    asked: orNull(Type.Object({ bar: Type.Number(), commitments: Type.Number() })),
  },
  { title: 'PerformanceView' },
);
const SignedRelease = Type.Object(
  {
    previousSha256: Type.String(),
    signature: Type.String(),
    version: Type.Number(),
    kind: Type.Enum(['first', 'release', 'rollback']),
    model: Type.String(),
    modelSha256: Type.String(),
    modelBytes: Type.Number(),
    gainPpm: orNull(Whole),
    gainLowerPpm: orNull(Whole),
    heldOutSha256: orNull(Type.String()),
    releasedAtUs: Whole,
  },
  { title: 'SignedRelease' },
);
const TrainingTakeRow = Type.Object(
  {
    take: Type.String(),
    player: Type.String(),
    performanceSha256: Type.String(),
    use: Type.Enum(['train', 'held-out']),
    strangers: Type.Boolean(),
    strokes: Type.Number(),
  },
  { title: 'TrainingTakeRow' },
);
const RoundView = Type.Object(
  {
    round: Type.String(),
    phase: Type.Enum(['failed', 'refused', 'train', 'judge', 'candidate', 'released']),
    done: Type.Number(),
    of: Type.Number(),
    reason: Type.String(),
    released: orNull(SignedRelease),
    worth: Type.Array(Type.Object({ take: Type.String(), player: Type.String(), value: Whole })),
    paid: Type.String(),
  },
  { title: 'RoundView' },
);

/** Not a number where no held-out sound could be heard. */
const Decibels = orNull(Type.Number());
const BlendFigures = Type.Object(
  { meanFileDb: Decibels, pooledDb: Decibels, worseThanSilencePercent: Decibels, gaps: Type.Number() },
  { title: 'BlendFigures' },
);
const BlendRoundView = Type.Object(
  {
    round: Type.String(),
    phase: Type.Enum(['failed', 'refused', 'train', 'judge', 'candidate', 'released']),
    done: Type.Number(),
    of: Type.Number(),
    reason: Type.String(),
    verdict: orNull(
      Type.Object({
        code: orNull(Type.String()),
        reason: Type.String(),
        sounds: Type.Number(),
        released: BlendFigures,
        candidate: BlendFigures,
        gainDb: Decibels,
        lowerDb: Decibels,
      }),
    ),
    released: orNull(SignedRelease),
  },
  { title: 'BlendRoundView' },
);
const blendAnswer = (round: TSchema) =>
  Type.Object({ current: Type.String(), releases: Type.Array(SignedRelease), next: Next, round });

const Revocation = Type.Object(
  { take: Type.String(), player: Type.String(), inputsForgotten: Type.Number() },
  { title: 'Revocation' },
);

export const GROOVE_CONTRACTS = {
  'GET /api/groove/performances': {
    summary: 'Performances that hosts forecast',
    letsIn: 'open',
    answer: Type.Object({
      performances: Type.Array(PerformanceView, { maxItems: PERFORMANCES_OPEN_MAX }),
    }),
  },
  'GET /api/groove/performances/:performance': {
    summary: 'One performance',
    letsIn: 'open',
    answer: PerformanceView,
    codes: ['performance-unknown'],
  },
  'POST /api/groove/performances': {
    summary: "Announces a performance of one's own",
    letsIn: 'membersOrToken',
    answer: PerformanceView,
    codes: ['performer-group-missing', ...LIVE_CODES],
  },
  'POST /api/groove/performances/:performance/start': {
    summary: 'The performer begins; his key signs',
    letsIn: 'open',
    answer: PerformanceView,
    codes: [...LIVE_CODES],
  },
  'POST /api/groove/performances/:performance/bars': {
    summary: "A bar as it was played; the performer's key signs",
    letsIn: 'open',
    answer: Type.Object({ bar: Type.Number(), hash: Type.String() }),
    codes: [...LIVE_CODES, ...STREAM_CODES],
  },
  'POST /api/groove/performances/:performance/commitments': {
    summary: 'A host commits to a forecast; its key signs',
    letsIn: 'open',
    answer: Done,
    codes: [...LIVE_CODES, ...ROUND_CODES],
  },
  'POST /api/groove/performances/:performance/reveals': {
    summary: 'A host opens its commitment; its key signs',
    letsIn: 'open',
    answer: Done,
    codes: [...LIVE_CODES, ...ROUND_CODES],
  },
  'GET /api/models': {
    summary: 'Released models with their signed log',
    letsIn: 'open',
    query: PageQuery,
    answer: Type.Object({
      current: Type.String(),
      publicKey: Type.String(),
      releases: Type.Array(SignedRelease),
      next: Next,
    }),
    codes: ['cursor-malformed'],
  },
  'GET /api/models/:sha256': {
    summary: 'A released model, by its hash',
    letsIn: 'open',
    media: 'application/octet-stream',
    codes: ['model-unknown'],
  },
  'GET /api/training/takes': {
    summary: 'What is learnt from, and what is left out and why',
    letsIn: 'readers',
    query: PageQuery,
    answer: Type.Object({
      takes: Type.Array(TrainingTakeRow),
      leftOut: Type.Record(Type.String(), Type.Number()),
      next: Next,
    }),
    codes: ['cursor-malformed'],
  },
  'POST /api/training/takes/:sha256/revoke': {
    summary: "Takes a player's part of a take out of training",
    letsIn: 'operator',
    answer: Revocation,
    codes: ['revoked-too-many'],
  },
  'POST /api/training/takes/:sha256/erase': {
    summary: 'Erases a take that a player of it wants gone, everywhere the studio keeps it',
    letsIn: 'operator',
    answer: Revocation,
    codes: ['take-unknown', 'player-unknown'],
  },
  'POST /api/training/takes/:sha256/restore': {
    summary: 'Takes a part back into training',
    letsIn: 'operator',
    answer: Type.Object({ take: Type.String(), player: Type.String(), atUs: Type.Optional(Type.String()) }),
    codes: ['not-revoked', 'revoked-too-many', 'take-unknown'],
  },
  'POST /api/training/takes/:sha256/player': {
    summary: 'Says which payee a player of a take is',
    letsIn: 'operator',
    answer: Type.Object({ take: Type.String(), player: Type.String(), payee: Type.String() }),
    codes: ['take-unknown', 'player-unknown', 'payee-unknown', 'player-known', 'players-too-many'],
  },
  'GET /api/training/round': {
    summary: 'The training round that runs or ran last',
    letsIn: 'readers',
    answer: Type.Object({ round: orNull(RoundView) }),
  },
  'POST /api/training/round': {
    summary: 'Begins a training round',
    letsIn: 'operator',
    answer: Type.Object({ round: RoundView }),
    codes: [
      'round-running',
      'candidate-waiting',
      'studio-not-running',
      'nothing-to-learn',
      'nothing-held-out',
      'performances-malformed',
    ],
  },
  'POST /api/training/candidates/:kind/withdraw': {
    summary: 'Refuses a candidate that waits for curators, with a reason',
    letsIn: 'operator',
    answer: CandidateView,
    codes: ['nothing-waits', 'reason-missing'],
  },
  'GET /api/training/concealment': {
    summary: "Released mixtures of concealment's forecasts, and the round that trains the next or did last",
    letsIn: 'readers',
    query: PageQuery,
    answer: blendAnswer(orNull(BlendRoundView)),
    codes: ['cursor-malformed'],
  },
  'POST /api/training/concealment': {
    summary: "Begins a round that trains the mixture of concealment's forecasts",
    letsIn: 'operator',
    answer: blendAnswer(BlendRoundView),
    codes: [
      'round-running',
      'candidate-waiting',
      'studio-not-running',
      'nothing-to-learn',
      'nothing-held-out',
      'round-size',
      'excerpts-malformed',
    ],
  },
} as const satisfies Contracts;
