import { expect, test } from 'vitest';
import { CHECK_MS_MAX, FAULTS, type HealthCheck, type HealthCode } from './health-check.ts';
import { HealthDesk, type StudioFigures } from './health-desk.ts';
import { ANSWER_MS_MAX } from './shared-answer.ts';

/** A clock that stands until it is moved. */
function clockByHand() {
  let nowMs = 0;
  const tasks = new Map<() => void, number>();
  return {
    nowMs: () => nowMs,
    later: (task: () => void, afterMs: number) => {
      tasks.set(task, nowMs + afterMs);
      return () => void tasks.delete(task);
    },
    pass: (ms: number): void => {
      nowMs += ms;
      for (const [task, dueMs] of tasks)
        if (dueMs <= nowMs) {
          tasks.delete(task);
          task();
        }
    },
    get waiting() {
      return tasks.size;
    },
  };
}

/** What happens without the clock has happened. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const FIGURES: StudioFigures = {
  schemas: [],
  meshQueue: { queued: 3, running: 0, checking: 0, accepted: 0, failed: 0 },
  grooveRounds: { playing: 0, unsettled: 0 },
  unfiledCode: null,
  lastEpoch: null,
  checkpoint: null,
};
const RUN = { jamnet: '0.1.0', node: 'v24.0.0', engine: 'sqlite', upSeconds: 1, relays: [] } as const;

function deskOf(looks: Partial<Record<'store' | 'relays' | 'gateway', () => Promise<HealthCode | null>>>) {
  const clock = clockByHand();
  const asked: string[] = [];
  const check = (name: 'store' | 'relays' | 'gateway', isNeeded: boolean): HealthCheck => ({
    name,
    isNeeded,
    look: () => {
      asked.push(name);
      return (looks[name] ?? (async () => null))();
    },
    onThrow: name === 'store' ? 'store-silent' : name === 'relays' ? 'relays-gone' : 'gateway-gone',
  });
  const desk = new HealthDesk({
    checks: [check('store', true), check('relays', true), check('gateway', false)],
    run: () => RUN,
    figures: async () => {
      asked.push('figures');
      return FIGURES;
    },
    clock,
    nowUs: () => 7n,
  });
  return { desk, clock, asked };
}

const fails = (code: HealthCode) => async () => code;
const throws = async () => Promise.reject(new Error('planted'));

test('a studio whose parts all answer is ready, and no timer is left behind', async () => {
  const { desk, clock } = deskOf({});
  const { state, checks } = await desk.readiness();
  expect(state).toBe('ready');
  expect(checks.map((check) => check.state)).toEqual(['ok', 'ok', 'ok']);
  await settle();
  expect(clock.waiting).toBe(0);
});

test.each([
  ['a needed part fails', { relays: fails('relays-gone') }, 'not-ready'],
  ['a needed part throws', { store: throws }, 'not-ready'],
  ['some relays of several are gone', { relays: fails('relays-some-gone') }, 'degraded'],
  ['only what is not needed fails', { gateway: throws }, 'degraded'],
  ['both fail', { store: throws, gateway: throws }, 'not-ready'],
] as const)('when %s the studio says so', async (_, looks, state) => {
  const { desk } = deskOf(looks);
  const readiness = await desk.readiness();
  expect(readiness.state).toBe(state);
  for (const { code, sentence } of readiness.checks)
    expect(sentence).toBe(code === null ? null : FAULTS[code]);
});

test('a part that hangs counts as failed after its time, and is asked no second question while it hangs', async () => {
  const { desk, clock, asked } = deskOf({ store: () => new Promise(() => {}) });
  for (let round = 0; round < 3; round++) {
    const readiness = desk.readiness();
    await settle();
    clock.pass(CHECK_MS_MAX);
    expect((await readiness).checks[0]).toMatchObject({
      state: 'failed',
      code: 'check-too-slow',
      tookMs: CHECK_MS_MAX,
    });
    clock.pass(ANSWER_MS_MAX);
  }
  expect(asked.filter((name) => name === 'store')).toHaveLength(1);
  expect(asked.filter((name) => name === 'relays')).toHaveLength(3);
});

test('a thousand who ask within a second cost one look', async () => {
  const { desk, clock, asked } = deskOf({});
  await Promise.all(Array.from({ length: 500 }, () => desk.readiness()));
  clock.pass(ANSWER_MS_MAX - 1);
  await Promise.all(Array.from({ length: 500 }, () => desk.status()));
  expect(asked.toSorted()).toEqual(['figures', 'gateway', 'relays', 'store']);
  clock.pass(1);
  await desk.readiness();
  expect(asked.filter((name) => name === 'store')).toHaveLength(2);
});

test('how it took is measured', async () => {
  let done = (): void => {};
  const { desk, clock } = deskOf({
    store: () =>
      new Promise((resolve) => {
        done = () => resolve(null);
      }),
  });
  const readiness = desk.readiness();
  await settle();
  clock.pass(250);
  done();
  expect((await readiness).checks[0]).toMatchObject({ state: 'ok', tookMs: 250 });
});

test('the status has the figures of the stores, and goes on without them when the store does not answer', async () => {
  const well = await deskOf({}).desk.status();
  expect(well).toMatchObject({ state: 'ready', atUs: '7', figures: FIGURES, jamnet: '0.1.0' });
  const { desk, asked } = deskOf({ store: throws });
  expect(await desk.status()).toMatchObject({ state: 'not-ready', figures: null, node: 'v24.0.0' });
  expect(asked).not.toContain('figures');
});
