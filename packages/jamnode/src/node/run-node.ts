import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { GROOVE_SESSIONS_MAX, type HostNotice, STUDIO_MESSAGE_BYTES_MAX } from '@jamnet/mesh';
import { WebSocket } from 'ws';
import type { OnEvent } from '../client/events.ts';
import type { StudioKeys } from '../client/read-catalogue.ts';
import { reconnect } from '../client/reconnect.ts';
import { runSession } from '../client/session.ts';
import type { Tamper } from '../client/work-loop.ts';
import { WorkGate } from '../host/work-gate.ts';
import { kernelSha256 } from '../kernels/source-hash.ts';
import { fetchModel } from '../models/fetch-model.ts';
import { grooveModel } from '../models/groove-model.ts';
import { ModelCache } from '../models/model-cache.ts';
import { BandwidthBudget } from '../rules/bandwidth-budget.ts';
import { HostSlot } from '../slot/host-slot.ts';
import { benchmark } from './benchmark.ts';
import { type ForecasterChoice, GrooveHost } from './groove-host.ts';
import { openNodeKey, payeeOf } from './node-key.ts';
import { platformSha256 } from './platform-crypto.ts';
import { releasedModel } from './released-model.ts';

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
  /** Scheduling priority of slots, 0 … 19; default 0. */
  readonly niceness?: number | undefined;
  /** Closed: takes nothing. Default: always open. */
  readonly gate?: WorkGate | undefined;
  /** Charged with every message; leases wait for its debts. Default: no cap. */
  readonly budget?: BandwidthBudget | undefined;
  /** Keys of the studios met before; left out: none is remembered. */
  readonly studioKeys?: StudioKeys | undefined;
  readonly forecaster?: ForecasterChoice | undefined;
  /** Real-time sessions taken at once, 0 … {@link GROOVE_SESSIONS_MAX}. */
  readonly grooveSessions?: number | undefined;
  /** Kinds to take; default: all this build has. */
  readonly kinds?: readonly string[] | undefined;
  readonly tamper?: Tamper | undefined;
  /** What the machine's owner may read of it at the studio; default: nothing. */
  readonly notice?: (() => HostNotice) | undefined;
  /** Where fetched models are kept; default: a directory that goes with the process. */
  readonly modelDirectory?: string | undefined;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Runs a host until the signal: benchmarks, connects, works, reconnects. Rejects with a Failure when it cannot go on. */
export async function runNode(options: NodeOptions): Promise<{ sent: number }> {
  const { slotMemoryMb: memoryMb, niceness } = options;
  const modelDirectory = options.modelDirectory ?? passingDirectory();
  const models = new ModelCache({
    directory: modelDirectory,
    fetchModel: (sha256) => fetchModel(options.url, sha256),
    nowMs: Date.now,
  });
  const slots = Array.from(
    { length: options.slots ?? 1 },
    () => new HostSlot({ memoryMb, niceness }, (sha256) => models.get(sha256)),
  );
  try {
    return await runWithSlots(options, slots, modelDirectory);
  } finally {
    for (const slot of slots) slot.close();
  }
}

async function runWithSlots(
  options: NodeOptions,
  slots: readonly HostSlot[],
  modelDirectory: string,
): Promise<{ sent: number }> {
  const { onEvent, signal, name, ownerGroup } = options;
  const [first] = slots;
  if (!first) throw new Failure('slots-missing', 'A node needs at least one slot.');
  const measured = await benchmark(first);
  onEvent({
    type: 'benchmarked',
    operationsPerSecond: String(measured.operationsPerSecond),
    device: measured.device,
    network: first.sandbox.network,
    files: first.sandbox.files,
    memory: first.sandbox.memory,
  });
  const key = openNodeKey(options);
  const gate = options.gate ?? new WorkGate();
  const session = () =>
    runSession({
      ...options,
      openSocket,
      key,
      sha256: platformSha256,
      claim: { publicKey: key.publicKey, name, ownerGroup, payee: options.payee ?? payeeOf(key) },
      slots,
      gate,
      budget: options.budget ?? new BandwidthBudget(),
      nowMs: () => performance.now(),
      measured,
      kernelSha256,
      realTime: {
        sessions: options.grooveSessions ?? GROOVE_SESSIONS_MAX,
        open: async (link, { modelSha256 }) => {
          const sha256 = (options.forecaster ?? 'groove-1') === 'groove-1' ? modelSha256 : null;
          const source = { meshUrl: options.url, directory: modelDirectory, nowMs: Date.now };
          const model = sha256 === null ? null : await grooveModel(source, sha256);
          if (model?.ok === false) {
            onEvent({ type: 'refused', code: model.code, message: model.message });
            return null;
          }
          return new GrooveHost({
            node: link.welcome.node,
            seedHex: key.seedHex,
            forecaster: options.forecaster ?? 'groove-1',
            gate,
            send: (message) => link.send(message),
            onEvent,
            model: model?.value ?? releasedModel(),
          });
        },
      },
    });
  const sent = await reconnect(session, signal, onEvent);
  onEvent({ type: 'drained', sent, residentBytesPerSlot: slots.map((slot) => slot.residentBytes) });
  return { sent };
}

/** Nobody else can write there. */
function passingDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-models-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function openSocket(url: string): WebSocket {
  return new WebSocket(url, { maxPayload: STUDIO_MESSAGE_BYTES_MAX, handshakeTimeout: HANDSHAKE_TIMEOUT_MS });
}
