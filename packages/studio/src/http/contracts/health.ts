import { Type } from 'typebox';
import type { Contracts } from './contract.ts';
import { Done, orNull, Whole } from './shapes.ts';

const CheckView = Type.Object(
  {
    name: Type.Enum(['store', 'log', 'relays', 'mesh', 'gateway', 'disk']),
    state: Type.Enum(['ok', 'degraded', 'failed']),
    code: orNull(
      Type.Enum([
        'store-silent',
        'log-unreadable',
        'log-unwritable',
        'relays-gone',
        'relays-some-gone',
        'mesh-closed',
        'mesh-silent',
        'gateway-gone',
        'disk-full',
        'disk-unreadable',
        'check-too-slow',
      ]),
    ),
    sentence: orNull(Type.String()),
    tookMs: Type.Number({ minimum: 0 }),
  },
  { title: 'HealthCheckView' },
);
const readiness = {
  state: Type.Enum(['ready', 'degraded', 'not-ready']),
  checks: Type.Array(CheckView),
};
const StudioFigures = Type.Object(
  {
    schemas: Type.Array(Type.Object({ store: Type.String(), step: Type.String() })),
    meshQueue: Type.Object({
      queued: Type.Number(),
      running: Type.Number(),
      checking: Type.Number(),
      accepted: Type.Number(),
      failed: Type.Number(),
    }),
    grooveRounds: Type.Object({ playing: Type.Number(), unsettled: Type.Number() }),
    unfiledCode: orNull(Type.Object({ epoch: Type.String(), repositories: Type.Number() })),
    lastEpoch: orNull(Type.Object({ epoch: Type.String(), closedAtUs: Whole })),
    checkpoint: orNull(
      Type.Object({
        size: Whole,
        writtenAtUs: Whole,
        witnesses: Type.Array(Type.Object({ name: Type.String(), cosignedAtUs: orNull(Whole) })),
      }),
    ),
  },
  { title: 'StudioFigures' },
);

export const HEALTH_CONTRACTS = {
  'GET /api/health': { summary: 'The studio lives', letsIn: 'open', answer: Done },
  'GET /api/ready': {
    summary: 'Whether all that is needed works; 503 with the same checks when it does not',
    letsIn: 'open',
    answer: Type.Object(readiness, { title: 'Readiness' }),
    codes: ['not-ready'],
  },
  'GET /api/status': {
    summary: 'Health, versions and queues in figures that name nobody; 200 also when the studio is not ready',
    letsIn: 'open',
    answer: Type.Object(
      {
        ...readiness,
        atUs: Whole,
        jamnet: Type.String(),
        node: Type.String(),
        engine: Type.Enum(['sqlite', 'postgres']),
        upSeconds: Type.Number(),
        relays: Type.Array(Type.Object({ id: Type.String(), rooms: Type.Number(), players: Type.Number() })),
        figures: orNull(StudioFigures),
      },
      { title: 'StudioStatus' },
    ),
  },
} as const satisfies Contracts;
