import { BAN_REASON_LENGTH_MAX, HostNotice } from '@jamnet/mesh';
import { Type } from 'typebox';
import { EVIDENCE_SHOWN_MAX } from '../../mesh/operator/node-desk.ts';
import type { Contracts } from './contract.ts';
import { Next, PageQuery, pageOf, pageQuery } from './pages.ts';
import { orNull, Whole } from './shapes.ts';

const Idle = orNull(Type.Enum(['nothing-waits', 'does-not-ask', 'not-for-it']));
const FarmNode = Type.Object(
  {
    node: Type.String(),
    name: Type.String(),
    state: Type.Enum(['banned', 'connected', 'gone']),
    device: orNull(Type.String()),
    slots: Type.Number(),
    running: Type.Number(),
    heldUnits: Type.String(),
    releasedUnits: Type.String(),
    forfeitedUnits: Type.String(),
    idle: Idle,
    notice: orNull(HostNotice),
    lastRefusal: orNull(Type.String()),
  },
  { title: 'FarmNode' },
);
const farm = {
  nodes: Type.Array(FarmNode),
  computeMicroJam: Type.String(),
  centsPerJam: orNull(Type.String()),
  ownerGroup: Type.String(),
  payee: Type.String(),
};
const Farm = Type.Object(farm, { title: 'Farm' });
const FarmPage = Type.Object({ ...farm, next: Next }, { title: 'FarmPage' });
const PairCode = Type.Object({ code: Type.String(), expiresAtUs: Whole }, { title: 'PairCode' });
const Owner = Type.Object({ ownerGroup: Type.String(), payee: Type.String() }, { title: 'Owner' });
const BadHost = Type.Object(
  {
    node: Type.String(),
    name: Type.String(),
    ownerGroup: Type.String(),
    state: Type.Enum(['banned', 'gone', 'active']),
    provenFakes: Type.Number(),
    precision: Type.Enum(['fp32', 'fp16']),
    forfeitedUnits: Type.String(),
    sentences: Type.Array(Type.String()),
  },
  { title: 'BadHost' },
);
const MeshStatus = Type.Object(
  {
    nodes: Type.Object({
      connected: Type.Number(),
      working: Type.Number(),
      known: Type.Number(),
      banned: Type.Number(),
    }),
    slots: Type.Object({ offered: Type.Number(), running: Type.Number() }),
    queue: Type.Object({
      queued: Type.Number(),
      running: Type.Number(),
      checking: Type.Number(),
      accepted: Type.Number(),
      failed: Type.Number(),
    }),
    outcomes: Type.Object({
      acceptedByKind: Type.Record(Type.String(), Type.Number()),
      refusedByCode: Type.Record(Type.String(), Type.Number()),
      checks: Type.Number(),
      provenFalse: Type.Number(),
      retracted: Type.Number(),
      late: Type.Number(),
      releasedUnits: Type.String(),
      forfeitedUnits: Type.String(),
    }),
    acceptedPerSecond: Type.Number(),
    badHosts: Type.Array(BadHost, { maxItems: 20 }),
  },
  { title: 'MeshStatus' },
);
const operatedNode = {
  node: Type.String(),
  name: Type.String(),
  ownerGroup: Type.String(),
  state: Type.Enum(['banned', 'gone', 'active']),
  trusted: Type.Boolean(),
  precision: Type.Enum(['fp32', 'fp16']),
  revealed: Type.Number(),
  consecutiveValid: Type.Number(),
  provenFakes: Type.Number(),
  heldUnits: Whole,
  releasedUnits: Whole,
  forfeitedUnits: Whole,
  seenAtUs: Whole,
  connection: orNull(
    Type.Object({
      device: Type.String(),
      slots: Type.Number(),
      running: Type.Number(),
      idle: Idle,
    }),
  ),
};
const OperatedNode = Type.Object(operatedNode, { title: 'OperatedNode' });
const NodeWithEvidence = Type.Object(
  {
    ...operatedNode,
    evidence: Type.Array(Type.Object({ atUs: Whole, code: Type.String(), sentence: Type.String() }), {
      maxItems: EVIDENCE_SHOWN_MAX,
    }),
  },
  { title: 'NodeWithEvidence' },
);
const NodeWork = Type.Object(
  {
    task: Type.String(),
    kind: Type.String(),
    workUnits: Whole,
    acceptedAtUs: Whole,
    state: Type.Enum(['held', 'released', 'forfeited']),
    evidence: Type.String(),
  },
  { title: 'NodeWork' },
);
const NodeDecision = Type.Object(
  { task: orNull(Type.String()), atUs: Whole, code: Type.String(), sentence: Type.String() },
  { title: 'NodeDecision' },
);
export const NodeParams = Type.Object({ node: Type.String({ pattern: '^n[0-9a-f]{32}$' }) });
const BanBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: BAN_REASON_LENGTH_MAX }) },
  { additionalProperties: false },
);

