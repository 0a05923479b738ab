import type { CommandContext } from '../context.ts';

const TOLD_EVERY_MS = 500;

/** Tells on a terminal how many files are done; says nothing to programs and logs. */
export function fileProgress(context: CommandContext, json: boolean | undefined, done: string) {
  const isShown = context.stderr.isTTY && !json;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return {
    tell({ files, bytes }: { readonly files: number; readonly bytes: number }): void {
      const nowMs = performance.now();
      if (!isShown || nowMs - toldAtMs < TOLD_EVERY_MS) return;
      toldAtMs = nowMs;
      context.stderr.write(`\r${files} files, ${(bytes / 1e6).toFixed(1)} MB ${done} `);
    },
    end(): void {
      if (isShown) context.stderr.write('\r\u001b[K');
    },
  };
}
