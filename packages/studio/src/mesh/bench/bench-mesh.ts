import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  benchWave,
  encodeWaveInput,
  nodeKeyFromSeed,
  platformSha256,
  platformVerifySignature,
  standardCatalogue,
} from '@jamnet/jamnode';
import { Catalogue, Coordinator, DISPATCH_POLICY, type NewTask, signEntry, TRUST_POLICY } from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { openDatabase } from '@jamnet/sql';
import { attachMesh, type MeshSocket } from '../mesh-socket.ts';
import type { GeneratorOptions } from './bench-generator-main.ts';
import { boundSentence, readThreadTime, type ThreadTime, timePerTask } from './thread-time.ts';

export interface BenchMeshOptions {
  /** Empty directory for the embedded store; with `databaseUrl` PostgreSQL is used. */
  readonly directory: string;
  readonly databaseUrl?: string;
  readonly hosts: number;
  /** Of the hosts, those that compute. */
  readonly workers: number;
  readonly tasks: number;
  /** A multiple of 4 bytes; 65,536 in issue 7. */
  readonly resultBytes: number;
  /** How long only heartbeats are measured. */
  readonly heartbeatSeconds: number;
  readonly heartbeatMs?: number;
  readonly trustedSlots?: number;
  /**
   * Valid results that each computing host has behind it when the measurement begins, in results of
   * {@link RECORD_RESULT_BYTES}; at least and by default {@link RECORD_LEAST}. Checks fall from a quarter of the results to a
   * twentieth between 2,000 and 10,000.
   */
  readonly record?: number;
}

export interface BenchMeshResult {
  readonly hosts: number;
  /** Of this process, with all hosts connected and after all tasks. */
  readonly rssMb: number;
  /** The most of it at any moment, as the system counted. */
  readonly rssPeakMb: number;
  /** Of one core, while hosts only beat. */
  readonly heartbeatCpuPercent: number;
  readonly verifiedTasksPerSecond: number;
  /** Of this process, all threads: what one core that did nothing else would reach. */
  readonly verifiedTasksPerCpuSecond: number;
  /** The same by thread, in microseconds of processor time a verified task; `null` where the system does not tell. */
  readonly cpuUsPerTask: ThreadTime | null;
  /** The dearest thread, and what it would allow alone. */
  readonly boundBy: string | null;
  /** From a host's asking for work to its having some, over the socket, worst of a hundred. */
  readonly dispatchMsP99: number;
  /** Tasks not accepted at the end. */
  readonly lost: number;
  /** Acceptances beyond the first of a task. */
  readonly doubled: number;
  /** Chunks that trusted hosts re-ran. */
  readonly recheckedChunks: number;
}

const WORK_TIMEOUT_MS = 600_000;
/** 20 first tasks, 50 of stake, and what is under way while those are re-run. */
export const RECORD_LEAST = 120;
/** Results of the record are short: what is earned is the same, and it takes a third of the time. */
const RECORD_RESULT_BYTES = 256;
/** Seeds of measured tasks begin here, behind those of any record. */
const MEASURED_FROM = 1_000_000_000;
/** Tasks that wait or are under way for each worker: two batches, so that none goes hungry and none waits long. */
const BACKLOG_BATCHES = 2;
const CREATE_BATCH = 200;
/** Leases per message: fits a message of 64 KiB results into the limit of a node's messages. */
const BATCH = 40;

/** Hosts in a second process against one coordinator in this one: real sockets, signatures, hashes, store and re-runs. */
export async function benchMesh(options: BenchMeshOptions): Promise<BenchMeshResult> {
  const { databaseUrl } = options;
  const database = openDatabase({ directory: options.directory, databaseUrl });
  const entries = standardCatalogue();
  const secret = platformSha256(Buffer.from('bench studio'));
  const store = await openMeshStore(database, { blobDirectory: join(options.directory, 'blobs') });
  const coordinator = new Coordinator(
    {
      catalogue: new Catalogue(entries),
      trust: TRUST_POLICY,
      dispatch: DISPATCH_POLICY,
      secret: platformSha256(Buffer.from('bench checks')),
      sha256: platformSha256,
      verifySignature: platformVerifySignature,
      trustedKeys: new Set(),
    },
    store,
  );
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const progress = new Progress();
  const counts = { doubled: 0, recheckedChunks: 0 };
  const mesh = attachMesh(server, {
    coordinator,
    catalogue: entries.map((entry) => signEntry(entry, secret)),
    studioKey: nodeKeyFromSeed(Buffer.from(secret).toString('hex')).publicKey,
    nowUs: () => BigInt(Date.now()) * 1000n,
    trustedSlots: options.trustedSlots ?? 1,
    heartbeatMs: options.heartbeatMs ?? 10_000,
    onEffect: (effect) => {
      if (effect.type === 'check') counts.recheckedChunks += effect.check.chunks.length;
      if (effect.type !== 'accepted') return;
      if (!progress.accept(effect.task.id)) counts.doubled++;
    },
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mesh`;
  let generator: ChildProcess | null = null;
  try {
    generator = await startGenerator(options, url);
    const heartbeatCpuPercent = await measureHeartbeats(options.heartbeatSeconds);
    // Until hosts have earned trust and a stake, everything is re-run whole; the bench is about the time after.
    const record = Math.max(RECORD_LEAST, options.record ?? 0) * options.workers;
    await work(mesh, progress, { ...options, tasks: record, resultBytes: RECORD_RESULT_BYTES }, 0);
    await dispatchesMs(generator);
    counts.recheckedChunks = 0;
    const worked = await measureWork(mesh, progress, options);
    const dispatchMsP99 = worstOfHundred(await dispatchesMs(generator));
    const rssMb = Math.round(process.memoryUsage.rss() / 1e6);
    const rssPeakMb = Math.round((1024 * process.resourceUsage().maxRSS) / 1e6);
    return {
      hosts: mesh.connected().length,
      rssMb,
      rssPeakMb,
      heartbeatCpuPercent,
      ...worked,
      dispatchMsP99,
      ...counts,
    };
  } finally {
    generator?.kill('SIGKILL');
    await mesh.close();
    server.close();
    await store.close();
    await database.close();
  }
}

function startGenerator(options: BenchMeshOptions, url: string): Promise<ChildProcess> {
  const { hosts, workers, heartbeatMs = 10_000 } = options;
  const argument: GeneratorOptions = { url, hosts, workers, heartbeatMs, batch: BATCH };
  const main = join(import.meta.dirname, 'bench-generator-main.ts');
  const child = spawn(process.execPath, [main, JSON.stringify(argument)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => resolve(child)); // Its first line says that all hosts are connected.
    child.once('exit', (code) => reject(new Error(`the hosts' process ended with ${code}`)));
  });
}

