import { fromBase64, fromHex, present, type Refusal } from '@jamnet/base';
import { FORECAST_BYTES } from '@jamnet/groove';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { membersOrToken } from './asker/gates.ts';
import { sendProblem } from './problem.ts';
import type { StudioServices } from './services.ts';

/** A score of 900 bars with every cell in it, as JSON. */
const ANNOUNCEMENT_BYTES_MAX = 1024 * 1024;
const Whole = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });
const Hex = (bytes: number) => Type.String({ pattern: `^[0-9a-f]{${2 * bytes}}$` });
const Moment = Whole(0, Number.MAX_SAFE_INTEGER);
const Place = Type.Object({ performance: Hex(20) });
const AnnounceBody = Type.Object(
  {
    room: Type.String({ minLength: 1, maxLength: 32 }),
    performerKey: Hex(32),
    piece: Type.Object(
      {
        tempoMap: Type.Array(
          Type.Object({ beat: Whole(0, 1e6), usPerBeat: Whole(1, 1e8) }, { additionalProperties: false }),
          { minItems: 1, maxItems: 7200 },
        ),
        firstBarOffsetUs: Whole(-1e9, 1e9),
      },
      { additionalProperties: false },
    ),
    bars: Whole(1, 7200),
    announced: Type.Union([
      Type.Array(Type.Array(Whole(0, 143), { maxItems: 144 }), { maxItems: 7200 }),
      Type.Null(),
    ]),
    /** Whose performance it is; the operator says it, a member's is his own. */
    performerGroup: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  },
  { additionalProperties: false },
);
const StartBody = Type.Object({ startsAtUs: Moment, signature: Hex(64) }, { additionalProperties: false });
const BarBody = Type.Object(
  {
    index: Whole(0, 2 ** 31),
    /** `[cell, offset in µs, velocity]`, by step, then instrument. */
    hits: Type.Array(Type.Tuple([Whole(0, 143), Whole(-2e6, 2e6), Whole(0, 127)]), { maxItems: 144 }),
    signature: Hex(64),
  },
  { additionalProperties: false },
);
const Host = {
  node: Type.String({ minLength: 1, maxLength: 64 }),
  bar: Whole(0, 2 ** 31),
  signature: Hex(64),
};
const CommitBody = Type.Object({ ...Host, commitment: Hex(32) }, { additionalProperties: false });
const RevealBody = Type.Object(
  {
    ...Host,
    forecast: Type.String({ maxLength: 4 * Math.ceil(FORECAST_BYTES / 3) }),
    salt: Hex(32),
  },
  { additionalProperties: false },
);

const STATUS: Readonly<Record<string, number>> = {
  'performance-unknown': 404,
  'node-unknown': 404,
  'not-playing': 409,
  'not-drawn': 409,
  'performance-waiting': 409,
  'bar-again': 409,
  'bar-gap': 409,
  'too-many-today': 429,
  'too-many-open': 429,
  'bar-forged': 403,
  'start-forged': 403,
  'signature-invalid': 403,
};

/**
 * Live rounds. A member announces a performance; from then on signatures decide: the performer's for start and bars, a node's for
 * what it commits to and opens. When something arrived is said by the studio's clock and by nothing in the request.
 */
export function addGrooveRoutes(server: FastifyInstance, services: StudioServices): void {
  const desk = () => services.groove;
  const at = '/api/groove/performances';
  server.get(at, async () => ({ performances: await desk().views() }));
  server.get<{ Params: Static<typeof Place> }>(
    `${at}/:performance`,
    { schema: { params: Place } },
    async (request, reply) => send(reply, await desk().view(request.params.performance)),
  );
  server.post<{ Body: Static<typeof AnnounceBody> }>(
    at,
    { schema: { body: AnnounceBody }, bodyLimit: ANNOUNCEMENT_BYTES_MAX, onRequest: membersOrToken },
    async (request, reply) => {
      const { performerGroup, ...announcement } = request.body;
      const group = request.asker.kind === 'member' ? request.asker.memberId : performerGroup;
      if (group === undefined) return sendProblem(reply, GROUP_MISSING);
      return send(reply, await desk().announce(group, announcement));
    },
  );
  server.post<{ Params: Static<typeof Place>; Body: Static<typeof StartBody> }>(
    `${at}/:performance/start`,
    { schema: { params: Place, body: StartBody } },
    async ({ params, body }, reply) =>
      send(reply, await desk().start(params.performance, body.startsAtUs, bytes(body.signature))),
  );
  server.post<{ Params: Static<typeof Place>; Body: Static<typeof BarBody> }>(
    `${at}/:performance/bars`,
    { schema: { params: Place, body: BarBody } },
    async ({ params, body }, reply) => {
      const hits = body.hits.map(([cell, offsetUs, velocity]) => ({ cell, offsetUs, velocity }));
      const bar = { index: body.index, hits };
      const taken = desk().bar(params.performance, { bar, signature: bytes(body.signature) });
      return taken.ok
        ? { bar: body.index, hash: Buffer.from(taken.value.hash).toString('hex') }
        : send(reply, taken);
    },
  );
  server.post<{ Params: Static<typeof Place>; Body: Static<typeof CommitBody> }>(
    `${at}/:performance/commitments`,
    { schema: { params: Place, body: CommitBody } },
    async ({ params, body }, reply) => {
      const [commitment, signature] = [bytes(body.commitment), bytes(body.signature)];
      return send(reply, desk().commit(params.performance, { ...body, commitment, signature }));
    },
  );
  server.post<{ Params: Static<typeof Place>; Body: Static<typeof RevealBody> }>(
    `${at}/:performance/reveals`,
    { schema: { params: Place, body: RevealBody } },
    async ({ params, body }, reply) => {
      // What is no Base64 fits no commitment, and the round says so.
      const forecast = fromBase64(body.forecast) ?? new Uint8Array(0);
      const [salt, signature] = [bytes(body.salt), bytes(body.signature)];
      return send(reply, desk().reveal(params.performance, { ...body, forecast, salt, signature }));
    },
  );
}

const GROUP_MISSING = {
  status: 400,
  code: 'performer-group-missing',
  detail: 'Name the performerGroup whose performance this is: nothing of it is paid to that group.',
};

/** The schema has let through nothing but hex. */
function bytes(hex: string): Uint8Array {
  return present(fromHex(hex), 'hex that the schema let through');
}

function send(reply: FastifyReply, answer: { readonly ok: true; readonly value: unknown } | Refusal) {
  if (answer.ok) return reply.send(answer.value ?? { ok: true });
  const { code, message } = answer;
  return sendProblem(reply, { status: STATUS[code] ?? 422, code, detail: message });
}
