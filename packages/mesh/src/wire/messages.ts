import { type Static, Type } from 'typebox';
import { KEY_HAND_OVERS_MAX } from '../core/catalogue-key.ts';
import { REPLICAS_MAX } from '../core/create-tasks.ts';
import { RESULTS_PER_MESSAGE_MAX } from '../core/identity.ts';
import type { RevealMessage } from './reveal-frame.ts';

/** Name of the protocol in `hello`. Fields are added, never changed. */
export const MESH_PROTOCOL = 'jamnet/mesh/v1';

/** Most bytes of one message from a node: 50 results of 64 KiB, or one of the largest. */
export const NODE_MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
/** Most bytes of one message to a node: a batch of leases with their inputs. */
export const STUDIO_MESSAGE_BYTES_MAX = 32 * 1024 * 1024;
/** Slots that one node may announce: cards of a farm each have their own. */
export const SLOTS_MAX = 64;
/** Real-time sessions that one node may hold at once. */
export const GROOVE_SESSIONS_MAX = 8;

const Hex = (bytes: number) => Type.String({ pattern: `^[0-9a-f]{${2 * bytes}}$` });
const Decimal = Type.String({ pattern: '^[0-9]{1,18}$' });
const Name = Type.String({ minLength: 1, maxLength: 64 });
const TaskId = Type.String({ pattern: '^[0-9a-f]{64}(-[0-9])?$' });
const Session = Type.String({ minLength: 1, maxLength: 128 });
const Count = Type.Integer({ minimum: 0, maximum: 2 ** 31 });
const Code = Type.String({ maxLength: 64 });
const Sentence = Type.String({ maxLength: 1024 });
const Base64 = (bytesMax: number) => Type.String({ maxLength: Math.ceil(bytesMax / 3) * 4 });
/** Answers carry the number of the call they answer. */
const Call = Type.Integer({ minimum: 0, maximum: 2 ** 31 });
const Kind = Type.Object({ kind: Name, version: Count });

export const EntryWire = Type.Object({
  entry: Type.Object({
    kind: Name,
    version: Count,
    kernelSha256: Hex(32),
    modelSha256: Type.Union([Hex(32), Type.Null()]),
    limits: Type.Object({ inputBytesMax: Count, resultBytesMax: Count, operationsMax: Decimal }),
    chunkCount: Type.Integer({ minimum: 1, maximum: 64 }),
    tolerance: Type.Union([
      Type.Object({ rule: Type.Literal('exact') }),
      Type.Object({ rule: Type.Literal('snr'), decibelMin: Count }),
    ]),
    deadlineMs: Count,
    privacy: Type.Union([Type.Literal('public'), Type.Literal('excerpt'), Type.Literal('trusted')]),
    lane: Type.Union([Type.Literal('batch'), Type.Literal('real-time')]),
    meter: Name,
    replicas: Type.Optional(Type.Integer({ minimum: 2, maximum: REPLICAS_MAX })),
  }),
  signature: Hex(64),
});
export type EntryWire = Static<typeof EntryWire>;

const Claim = Type.Object({
  publicKey: Hex(32),
  name: Name,
  ownerGroup: Name,
  payee: Type.String({ pattern: '^p[0-9a-f]{32}$' }),
});

/** Longest line of a schedule is `mon-fri 18:00-08:00`. */
const ScheduleLine = Type.String({ maxLength: 24 });
const Limit = Type.Union([Type.Number({ minimum: 0, maximum: 100_000 }), Type.Null()]);
/**
 * What its owner lets a machine do, and by which of these rules it rests now. For that owner's eyes: nothing is decided by it.
 * At its largest some 1.5 kB.
 */
export const HostNotice = Type.Object({
  /** Codes of pauses; empty: it may work. */
  paused: Type.Array(Type.String({ pattern: '^[a-z-]{1,32}$' }), { maxItems: 10 }),
  rules: Type.Object({
    schedule: Type.Array(ScheduleLine, { maxItems: 32 }),
    idleMinutes: Limit,
    gpuTemperatureCelsiusMax: Limit,
    gpuPowerWattsMax: Limit,
    bandwidthMbitPerSecondMax: Limit,
    /** Devices that are switched off. */
    devicesOff: Type.Integer({ minimum: 0, maximum: 64 }),
  }),
});
export type HostNotice = Static<typeof HostNotice>;

const CommitItemWire = Type.Object({
  task: TaskId,
  lease: Count,
  resultHash: Hex(32),
  chunkHashes: Type.Array(Hex(32), { maxItems: 64 }),
});