export const MACHINES_CONTRACTS = {
  'GET /api/account/machines': {
    summary: "One's machines with what they do and earned",
    letsIn: 'members',
    query: PageQuery,
    answer: FarmPage,
    codes: ['cursor-malformed'],
  },
  'GET /api/account/machines/:node/work': {
    summary: 'What a machine of one’s own did, task by task, with how its pay stands now, the newest first',
    letsIn: 'members',
    params: NodeParams,
    query: PageQuery,
    answer: pageOf('work', NodeWork),
    codes: ['cursor-malformed', 'node-unknown'],
  },
  'GET /api/account/machines/:node/decisions': {
    summary: 'What was decided about a machine of one’s own, the newest first',
    letsIn: 'members',
    params: NodeParams,
    query: PageQuery,
    answer: pageOf('decisions', NodeDecision),
    codes: ['cursor-malformed', 'node-unknown'],
  },
  'POST /api/account/machines/codes': {
    summary: "A code that pairs machines of one's own",
    letsIn: 'members',
    answer: PairCode,
    codes: ['code-terms-out-of-range', 'codes-full'],
  },
  'POST /api/nodes/codes': {
    summary: 'A code that pairs machines with an owner',
    letsIn: 'operator',
    answer: PairCode,
    codes: ['code-terms-out-of-range', 'codes-full', 'payee-malformed'],
  },
  'POST /api/nodes/pair': {
    summary: 'A machine uses a code; its key signs',
    letsIn: 'open',
    answer: Owner,
    codes: [
      'claim-code-malformed',
      'code-unknown',
      'code-used-up',
      'signature-invalid',
      'node-belongs-elsewhere',
      'payee-differs',
      'payee-malformed',
    ],
  },
  'POST /api/nodes/farm': {
    summary: "A machine's owner asks about all of theirs; its key signs",
    letsIn: 'open',
    answer: Farm,
    codes: ['question-stale', 'signature-invalid', 'node-not-paired', 'owner-not-paired'],
  },
  'GET /api/mesh/nodes': {
    summary: 'Nodes of the mesh, by their ids',
    letsIn: 'readers',
    query: Type.Object({
      ...pageQuery,
      state: Type.Optional(Type.Enum(['banned', 'gone', 'active'])),
    }),
    answer: pageOf('nodes', OperatedNode),
  },
  'GET /api/mesh/nodes/:node': {
    summary: 'A node with what was decided about it, newest first',
    letsIn: 'readers',
    params: NodeParams,
    answer: NodeWithEvidence,
    codes: ['node-unknown'],
  },
  'POST /api/mesh/nodes/:node/ban': {
    summary: 'Shuts a node out; its owner reads the reason',
    letsIn: 'operator',
    params: NodeParams,
    body: BanBody,
    answer: NodeWithEvidence,
    codes: ['node-unknown', 'reason-malformed'],
  },
  'POST /api/mesh/nodes/:node/unban': {
    summary: 'Lets a banned node register again, without trust',
    letsIn: 'operator',
    params: NodeParams,
    body: BanBody,
    answer: NodeWithEvidence,
    codes: ['node-unknown', 'reason-malformed'],
  },
  'GET /api/mesh/status': {
    summary: 'The mesh: hosts, queue, outcomes, proven fakes',
    letsIn: 'readers',
    answer: MeshStatus,
  },
} as const satisfies Contracts;
