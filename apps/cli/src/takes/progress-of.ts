import type { CommandContext } from '../context.ts';
import { ProgressBars } from '../terminal/progress-bar.ts';

/** Tells of long work on stderr, at most one line each for a log. */
export function progressOf(context: CommandContext, title: string): (share: number) => void {
  const bars = new ProgressBars(context.stderr, () => performance.now());
  return (share) => {
    const state = share >= 1 ? 'done' : 'running';
    bars.show({ title, state, progress: share, detail: '' }, 0, 1);
  };
}
