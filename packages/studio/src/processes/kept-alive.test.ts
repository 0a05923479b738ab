import { expect, test } from 'vitest';
import { KeptAlive } from './kept-alive.ts';

/** Programs that end when told to, and a clock that is wound by hand. */
class Stage {
  readonly waits: number[] = [];
  started = 0;
  stopped = 0;
  failures = 0;
  #due: (() => void) | null = null;
  #end: ((why?: Error) => void) | null = null;

  readonly start = async () => {
    if (this.failures > 0) {
      this.failures--;
      throw new Error('did not come up');
    }
    const number = ++this.started;
    const ended = new Promise<void>((resolve, reject) => {
      this.#end = (why) => (why === undefined ? resolve() : reject(why));
    });
    return {
      number,
      ended,
      stop: async () => {
        this.stopped++;
        this.#end?.();
      },
    };
  };

  readonly setTimer = (task: () => void, afterMs: number): void => {
    this.waits.push(afterMs);
    this.#due = task;
  };

  async end(why?: Error): Promise<void> {
    this.#end?.(why);
    await settled();
  }

  async ring(): Promise<void> {
    this.#due?.();
    await settled();
  }
}

/** Lets everything that is ready run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a program that ends, however, is there again', async () => {
  const stage = new Stage();
  const kept = await KeptAlive.start(stage.start, stage.setTimer);
  for (const why of [undefined, new Error('killed')]) {
    const { number } = kept.current ?? { number: 0 };
    await stage.end(why);
    expect(kept.current).toBeNull();
    await stage.ring();
    expect(kept.current?.number).toBe(number + 1);
  }
});

test('one that does not come up is tried again, after twice as long each time, five seconds at most', async () => {
  const stage = new Stage();
  const kept = await KeptAlive.start(stage.start, stage.setTimer);
  stage.failures = 7;
  await stage.end();
  for (let i = 0; i < 8; i++) await stage.ring();
  expect(stage.waits).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  expect(kept.current?.number).toBe(2);
});

test('once it is over nothing starts again, and what is just starting is stopped', async () => {
  const stage = new Stage();
  const kept = await KeptAlive.start(stage.start, stage.setTimer);
  await kept.stop();
  await settled();
  expect([stage.stopped, stage.waits]).toEqual([1, []]);
  await stage.ring();
  expect(stage.started).toBe(1);
});

test('one that does not come up the first time is told', async () => {
  const stage = new Stage();
  stage.failures = 1;
  await expect(KeptAlive.start(stage.start, stage.setTimer)).rejects.toThrow('did not come up');
});
