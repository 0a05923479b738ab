import { ok, type Result, refuse } from '@jamnet/base';
import type { Coverage, CoverageCode } from './coverage.ts';
import type { RunCode } from './run-command.ts';
import type { SandboxKind } from './sandbox.ts';
import { Stage, type StageCode, type StageInput } from './stage.ts';

export type ReplayCode = StageCode | RunCode | CoverageCode | 'workload-output-differs';

export interface ReplayInput extends StageInput {
  /** Told what a failing workload wrote to standard error; not part of any report. */
  readonly onNote: (line: string) => void;
}

export interface Replay {
  readonly coverage: Coverage;
  readonly outputSha256: string;
  readonly sandbox: SandboxKind;
}

/** Exports the tree to a temporary folder, runs the workload there under precise coverage and reads the counts. */
export async function replay(input: ReplayInput): Promise<Result<Replay, ReplayCode>> {
  const stage = await Stage.set(input);
  if (!stage.ok) return stage;
  try {
    return await replayOn(stage.value, input);
  } finally {
    await stage.value.remove();
  }
}

async function replayOn(stage: Stage, input: ReplayInput): Promise<Result<Replay, ReplayCode>> {
  const { expectedOutputSha256 } = input.workload;
  const ran = await stage.run();
  if (!ran.ok) {
    if (ran.said !== '') input.onNote(ran.said);
    return refuse(ran.code, ran.message);
  }
  if (expectedOutputSha256 !== undefined && expectedOutputSha256 !== ran.outputSha256) {
    return refuse(
      'workload-output-differs',
      `The workload printed ${ran.outputSha256} (SHA-256), the policy pins ${expectedOutputSha256}.`,
    );
  }
  const coverage = await stage.readUsage();
  if (typeof coverage === 'string') {
    return refuse(
      coverage,
      'The workload left no usable coverage: it must run Node and let its processes exit by themselves, or leave *.info (LCOV) in $JAMNET_COVERAGE.',
    );
  }
  return ok({ coverage, outputSha256: ran.outputSha256, sandbox: stage.sandbox });
}
