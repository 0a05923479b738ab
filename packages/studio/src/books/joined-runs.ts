/**
 * One work, never run twice at a time. Who asks while it runs shares one next run with all others who do: it begins after they
 * asked, so its end covers what was there then. However many ask, at most two runs lie between them and their answer.
 */
export function joinedRuns(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const start = (): Promise<void> => {
    next = null;
    const run = work().finally(() => {
      running = null;
    });
    running = run;
    return run;
  };
  return () => {
    if (next !== null) return next;
    if (running === null) return start();
    next = running.then(start, start);
    return next;
  };
}
