import { CHECKPOINT_BYTES, STEP_BYTES_MAX } from '@jamnet/groove/slot';
import type { CatalogueEntry } from '@jamnet/mesh';
import { MODEL_KERNEL } from '../client/read-catalogue.ts';
import { shippedModels } from '../models/shipped-models.ts';
import { CHUNK_COUNT } from './kernel.ts';
import { BLEND_CHECKPOINT_BYTES, BLEND_STEP_BYTES_MAX } from './pnbtr-train-step.ts';
import { kernelSha256 } from './source-hash.ts';

/** The meter of all verified work: one unit is 10⁹ stated operations. */
export const COMPUTE_METER = 'compute/work-units';

const COMMON = {
  version: 1,
  modelSha256: null,
  chunkCount: CHUNK_COUNT,
  deadlineMs: 60_000,
  lane: 'batch',
  meter: COMPUTE_METER,
} as const;

/** Two seconds of 16-bit samples at 192 kHz, with room for the header and 1,024 spans. */
const EXCERPT_BYTES_MAX = 2 * 2 * 192_000 + 16_384;

/** The kinds of tonight, unsigned: the studio signs them with its key. Limits stand in README.md. */
export function standardCatalogue(): CatalogueEntry[] {
  return [
    {
      ...COMMON,
      kind: 'take.repair',
      kernelSha256: kernelSha256('take.repair'),
      limits: {
        inputBytesMax: EXCERPT_BYTES_MAX,
        resultBytesMax: 4 * 2 * 192_000,
        operationsMax: 2_000_000_000_000n,
      },
      tolerance: { rule: 'snr', decibelMin: 110 },
      privacy: 'excerpt',
    },
    {
      ...COMMON,
      kind: 'take.fingerprint',
      kernelSha256: kernelSha256('take.fingerprint'),
      limits: { inputBytesMax: EXCERPT_BYTES_MAX, resultBytesMax: 262_144, operationsMax: 10_000_000_000n },
      tolerance: { rule: 'exact' },
      privacy: 'excerpt',
    },
    {
      ...COMMON,
      kind: 'bench.ringer',
      kernelSha256: kernelSha256('bench.ringer'),
      limits: { inputBytesMax: 12, resultBytesMax: 4 * 512 * 512, operationsMax: 100_000_000_000n },
      tolerance: { rule: 'exact' },
      privacy: 'public',
    },
    {
      ...COMMON,
      kind: 'bench.wave',
      kernelSha256: kernelSha256('bench.wave'),
      limits: { inputBytesMax: 8, resultBytesMax: 4 * 65_536, operationsMax: 1_000_000_000n },
      tolerance: { rule: 'snr', decibelMin: 110 },
      privacy: 'public',
    },
    {
      ...COMMON,
      kind: 'groove.train-step',
      kernelSha256: kernelSha256('groove.train-step'),
      limits: {
        inputBytesMax: STEP_BYTES_MAX,
        resultBytesMax: CHECKPOINT_BYTES,
        operationsMax: 1_000_000_000n,
      },
      tolerance: { rule: 'exact' },
      privacy: 'excerpt',
    },
    {
      ...COMMON,
      kind: 'pnbtr.train-step',
      kernelSha256: kernelSha256('pnbtr.train-step'),
      limits: {
        inputBytesMax: BLEND_STEP_BYTES_MAX,
        resultBytesMax: BLEND_CHECKPOINT_BYTES,
        operationsMax: 10_000_000_000n,
      },
      // Engines differ in the last bits of a cosine; a step that somebody made up differs in the first.
      tolerance: { rule: 'snr', decibelMin: 110 },
      privacy: 'excerpt',
    },
    ...shippedModels().map(({ kind, sha256: modelSha256 }) => ({
      ...COMMON,
      kind,
      kernelSha256: kernelSha256(MODEL_KERNEL),
      modelSha256,
      limits: { inputBytesMax: 1 << 20, resultBytesMax: 1 << 22, operationsMax: 1_000_000_000n },
      tolerance: { rule: 'snr', decibelMin: 110 } as const,
      privacy: 'public' as const,
      meter: `compute/${kind.replaceAll('.', '-')}`,
    })),
    {
      ...COMMON,
      kind: 'groove.forecast',
      kernelSha256: kernelSha256('groove.forecast'),
      limits: { inputBytesMax: 4096, resultBytesMax: 8192, operationsMax: 1_000_000_000n },
      tolerance: { rule: 'exact' },
      privacy: 'excerpt',
      lane: 'real-time',
    },
  ];
}
