import { fetchRoute, sendRoute } from '../../api/fetch-route.ts';
import {
  amount,
  count,
  flag,
  list,
  number,
  oneOf,
  orNull,
  record,
  type Shape,
  text,
} from '../../api/shape.ts';

export const NODE_STATES = ['active', 'gone', 'banned'] as const;
export type NodeState = (typeof NODE_STATES)[number];

export interface MeshNode {
  readonly node: string;
  readonly name: string;
  readonly ownerGroup: string;
  readonly state: NodeState;
  /** One of the studio's own hosts. */
  readonly trusted: boolean;
  readonly precision: 'fp32' | 'fp16';
  readonly revealed: number;
  readonly provenFakes: number;
  readonly heldUnits: string;
  readonly releasedUnits: string;
  readonly forfeitedUnits: string;
  readonly seenAtUs: string;
  readonly connection: { readonly device: string; readonly slots: number; readonly running: number } | null;
}

export interface Evidence {
  readonly atUs: string;
  readonly code: string;
  readonly sentence: string;
}

export interface MeshStatus {
  readonly nodes: Readonly<Record<'connected' | 'working' | 'known' | 'banned', number>>;
  readonly slots: Readonly<Record<'offered' | 'running', number>>;
  readonly queue: Readonly<Record<'queued' | 'running' | 'checking' | 'accepted' | 'failed', number>>;
  readonly outcomes: {
    readonly acceptedByKind: Readonly<Record<string, number>>;
    readonly refusedByCode: Readonly<Record<string, number>>;
    readonly checks: number;
    readonly provenFalse: number;
    readonly retracted: number;
    readonly late: number;
    readonly releasedUnits: string;
    readonly forfeitedUnits: string;
  };
  readonly acceptedPerSecond: number;
  readonly badHosts: readonly BadHost[];
}

export interface BadHost {
  readonly node: string;
  readonly name: string;
  readonly state: NodeState;
  readonly provenFakes: number;
  readonly forfeitedUnits: string;
  readonly sentences: readonly string[];
}

const counts: Shape<Readonly<Record<string, number>>> = (value, path) =>
  Object.fromEntries(
    Object.entries(Object(value)).map(([key, each]) => [key, count(each, `${path}.${key}`)]),
  );
const fields = {
  node: text,
  name: text,
  ownerGroup: text,
  state: oneOf(...NODE_STATES),
  trusted: flag,
  precision: oneOf('fp32', 'fp16'),
  revealed: count,
  provenFakes: count,
  heldUnits: amount,
  releasedUnits: amount,
  forfeitedUnits: amount,
  seenAtUs: amount,
  connection: orNull(record({ device: text, slots: count, running: count })),
} as const;
const node = record<MeshNode>(fields);
const evidence = list(record<Evidence>({ atUs: amount, code: text, sentence: text }));
const nodeWithEvidence = record<MeshNode & { evidence: readonly Evidence[] }>({ ...fields, evidence });
const status = record<MeshStatus>({
  nodes: record({ connected: count, working: count, known: count, banned: count }),
  slots: record({ offered: count, running: count }),
  queue: record({ queued: count, running: count, checking: count, accepted: count, failed: count }),
  outcomes: record({
    acceptedByKind: counts,
    refusedByCode: counts,
    checks: count,
    provenFalse: count,
    retracted: count,
    late: count,
    releasedUnits: amount,
    forfeitedUnits: amount,
  }),
  acceptedPerSecond: number,
  badHosts: list(
    record<BadHost>({
      node: text,
      name: text,
      state: oneOf(...NODE_STATES),
      provenFakes: count,
      forfeitedUnits: amount,
      sentences: list(text),
    }),
  ),
});

export const mesh = {
  status: () => fetchRoute('GET /api/mesh/status', status),
  page: async (state: NodeState | null, after: string | null) => {
    const answer = await fetchRoute(
      'GET /api/mesh/nodes',
      record({ nodes: list(node), next: orNull(text) }),
      { query: { state: state ?? undefined, after: after ?? undefined } },
    );
    return answer.ok ? { ...answer, value: { rows: answer.value.nodes, next: answer.value.next } } : answer;
  },
  one: (name: string) =>
    fetchRoute('GET /api/mesh/nodes/:node', nodeWithEvidence, { params: { node: name } }),
  ban: (name: string, reason: string) =>
    sendRoute('POST /api/mesh/nodes/:node/ban', nodeWithEvidence, { reason }, { params: { node: name } }),
  unban: (name: string, reason: string) =>
    sendRoute('POST /api/mesh/nodes/:node/unban', nodeWithEvidence, { reason }, { params: { node: name } }),
};
