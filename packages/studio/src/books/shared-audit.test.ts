import { expect, test } from 'vitest';
import { AUDIT_KEPT_US, SharedAudit } from './shared-audit.ts';

function shared() {
  const world = { size: 3n, nowUs: 0n, runs: 0 };
  const audit = new SharedAudit({
    run: async () => {
      world.runs++;
      return { verdict: 'ok', witnessed: false, checks: [] };
    },
    size: async () => world.size,
    nowUs: () => world.nowUs,
  });
  return { world, audit };
}

test('who asks at once or shortly after gets one answer', async () => {
  const { world, audit } = shared();
  const [first, second] = await Promise.all([audit.ask(), audit.ask()]);
  world.nowUs = AUDIT_KEPT_US - 1n;
  expect(second).toBe(first);
  expect(await audit.ask()).toBe(first);
  expect(world.runs).toBe(1);
});

test.each([
  ['the log has grown', { size: 4n, nowUs: 0n }],
  ['it is old', { size: 3n, nowUs: AUDIT_KEPT_US }],
])('the books are audited anew when %s', async (_, change) => {
  const { world, audit } = shared();
  await audit.ask();
  Object.assign(world, change);
  await audit.ask();
  expect(world.runs).toBe(2);
});

test('an audit that fails is not kept', async () => {
  let runs = 0;
  const audit = new SharedAudit({
    run: async () => {
      if (++runs === 1) throw new Error('disk');
      return { verdict: 'ok', witnessed: false, checks: [] };
    },
    size: async () => 0n,
    nowUs: () => 0n,
  });
  await expect(audit.ask()).rejects.toThrow('disk');
  expect(await audit.ask()).toMatchObject({ verdict: 'ok' });
});
