import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, fromHex } from '@jamnet/base';
import { type CatalogueEntry, entryFromWire, entryKey, GROOVE_SESSIONS_MAX, openEntry } from '@jamnet/mesh';
import { kernelSha256 } from '../kernels/source-hash.ts';
import { Slot } from '../slot/slot.ts';
import { type Benchmark, benchmark } from './benchmark.ts';
import type { OnEvent } from './events.ts';
import { type ForecasterChoice, GrooveHost } from './groove-host.ts';
import { type Link, openLink } from './link.ts';
import { openNodeKey, payeeOf } from './node-key.ts';
import { type Tamper, WorkLoop } from './work-loop.ts';

export interface NodeOptions {
  /** `ws://host:port/mesh`, or `wss:`. */
  readonly url: string;
  /** The node's own key: a seed of 64 hex characters, or a file to keep one in. */
  readonly seedHex?: string | undefined;
  readonly keyFile?: string | undefined;
  /** 1 … 64 characters. */
  readonly name: string;
  readonly ownerGroup: string;
  /** Default: the pseudonym of the node's own key. */
  readonly payee?: string | undefined;
  /** Ends the node after what is running is sent. */
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  /** Child processes that compute at once; default 1. */
  readonly slots?: number | undefined;
  /** Heap of each, MiB. */
  readonly slotMemoryMb?: number | undefined;
  /** Hex; refuses a studio with another key. Without it the first one met is believed. */
  readonly studioKey?: string | undefined;
  readonly forecaster?: ForecasterChoice | undefined;
  /** Real-time sessions taken at once, 0 … {@link GROOVE_SESSIONS_MAX}. */
  readonly grooveSessions?: number | undefined;
  /** Kinds to take; default: all this build has. */
  readonly kinds?: readonly string[] | undefined;
  readonly tamper?: Tamper | undefined;
}

/** Refusals that another try cannot mend. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'node-banned',
  'claim-malformed',
  'signature-invalid',
  'studio-other',
  'catalogue-forged',
]);
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 30_000;

/** Runs a host until the signal: benchmarks, connects, works, reconnects. Rejects with a Failure when it cannot go on. */
export async function runNode(options: NodeOptions): Promise<{ sent: number }> {
  const slots = Array.from(
    { length: options.slots ?? 1 },
    () => new Slot({ memoryMb: options.slotMemoryMb }),
  );
  try {
    return await runWithSlots(options, slots);
  } finally {
    for (const slot of slots) slot.close();
  }
}

async function runWithSlots(options: NodeOptions, slots: readonly Slot[]): Promise<{ sent: number }> {
  const { onEvent, signal } = options;
  const [first] = slots;
  if (!first) throw new Failure('slots-missing', 'A node needs at least one slot.');
  const measured = await benchmark(first);
  onEvent({
    type: 'benchmarked',
    operationsPerSecond: String(measured.operationsPerSecond),
    device: measured.device,
    network: first.sandbox.network,
  });
  let sent = 0;
  for (let retryMs = RETRY_MS_MIN; !signal.aborted; retryMs = Math.min(RETRY_MS_MAX, 2 * retryMs)) {
    const reason = await session(options, slots, measured, (count) => {
      sent += count;
      retryMs = RETRY_MS_MIN;
    });
    if (signal.aborted) break;
    onEvent({ type: 'disconnected', reason, retryMs });
    await sleep(retryMs, undefined, { signal }).catch(() => {}); // Aborted: the loop's condition sees it.
  }
  onEvent({ type: 'drained', sent, residentBytesPerSlot: slots.map((slot) => slot.residentBytes) });
  return { sent };
}

/** One connection from welcome to close. Returns why it ended. */
async function session(
  options: NodeOptions,
  slots: readonly Slot[],
  measured: Benchmark,
  done: (sent: number) => void,
): Promise<string> {
  const { url, signal, onEvent } = options;
  const key = openNodeKey(options);
  const { name, ownerGroup } = options;
  const claim = { publicKey: key.publicKey, name, ownerGroup, payee: options.payee ?? payeeOf(key) };
  let link: Link;
  try {
    link = await openLink({ url, key, claim, signal });
  } catch (error) {
    if (!(error instanceof Failure) || FINAL_CODES.has(error.code)) throw error;
    return error.message;
  }
  onEvent({ type: 'connected', url });
  const entries = readCatalogue(options, link);
  const grooveSessions = entries.some((entry) => entry.kind === 'groove.forecast')
    ? (options.grooveSessions ?? GROOVE_SESSIONS_MAX)
    : 0;
  const batch = entries.filter((entry) => entry.lane === 'batch');
  const kinds = batch.map(({ kind, version }) => ({ kind, version }));
  const deadlineMs = new Map(batch.map((entry) => [entryKey(entry.kind, entry.version), entry.deadlineMs]));
  const deadlineMsOf = (kind: string, version: number) => deadlineMs.get(entryKey(kind, version)) ?? 1;
  const loop = new WorkLoop({ link, key, slots, deadlineMsOf, onEvent, tamper: options.tamper });
  const groove = new GrooveHost({
    node: link.welcome.node,
    seedHex: key.seedHex,
    forecaster: options.forecaster ?? 'groove-1',
    send: (message) => link.send(message),
    onEvent,
  });
  link.listen((message) => {
    if (message.type === 'work-waiting') loop.wake();
    else if (message.type === 'verdict')
      onEvent({ type: 'verdict', task: message.task, code: message.code, sentence: message.sentence });
    else if (message.type === 'refused')
      onEvent({ type: 'refused', code: message.code, message: message.message });
    else groove.receive(message);
  });
  const { operationsPerSecond, device } = measured;
  link.send({
    type: 'ready',
    slots: slots.length,
    kinds,
    operationsPerSecond: String(operationsPerSecond),
    device,
    grooveSessions,
  });
  const heartbeat = setInterval(
    () => link.send({ type: 'heartbeat', running: loop.running }),
    link.welcome.heartbeatMs,
  );
  const drain = () => loop.drain();
  signal.addEventListener('abort', drain, { once: true });
  if (signal.aborted) drain();
  await loop.run();
  done(loop.sent);
  if (signal.aborted) {
    link.send({ type: 'goodbye' });
    link.close();
  }
  const reason = await link.closed;
  clearInterval(heartbeat);
  signal.removeEventListener('abort', drain);
  return reason;
}

/** The entries that the studio signed and whose kernels are the same here; the rest is skipped and named. */
function readCatalogue(options: NodeOptions, link: Link): CatalogueEntry[] {
  const { studioKey, catalogue, node } = link.welcome;
  if (options.studioKey && options.studioKey !== studioKey) {
    link.close();
    throw new Failure(
      'studio-other',
      `The studio at ${options.url} has key ${studioKey}, not the one expected.`,
    );
  }
  const publicKey = fromHex(studioKey) ?? new Uint8Array();
  const usable: CatalogueEntry[] = [];
  const skipped: string[] = [];
  for (const wire of catalogue) {
    const entry = openEntry(entryFromWire(wire), publicKey);
    if (!entry.ok) {
      link.close();
      throw new Failure(entry.code, entry.message);
    }
    const { kind, kernelSha256: expected } = entry.value;
    const wanted = !options.kinds || options.kinds.includes(kind);
    if (wanted && kernelSha256(kind) === expected) usable.push(entry.value);
    else skipped.push(kind);
  }
  options.onEvent({ type: 'registered', node, kinds: usable.map((entry) => entry.kind), skipped });
  return usable;
}