/** Everything a node may say as text. */
export const NodeText = Type.Union([
  Type.Object({ type: Type.Literal('hello'), protocol: Type.Literal(MESH_PROTOCOL), claim: Claim }),
  Type.Object({ type: Type.Literal('prove'), signature: Hex(64) }),
  Type.Object({
    type: Type.Literal('ready'),
    slots: Type.Integer({ minimum: 1, maximum: SLOTS_MAX }),
    kinds: Type.Array(Kind, { maxItems: 64 }),
    /** Measured by the node itself; told to people, never paid by. */
    operationsPerSecond: Decimal,
    device: Type.String({ maxLength: 128 }),
    grooveSessions: Type.Integer({ minimum: 0, maximum: GROOVE_SESSIONS_MAX }),
    notice: Type.Optional(HostNotice),
  }),
  Type.Object({
    type: Type.Literal('lease'),
    call: Call,
    limit: Type.Integer({ minimum: 1, maximum: RESULTS_PER_MESSAGE_MAX }),
  }),
  Type.Object({
    type: Type.Literal('commit'),
    call: Call,
    items: Type.Array(CommitItemWire, { minItems: 1, maxItems: RESULTS_PER_MESSAGE_MAX }),
    signature: Hex(64),
  }),
  Type.Object({
    type: Type.Literal('give-back'),
    tasks: Type.Array(TaskId, { maxItems: RESULTS_PER_MESSAGE_MAX }),
  }),
  /** With a notice when that changed since the last one. */
  Type.Object({ type: Type.Literal('heartbeat'), running: Count, notice: Type.Optional(HostNotice) }),
  Type.Object({ type: Type.Literal('goodbye') }),
  Type.Object({ type: Type.Literal('groove-commit'), session: Session, bar: Count, commitment: Hex(32) }),
  Type.Object({
    type: Type.Literal('groove-reveal'),
    session: Session,
    bar: Count,
    forecast: Base64(8192),
    salt: Hex(32),
  }),
]);
/** Everything a node may say. */
export type NodeMessage = Static<typeof NodeText> | RevealMessage;

const ItemWire = Type.Object({
  task: TaskId,
  ok: Type.Boolean(),
  code: Type.Optional(Code),
  message: Type.Optional(Sentence),
});

const LeasedWire = Type.Object({
  task: TaskId,
  lease: Count,
  kind: Name,
  version: Count,
  inputHash: Hex(32),
  input: Base64(4 * 1024 * 1024),
  chunkCount: Type.Integer({ minimum: 1, maximum: 64 }),
  workUnits: Decimal,
  deadlineUs: Decimal,
});
export type LeasedWire = Static<typeof LeasedWire>;

const BarWire = Type.Object({
  index: Count,
  hits: Type.Array(
    Type.Object({
      cell: Type.Integer({ minimum: 0, maximum: 143 }),
      offsetUs: Type.Integer(),
      velocity: Type.Integer({ minimum: 1, maximum: 127 }),
    }),
    { maxItems: 144 },
  ),
});
export type BarWire = Static<typeof BarWire>;

const HandOverWire = Type.Object({ from: Hex(32), to: Hex(32), signature: Hex(64) });

/** Everything the studio may say. */
export const StudioMessage = Type.Union([
  Type.Object({ type: Type.Literal('challenge'), nonce: Hex(32) }),
  Type.Object({
    type: Type.Literal('welcome'),
    node: Name,
    studioKey: Hex(32),
    /** How the studio came to this key; left out where it has no other behind it. */
    keyHandOvers: Type.Optional(Type.Array(HandOverWire, { maxItems: KEY_HAND_OVERS_MAX })),
    catalogue: Type.Array(EntryWire, { maxItems: 256 }),
    heartbeatMs: Count,
  }),
  Type.Object({ type: Type.Literal('refused'), code: Code, message: Sentence, call: Type.Optional(Call) }),
  Type.Object({
    type: Type.Literal('leased'),
    call: Call,
    tasks: Type.Array(LeasedWire, { maxItems: RESULTS_PER_MESSAGE_MAX }),
  }),
  Type.Object({ type: Type.Literal('committed'), call: Call, items: Type.Array(ItemWire) }),
  Type.Object({ type: Type.Literal('revealed'), call: Call, items: Type.Array(ItemWire) }),
  /** What became of a result, or of held pay: in the words of the evidence. */
  Type.Object({
    type: Type.Literal('verdict'),
    task: Type.Union([TaskId, Type.Null()]),
    code: Code,
    sentence: Sentence,
    workUnits: Type.Optional(Decimal),
  }),
  Type.Object({ type: Type.Literal('work-waiting') }),
  Type.Object({ type: Type.Literal('groove-open'), session: Session, performance: Session }),
  /** A bar that is over: to learn from, and the sign to reveal what was committed for it. */
  Type.Object({ type: Type.Literal('groove-bar'), session: Session, bar: BarWire }),
  Type.Object({
    type: Type.Literal('groove-ask'),
    session: Session,
    bar: Count,
    announced: Type.Union([
      Type.Array(Type.Integer({ minimum: 0, maximum: 143 }), { maxItems: 144 }),
      Type.Null(),
    ]),
    deadlineUs: Decimal,
  }),
  Type.Object({ type: Type.Literal('groove-close'), session: Session }),
]);
export type StudioMessage = Static<typeof StudioMessage>;
