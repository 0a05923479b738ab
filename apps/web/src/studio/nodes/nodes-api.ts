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
import type { Told } from '../../api/told.ts';

/** As the contracts have them. */
export type MeshNode = Told<'GET /api/mesh/nodes'>['nodes'][number];
export type Evidence = Told<'GET /api/mesh/nodes/:node'>['evidence'][number];
export type MeshStatus = Told<'GET /api/mesh/status'>;
export type BadHost = MeshStatus['badHosts'][number];
export type NodeState = MeshNode['state'];
export const NODE_STATES = ['active', 'gone', 'banned'] as const satisfies readonly NodeState[];

const counts: Shape<Record<string, number>> = (value, path) =>
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
  consecutiveValid: count,
  provenFakes: count,
  heldUnits: amount,
  releasedUnits: amount,
  forfeitedUnits: amount,
  seenAtUs: amount,
  connection: orNull(
    record({
      device: text,
      slots: count,
      running: count,
      idle: orNull(oneOf('nothing-waits', 'does-not-ask', 'not-for-it')),
    }),
  ),
} as const;
const node = record<MeshNode>(fields);
const evidence = list(record<Evidence>({ atUs: amount, code: text, sentence: text }));
const nodeWithEvidence = record<MeshNode & { readonly evidence: readonly Evidence[] }>({
  ...fields,
  evidence,
});
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
      ownerGroup: text,
      state: oneOf(...NODE_STATES),
      provenFakes: count,
      precision: oneOf('fp32', 'fp16'),
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
