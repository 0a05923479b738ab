import type { LiveDesk } from './live-desk.ts';

/** How often draws and settlements are looked at. */
const LOOK_MS = 1_000;
/** Between two calls while something is played: limits what a clock that jumps can do. */
const STEP_MS = { least: 5, most: 250 } as const;

/** Keeps the time of live rounds until the returned function is called. A failure is told and the time goes on. */
export function runLiveDesk(
  desk: Pick<LiveDesk, 'look' | 'advance'>,
  nowUs: () => bigint,
  onFailure: (error: unknown) => void,
): () => void {
  const look = setInterval(() => void desk.look().catch(onFailure), LOOK_MS);
  let step: NodeJS.Timeout | undefined;
  const advance = (): void => {
    let waitMs: number = STEP_MS.most;
    try {
      waitMs = (desk.advance() - Number(nowUs())) / 1000;
    } catch (error) {
      onFailure(error);
    }
    step = setTimeout(advance, Math.min(STEP_MS.most, Math.max(STEP_MS.least, waitMs)));
  };
  advance();
  return () => {
    clearInterval(look);
    clearTimeout(step);
  };
}
