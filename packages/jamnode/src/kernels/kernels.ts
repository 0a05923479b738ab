import { takeFingerprint } from './fingerprint.ts';
import type { Kernel } from './kernel.ts';
import { pnbtrTrainStep } from './pnbtr-train-step.ts';
import { takeRepair } from './repair.ts';
import { benchRinger } from './ringer.ts';
import { grooveTrainStep } from './train-step.ts';
import { benchWave } from './wave.ts';

/** Every batch kind this build can run. A slot runs these and nothing else. */
export const KERNELS: readonly Kernel[] = [
  takeRepair,
  takeFingerprint,
  grooveTrainStep,
  pnbtrTrainStep,
  benchRinger,
  benchWave,
];

export function kernelOf(kind: string, version: number): Kernel | undefined {
  return KERNELS.find((kernel) => kernel.kind === kind && kernel.version === version);
}
