import type { Answer } from '../api/endpoints.ts';
import { fetchRoute } from '../api/fetch-route.ts';
import { amount, count, list, number, oneOf, orNull, record, text } from '../api/shape.ts';

export interface Check {
  readonly name: 'store' | 'log' | 'relays' | 'mesh' | 'gateway' | 'disk';
  readonly state: 'ok' | 'degraded' | 'failed';
  readonly code: string | null;
  readonly sentence: string | null;
  readonly tookMs: number;
}

export interface Figures {
  readonly schemas: readonly { readonly store: string; readonly step: string }[];
  readonly meshQueue: {
    readonly queued: number;
    readonly running: number;
    readonly checking: number;
    readonly accepted: number;
    readonly failed: number;
  };
  readonly grooveRounds: { readonly playing: number; readonly unsettled: number };
  readonly unfiledCode: { readonly epoch: string; readonly repositories: number } | null;
  readonly lastEpoch: { readonly epoch: string; readonly closedAtUs: string } | null;
  readonly checkpoint: {
    readonly size: string;
    readonly writtenAtUs: string;
    readonly witnesses: readonly { readonly name: string; readonly cosignedAtUs: string | null }[];
  } | null;
}

export interface Status {
  readonly state: 'ready' | 'degraded' | 'not-ready';
  readonly checks: readonly Check[];
  readonly atUs: string;
  readonly jamnet: string;
  readonly node: string;
  readonly engine: 'sqlite' | 'postgres';
  readonly upSeconds: number;
  readonly relays: readonly { readonly id: string; readonly rooms: number; readonly players: number }[];
  readonly figures: Figures | null;
}

const status = record<Status>({
  state: oneOf('ready', 'degraded', 'not-ready'),
  checks: list(
    record<Check>({
      name: oneOf('store', 'log', 'relays', 'mesh', 'gateway', 'disk'),
      state: oneOf('ok', 'degraded', 'failed'),
      code: orNull(text),
      sentence: orNull(text),
      tookMs: number,
    }),
  ),
  atUs: amount,
  jamnet: text,
  node: text,
  engine: oneOf('sqlite', 'postgres'),
  upSeconds: count,
  relays: list(record({ id: text, rooms: count, players: count })),
  figures: orNull(
    record<Figures>({
      schemas: list(record({ store: text, step: text })),
      meshQueue: record({ queued: count, running: count, checking: count, accepted: count, failed: count }),
      grooveRounds: record({ playing: count, unsettled: count }),
      unfiledCode: orNull(record({ epoch: text, repositories: count })),
      lastEpoch: orNull(record({ epoch: text, closedAtUs: amount })),
      checkpoint: orNull(
        record({
          size: amount,
          writtenAtUs: amount,
          witnesses: list(record({ name: text, cosignedAtUs: orNull(amount) })),
        }),
      ),
    }),
  ),
});

export const askStatus = (): Answer<Status> => fetchRoute('GET /api/status', status);
