import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SCHED_OTHER = 0;
const SCHED_FIFO = 1;

test('a raised thread runs before normal work and what it starts does not; lowered, neither does', () => {
  const main = fileURLToPath(new URL('../testing/priority-main.ts', import.meta.url));
  const said = JSON.parse(execFileSync(process.execPath, [main], { encoding: 'utf8' }));
  const own = said.scheduling === 'fifo' ? SCHED_FIFO : SCHED_OTHER;
  expect(said.raised).toEqual({ own, child: SCHED_OTHER });
  expect(said.lowered).toEqual({ own: SCHED_OTHER, child: SCHED_OTHER });
});
