import { Type } from 'typebox';
import type { Contracts } from './contract.ts';
import { orNull, Whole } from './shapes.ts';

const LISTENING_CODES = [
  'pair-unknown',
  'pair-answered',
  'answers-today-too-many',
  'clip-gone',
  'curator-missing',
] as const;
const Verdict = Type.Object(
  { verdict: Type.Enum(['approved', 'objected']), reason: Type.String() },
  { title: 'Verdict' },
);
const PairView = Type.Object(
  { id: Type.String(), form: Type.Enum(['ab', 'abx']), seconds: Type.Number() },
  { title: 'PairView' },
);
const ListeningView = Type.Object(
  {
    answered: Type.Number(),
    of: Type.Number(),
    pair: orNull(PairView),
    standing: Type.Object({
      settled: Type.Number(),
      agreeing: Type.Number(),
      waiting: Type.Number(),
      rounds: Type.Number(),
      creditMilliVotes: Whole,
    }),
    clips: Type.Object({ offered: Type.Number(), approved: Type.Number() }),
  },
  { title: 'ListeningView' },
);
const ReleaseView = Type.Object(
  {
    version: Type.Number(),
    kind: Type.Enum(['first', 'release', 'rollback']),
    model: Type.String(),
    modelSha256: Type.String(),
    gainPpm: orNull(Whole),
    gainLowerPpm: orNull(Whole),
    releasedAtUs: Whole,
    isCurrent: Type.Boolean(),
    state: Type.Enum(['waiting', 'approved', 'objected']),
    approvingGroups: Type.Number(),
    objectingGroups: Type.Number(),
    own: orNull(Verdict),
    reasons: Type.Array(Verdict),
  },
  { title: 'ReleaseView' },
);

/** Of answers only how many groups gave them: curators must not follow each other. */
export const CandidateView = Type.Object(
  {
    kind: Type.Enum(['groove', 'concealment']),
    model: Type.String(),
    modelSha256: Type.String(),
    gainPpm: Whole,
    gainLowerPpm: orNull(Whole),
    clips: Type.Number(),
    openedAtUs: Whole,
    deadlineUs: Whole,
    state: Type.Enum(['waiting', 'released', 'refused']),
    code: orNull(
      Type.Enum(['heard', 'deadline', 'curators-prefer-released', 'released-meanwhile', 'withdrawn']),
    ),
    reason: Type.String(),
    groups: Type.Number(),
    groupsMin: Type.Number(),
    endedAtUs: orNull(Whole),
  },
  { title: 'CandidateView' },
);

export const CURATION_CONTRACTS = {
  'GET /api/curation': {
    summary: 'The pair to judge next, and how one stands',
    letsIn: 'judges',
    answer: ListeningView,
    codes: [...LISTENING_CODES],
  },
  'GET /api/curation/pairs/:pair/sound/:side': {
    summary: 'One side of a pair',
    letsIn: 'judges',
    media: 'audio/wav',
    codes: [...LISTENING_CODES],
  },
  'POST /api/curation/pairs/:pair/answer': {
    summary: 'Answers a pair, once',
    letsIn: 'judges',
    answer: ListeningView,
    codes: [...LISTENING_CODES],
  },
  'GET /api/curation/candidates': {
    summary: 'Models that have their figures and wait to be heard, and what became of earlier ones and why',
    letsIn: 'judgesAndReaders',
    answer: Type.Object({ candidates: Type.Array(CandidateView, { maxItems: 100 }) }),
  },
  'GET /api/curation/releases': {
    summary: 'Released models with their measured gain and what curators say',
    letsIn: 'judgesAndReaders',
    answer: Type.Object({ releases: Type.Array(ReleaseView, { maxItems: 100 }) }),
  },
  'POST /api/curation/releases/:version/verdicts': {
    summary: 'Approves a released model or objects, with a reason',
    letsIn: 'judges',
    answer: ReleaseView,
    codes: [
      'release-unknown',
      'release-not-judged',
      'release-decided',
      'release-malformed',
      'curator-missing',
    ],
  },
} as const satisfies Contracts;
