import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { present, seededChance } from '@jamnet/base';
import type { StudioParts } from '../composition/studio-parts.ts';
import type { StepView } from '../live/studio-state.ts';
import { auditStep } from './audit-step.ts';
import { closeStep } from './close-step.ts';
import { codeStep } from './code-step.ts';
import { curateStep } from './curate-step.ts';
import type { EveningContext } from './evening-context.ts';
import { runEvening } from './evening-runner.ts';
import { meshStep } from './mesh-step.ts';
import { openStep } from './open-step.ts';
import { playStep } from './play-step.ts';
import { redeemStep } from './redeem-step.ts';
import { type EveningReport, type EveningResults, reportOf } from './results.ts';
import { revenueStep } from './revenue-step.ts';
import { sampleMembers } from './sample-members.ts';

/** Id of the sample evening's epoch: letters and digits of the seed, so that the same seed is the same epoch. */
function epochIdOf(seed: string): string {
  const readable = seed.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `sample-${readable}`.slice(0, 60);
}

/** Whether a sample evening was begun in this data directory. */
export function hasDiary(dataDirectory: string): boolean {
  return existsSync(diaryFile(dataDirectory));
}

function diaryFile(dataDirectory: string): string {
  return join(dataDirectory, 'evening.json');
}

/** Runs the sample evening, or what is left of it, on an opened and listening studio. */
export async function runSampleEvening(
  parts: StudioParts,
  onProgress: (step: StepView, index: number, count: number) => void,
): Promise<EveningReport> {
  const { seed, dataDirectory } = parts.config;
  const context: EveningContext = {
    parts,
    members: sampleMembers(seed),
    chance: seededChance(`jamnet/evening/${seed}`),
    seed,
    epochId: epochIdOf(seed),
    workDirectory: join(dataDirectory, 'work'),
    samplesDirectory: join(parts.checkout, 'samples'),
  };
  const makers = [
    openStep,
    playStep,
    meshStep,
    codeStep,
    curateStep,
    revenueStep,
    closeStep,
    redeemStep,
    auditStep,
  ];
  const results = await runEvening<EveningResults>({
    diaryFile: diaryFile(dataDirectory),
    seed,
    steps: makers.map((make) => make(context)),
    live: parts.live,
    onProgress,
    onStepDone: () => parts.rememberLiveState(),
  });
  rmSync(context.workDirectory, { recursive: true, force: true });
  parts.rememberLiveState();
  const part = <Name extends keyof EveningResults>(name: Name): EveningResults[Name] =>
    present(results[name] as EveningResults[Name] | undefined, `result of step ${name}`);
  return reportOf({
    open: part('open'),
    play: part('play'),
    mesh: part('mesh'),
    code: part('code'),
    curate: part('curate'),
    revenue: part('revenue'),
    close: part('close'),
    redeem: part('redeem'),
    audit: part('audit'),
  });
}
