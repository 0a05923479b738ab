import { ok, type Result, refuse } from '@jamnet/base';
import { parseTrace } from '../loss-trace.ts';
import { BENCH_METHODS, type BenchMethod, playMethod } from './methods.ts';
import { type FileScore, type Summary, scoreFile, summarise } from './score.ts';

/** The data as the caller reads it: the bench itself sees no disk and no clock. */
export interface BenchData {
  /** Text of `<trace>_P<packet>.tsv`: lines of reference, trace, (unused) and packet, by tabs; `null` when absent. */
  manifest(name: string): string | null;
  /** Mono sound of a reference named in a manifest. */
  reference(path: string): { readonly sampleRateHz: number; readonly samples: Float32Array } | null;
  /** Text of a loss trace named in a manifest. */
  trace(path: string): string | null;
  /** Class of a reference (drums, mix, …), for the figures by class. */
  classOf(path: string): string;
  /** Milliseconds of a steady clock. */
  nowMs(): number;
  /** Told what each method made of each file, as it is done. */
  onPlayed?(played: BenchPlayed): void;
}

export interface BenchPlayed {
  readonly trace: string;
  readonly packet: number;
  readonly method: BenchMethod;
  /** As the manifest names it. */
  readonly reference: string;
  readonly sampleRateHz: number;
  readonly samples: Float32Array;
  /** Figures of this file alone. */
  readonly summary: Summary;
}

export interface BenchRow extends Summary {
  readonly trace: string;
  readonly packet: number;
  readonly method: BenchMethod;
  /** Longest time that one packet (of `repair`: one file) took, first runs of the compiler and other work on the machine included. */
  readonly worstBlockMs: number;
}

export interface BenchReport {
  readonly rows: readonly BenchRow[];
  readonly byClass: readonly (Omit<BenchRow, 'worstBlockMs'> & { readonly className: string })[];
}

export interface BenchChoice {
  readonly traces: readonly string[];
  readonly packets: readonly number[];
  readonly methods?: readonly BenchMethod[];
  /** At most this many files of each manifest, for a quick look. */
  readonly filesMax?: number;
}

export const BENCH_DEFAULTS: BenchChoice = { traces: ['iso5', 'lossgen5'], packets: [128, 256, 512] };

export type BenchCode = 'bench-manifest-missing' | 'bench-file-missing' | 'bench-trace-malformed';

interface Item {
  readonly reference: string;
  readonly className: string;
  readonly sampleRateHz: number;
  readonly samples: Float32Array;
  readonly trace: Uint8Array;
}

/** Conceals every file of every manifest by every method and scores it; plain Burg 1024 runs on the same files beside. */
export function benchPnbtr(
  data: BenchData,
  choice: BenchChoice = BENCH_DEFAULTS,
): Result<BenchReport, BenchCode> {
  const rows: BenchRow[] = [];
  const byClass: BenchReport['byClass'][number][] = [];
  for (const trace of choice.traces) {
    for (const packet of choice.packets) {
      const items = readItems(data, `${trace}_P${packet}.tsv`, choice.filesMax ?? Number.POSITIVE_INFINITY);
      if (!items.ok) return items;
      for (const method of choice.methods ?? BENCH_METHODS) {
        const { scores, worstBlockMs } = runMethod(data, items.value, { trace, packet, method });
        rows.push({ trace, packet, method, ...summarise(scores), worstBlockMs });
        for (const className of [...new Set(scores.map((score) => score.className))].sort()) {
          const summary = summarise(scores.filter((score) => score.className === className));
          byClass.push({ trace, packet, method, className, ...summary });
        }
      }
    }
  }
  return ok({ rows, byClass });
}

function readItems(data: BenchData, name: string, filesMax: number): Result<Item[], BenchCode> {
  const manifest = data.manifest(name);
  if (manifest === null)
    return refuse(
      'bench-manifest-missing',
      `${name} is missing: --data wants the folder that cutting the data wrote, with its manifests.`,
    );
  const items: Item[] = [];
  for (const line of manifest.split('\n')) {
    if (line.trim() === '' || line.startsWith('#') || items.length >= filesMax) continue;
    const [referencePath = '', tracePath = ''] = line.split('\t');
    const reference = data.reference(referencePath);
    const text = data.trace(tracePath);
    if (reference === null || text === null) {
      return refuse(
        'bench-file-missing',
        `${reference === null ? referencePath : tracePath}, named in ${name}, is missing.`,
      );
    }
    const trace = parseTrace(text);
    if (!trace.ok) return refuse('bench-trace-malformed', `${tracePath}: ${trace.message}`);
    items.push({
      ...reference,
      reference: referencePath,
      className: data.classOf(referencePath),
      trace: trace.value,
    });
  }
  return ok(items);
}

function runMethod(
  data: BenchData,
  items: readonly Item[],
  row: { readonly trace: string; readonly packet: number; readonly method: BenchMethod },
): { scores: FileScore[]; worstBlockMs: number } {
  const packetFrames = row.packet;
  let worstBlockMs = 0;
  let begunMs = 0;
  const onBlock = (phase: 'begin' | 'end'): void => {
    if (phase === 'begin') begunMs = data.nowMs();
    else worstBlockMs = Math.max(worstBlockMs, data.nowMs() - begunMs);
  };
  const scores = items.map(({ reference, samples, trace, sampleRateHz, className }) => {
    const played = playMethod(row.method, samples, trace, { sampleRateHz, packetFrames, onBlock });
    const score = scoreFile(samples, played, trace, { packetFrames, className });
    data.onPlayed?.({ ...row, reference, sampleRateHz, samples: played, summary: summarise([score]) });
    return score;
  });
  return { scores, worstBlockMs };
}