async function measureHeartbeats(seconds: number): Promise<number> {
  const before = process.cpuUsage();
  const start = performance.now();
  await sleep(1000 * seconds);
  const used = process.cpuUsage(before);
  const elapsedMs = performance.now() - start;
  return Math.round((1000 * (used.user + used.system)) / 1000 / elapsedMs) / 10;
}

/** What the hosts measured since they were last asked. */
function dispatchesMs(generator: ChildProcess): Promise<number[]> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (piece: Buffer): void => {
      text += piece;
      if (!text.endsWith('\n')) return;
      generator.stdout?.off('data', read);
      resolve((JSON.parse(text) as { ms: number[] }).ms); // Our own child wrote it.
    };
    generator.stdout?.on('data', read);
    generator.once('exit', (code) => reject(new Error(`the hosts' process ended with ${code}`)));
    generator.stdin?.write('\n');
  });
}

function worstOfHundred(ms: readonly number[]): number {
  const sorted = [...ms].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0);
}

/** Acceptances as they come. */
class Progress {
  readonly #accepted = new Set<string>();
  #wanted = Number.POSITIVE_INFINITY;
  #reached: () => void = () => {};

  /** False when the task was accepted before. */
  accept(task: string): boolean {
    const isFirst = !this.#accepted.has(task);
    this.#accepted.add(task);
    if (this.#accepted.size >= this.#wanted) this.#reached();
    return isFirst;
  }

  get count(): number {
    return this.#accepted.size;
  }

  countOf(tasks: readonly string[]): number {
    return tasks.filter((task) => this.#accepted.has(task)).length;
  }

  /** Resolves once so many are accepted in all; rejects when the signal aborts. One caller at a time. */
  untilAccepted(count: number, signal: AbortSignal): Promise<void> {
    if (this.#accepted.size >= count) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(signal.reason);
      this.#wanted = count;
      this.#reached = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
    });
  }
}

async function measureWork(mesh: MeshSocket, progress: Progress, options: BenchMeshOptions) {
  const start = performance.now();
  const cpuBefore = process.cpuUsage();
  const threadsBefore = readThreadTime();
  const created = await work(mesh, progress, options, MEASURED_FROM);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const accepted = progress.countOf(created);
  const cpuUsPerTask = timePerTask(threadsBefore, readThreadTime(), accepted);
  return {
    cpuUsPerTask,
    boundBy: boundSentence(cpuUsPerTask),
    verifiedTasksPerSecond: Math.round(accepted / seconds),
    verifiedTasksPerCpuSecond: Math.round((1e6 * accepted) / (user + system)),
    lost: created.length - accepted,
  };
}

/**
 * Creates tasks as fast as they are done, so that a bounded number waits, and waits until all are; what is missing at the
 * time limit is counted as lost.
 */
async function work(
  mesh: MeshSocket,
  progress: Progress,
  options: BenchMeshOptions,
  seedFrom: number,
): Promise<string[]> {
  const created: string[] = [];
  const backlog = Math.max(CREATE_BATCH, BACKLOG_BATCHES * BATCH * options.workers);
  const before = progress.count;
  const timeout = AbortSignal.timeout(WORK_TIMEOUT_MS);
  try {
    for (let from = 0; from < options.tasks; from += CREATE_BATCH) {
      const tasks = Array.from({ length: Math.min(CREATE_BATCH, options.tasks - from) }, (_, n) =>
        waveTask(seedFrom + from + n, options.resultBytes),
      );
      await progress.untilAccepted(before + created.length + tasks.length - backlog, timeout);
      const answer = await mesh.apply({ type: 'create', tasks });
      if (!answer.ok) throw new Error(answer.message);
      created.push(...answer.value.tasks);
    }
    await progress.untilAccepted(before + created.length, timeout);
  } catch (error) {
    if (!timeout.aborted) throw error;
  }
  return created;
}

function waveTask(seed: number, resultBytes: number): NewTask {
  const input = encodeWaveInput({ seed, frames: resultBytes / 4 });
  const operations = benchWave.operations(input);
  if (!operations.ok) throw new Error(operations.message);
  return { kind: benchWave.kind, version: 1, input, operations: operations.value, subject: 'bench' };
}
