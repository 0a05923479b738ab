import { allPages } from '../api/all-pages.ts';
import { fetchRoute, sendRoute } from '../api/fetch-route.ts';
import { amount, count, list, number, oneOf, orNull, record, text } from '../api/shape.ts';
import type { Told } from '../api/told.ts';

/** One machine that works for whoever is signed in; work units are decimal. Its last refusal is read from its decisions. */
export type Machine = Omit<Told<'GET /api/account/machines'>['nodes'][number], 'lastRefusal'>;
/** What a machine told of its rules, and by which of them it rests. */
export type Notice = NonNullable<Machine['notice']>;
export type Work = Told<'GET /api/account/machines/:node/work'>['work'][number];
export type Decision = Told<'GET /api/account/machines/:node/decisions'>['decisions'][number];

const limit = orNull(number);
const notice = record<Notice>({
  paused: list(text),
  rules: record<Notice['rules']>({
    schedule: list(text),
    idleMinutes: limit,
    gpuTemperatureCelsiusMax: limit,
    gpuPowerWattsMax: limit,
    bandwidthMbitPerSecondMax: limit,
    devicesOff: count,
  }),
});
const machine = record<Machine>({
  node: text,
  name: text,
  state: oneOf('connected', 'gone', 'banned'),
  device: orNull(text),
  slots: count,
  running: count,
  heldUnits: amount,
  releasedUnits: amount,
  forfeitedUnits: amount,
  idle: orNull(oneOf('nothing-waits', 'does-not-ask', 'not-for-it')),
  notice: orNull(notice),
});
const farm = record({ nodes: list(machine), computeMicroJam: amount, next: orNull(text) });
const work = record<Work>({
  task: text,
  kind: text,
  workUnits: amount,
  acceptedAtUs: amount,
  state: oneOf('held', 'released', 'forfeited'),
  evidence: text,
});
const decision = record<Decision>({ task: orNull(text), atUs: amount, code: text, sentence: text });

const asked = (node: string, after: string | null) => ({
  params: { node },
  query: { after: after ?? undefined },
});

export const nodes = {
  all: async () => {
    let computeMicroJam = '0';
    const every = await allPages(async (query) => {
      const page = await fetchRoute('GET /api/account/machines', farm, { query: { ...query } });
      if (!page.ok) return page;
      ({ computeMicroJam } = page.value);
      return { ...page, value: { rows: page.value.nodes, next: page.value.next } };
    });
    return every.ok ? { ...every, value: { nodes: every.value, computeMicroJam } } : every;
  },
  work: async (node: string, after: string | null) => {
    const shape = record({ work: list(work), next: orNull(text) });
    const page = await fetchRoute('GET /api/account/machines/:node/work', shape, asked(node, after));
    return page.ok ? { ...page, value: { rows: page.value.work, next: page.value.next } } : page;
  },
  decisions: async (node: string, after: string | null) => {
    const shape = record({ decisions: list(decision), next: orNull(text) });
    const page = await fetchRoute('GET /api/account/machines/:node/decisions', shape, asked(node, after));
    return page.ok ? { ...page, value: { rows: page.value.decisions, next: page.value.next } } : page;
  },
  newCode: (count: number, hours: number) =>
    sendRoute('POST /api/account/machines/codes', record({ code: text, expiresAtUs: amount }), {
      nodes: count,
      hours,
    }),
};
