import { existsSync, readFileSync } from 'node:fs';
import { Failure } from '@jamnet/base';
import { writeWhole } from '../config/write-whole.ts';
import type { LiveState } from '../live/live-state.ts';
import type { StepView } from '../live/studio-state.ts';

/** What a step may report while it runs. */
export interface StepProgress {
  /** `done` in 0..1; `detail` is a short phrase for a person. */
  report(done: number, detail: string): void;
}

/**
 * One step of the evening. `run` must be safe to repeat after a crash in its middle: whatever it posts or stores has a
 * key or a content address. Its result is JSON, kept, and handed to later steps.
 */
export interface EveningStep<Results> {
  readonly name: keyof Results & string;
  readonly title: string;
  run(done: Partial<Results>, progress: StepProgress): Promise<Results[keyof Results]>;
}

interface Diary<Results> {
  readonly seed: string;
  readonly results: Partial<Results>;
}

export class EveningFailure extends Failure {
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(
      'evening-step-failed',
      `step "${step}" failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
    this.step = step;
  }
}

/** Runs the steps in order, writes down each result, and goes on after the last finished step when started again. */
export async function runEvening<Results>(options: {
  readonly diaryFile: string;
  readonly seed: string;
  readonly steps: readonly EveningStep<Results>[];
  readonly live: LiveState;
  readonly onProgress: (step: StepView, index: number, count: number) => void;
  /** Called after each step that ran, when its result is written down. */
  readonly onStepDone?: () => void;
}): Promise<Partial<Results>> {
  const { steps, live, diaryFile } = options;
  const diary = readDiary<Results>(diaryFile, options.seed);
  const before = new Map(live.current.evening.steps.map((step) => [step.name, step.detail]));
  const views: StepView[] = steps.map(({ name, title }) => {
    const detail = diary.results[name] === undefined ? '' : (before.get(name) ?? '');
    return { name, title, state: 'waiting', progress: 0, detail };
  });
  const show = (index: number, change: Partial<StepView>): void => {
    const view = views[index];
    if (!view) return;
    views[index] = { ...view, ...change };
    live.updateEvening({ steps: [...views] });
    options.onProgress(views[index], index, steps.length);
  };
  live.updateEvening({ state: 'running', steps: views });
  for (const [index, step] of steps.entries()) {
    try {
      if (diary.results[step.name] === undefined) {
        show(index, { state: 'running', detail: '' });
        const result = await step.run(diary.results, {
          report: (progress, detail) => show(index, { progress, detail }),
        });
        // Each step returns what its name stands for; the loop over all of them cannot say so.
        diary.results[step.name] = result as Results[keyof Results & string];
        writeWhole(diaryFile, JSON.stringify(diary));
        show(index, { state: 'done', progress: 1 });
        options.onStepDone?.();
      } else show(index, { state: 'done', progress: 1 });
    } catch (cause) {
      show(index, { state: 'failed', detail: cause instanceof Error ? cause.message : String(cause) });
      live.updateEvening({ state: 'failed' });
      throw new EveningFailure(step.name, cause);
    }
  }
  live.updateEvening({ state: 'done' });
  return diary.results;
}

function readDiary<Results>(file: string, seed: string): Diary<Results> {
  if (!existsSync(file)) return { seed, results: {} };
  // Written whole by an earlier run of this same program.
  const diary = JSON.parse(readFileSync(file, 'utf8')) as Diary<Results>;
  if (diary.seed === seed) return diary;
  throw new Failure(
    'seed-differs',
    `An evening with seed "${diary.seed}" was begun in this data directory. Use that seed, or another --data directory.`,
  );
}
