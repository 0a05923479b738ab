import { Failure } from '@jamnet/base';
import {
  type CatalogueEntry,
  entryKey,
  type HostNotice,
  type NodeClaim,
  type Sha256,
  type StudioMessage,
} from '@jamnet/mesh';
import type { WorkGate } from '../host/work-gate.ts';
import type { BandwidthBudget } from '../rules/bandwidth-budget.ts';
import { type Link, openLink } from './link.ts';
import type { LinkSocket } from './link-socket.ts';
import { modelUse } from './model-use.ts';
import { type CatalogueOptions, readCatalogue } from './read-catalogue.ts';
import type { SigningKey } from './signing-key.ts';
import type { TaskSlot } from './task-slot.ts';
import { type Tamper, WorkLoop } from './work-loop.ts';

/** What takes part in real-time sessions over a link. */
export interface RealTimeLane {
  receive(message: StudioMessage): void;
}

export interface SessionOptions extends CatalogueOptions {
  readonly openSocket: (url: string) => LinkSocket;
  readonly key: SigningKey;
  readonly sha256: Sha256;
  readonly claim: NodeClaim;
  /** Ends the session after what is running is sent. */
  readonly signal: AbortSignal;
  readonly slots: readonly TaskSlot[];
  readonly gate: WorkGate;
  readonly budget: BandwidthBudget;
  /** Monotonic, ms. */
  readonly nowMs: () => number;
  /** Told to people, never paid by. */
  readonly measured: { readonly operationsPerSecond: bigint; readonly device: string };
  /** Real-time sessions taken at once and who plays them; `null`: none. */
  readonly realTime: {
    /** 0: nothing is opened. */
    readonly sessions: number;
    /** Nothing is said to the studio before this resolves: within some 15 s. `null`: it cannot play what the entry asks for. */
    open(link: Link, entry: CatalogueEntry): Promise<RealTimeLane | null>;
  } | null;
  readonly tamper?: Tamper | undefined;
  /** What the machine's owner may read of it at the studio; left out: nothing. */
  readonly notice?: (() => HostNotice) | undefined;
}

/** Refusals that another try cannot mend. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'node-banned',
  'claim-malformed',
  'signature-invalid',
  'owner-not-paired',
  'studio-other',
  'catalogue-forged',
]);
const REAL_TIME_KIND = 'groove.forecast';

/** One connection from welcome to close: results sent, and why it ended. Rejects with a Failure when no other try would help. */
export async function runSession(options: SessionOptions): Promise<{ sent: number; reason: string }> {
  const { url, signal, onEvent, gate, budget, nowMs, slots } = options;
  let link: Link;
  try {
    link = await openLink({ ...options, onBytes: (bytes) => budget.charge(bytes, nowMs()) });
  } catch (error) {
    if (!(error instanceof Failure) || FINAL_CODES.has(error.code)) throw error;
    return { sent: 0, reason: error.message };
  }
  onEvent({ type: 'connected', url });
  const entries = readCatalogue(options, link);
  const batch = entries.filter((entry) => entry.lane === 'batch');
  const limits = new Map(
    batch.map((entry) => [
      entryKey(entry.kind, entry.version),
      { deadlineMs: entry.deadlineMs, resultBytesMax: entry.limits.resultBytesMax, model: modelUse(entry) },
    ]),
  );
  const { key, sha256, tamper } = options;
  const limitsOf = (kind: string, version: number) => limits.get(entryKey(kind, version)) ?? null;
  const leaseDelayMs = () => budget.waitMs(nowMs());
  const loop = new WorkLoop({ link, key, sha256, slots, limitsOf, gate, leaseDelayMs, onEvent, tamper });
  const played = entries.find((entry) => entry.kind === REAL_TIME_KIND);
  const { realTime } = options;
  const lane = played && realTime && realTime.sessions > 0 ? await realTime.open(link, played) : null;
  link.listen((message) => {
    if (message.type === 'work-waiting') loop.wake();
    else if (message.type === 'verdict') onEvent(message);
    else if (message.type === 'refused')
      onEvent({ type: 'refused', code: message.code, message: message.message });
    else lane?.receive(message);
  });
  const notice = newsOf(options.notice);
  link.send({
    type: 'ready',
    slots: slots.length,
    kinds: batch.map(({ kind, version }) => ({ kind, version })),
    operationsPerSecond: String(options.measured.operationsPerSecond),
    device: options.measured.device,
    grooveSessions: lane ? (realTime?.sessions ?? 0) : 0,
    ...notice(),
  });
  const beat = () => link.send({ type: 'heartbeat', running: loop.running, ...notice() });
  const heartbeat = setInterval(beat, link.welcome.heartbeatMs);
  const drain = () => loop.drain();
  signal.addEventListener('abort', drain, { once: true });
  if (signal.aborted) drain();
  await loop.run();
  if (signal.aborted) {
    link.send({ type: 'goodbye' });
    link.close();
  }
  const reason = await link.closed;
  clearInterval(heartbeat);
  signal.removeEventListener('abort', drain);
  return { sent: loop.sent, reason };
}

/** The notice when it is another than the last one, else nothing: most beats stay as short as they can be. */
function newsOf(notice: (() => HostNotice) | undefined): () => { notice?: HostNotice } {
  let told = '';
  return () => {
    const now = notice?.();
    const text = JSON.stringify(now) ?? '';
    if (now === undefined || text === told) return {};
    told = text;
    return { notice: now };
  };
}
