import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '@jamnet/base';
import { afterEach, expect, test } from 'vitest';
import { otlpTracing, SPANS_WAITING_MAX } from './otlp-tracing.ts';
import { type Collector, startCollector } from './testing/collector.ts';
import { spanOf } from './tracing.ts';

const ABOUT = { version: '1.2.3', roles: ['api', 'web'] };
const collectors: Collector[] = [];
afterEach(async () => {
  for (const collector of collectors.splice(0)) await collector.close();
});

async function traced(options: { answers?: boolean; ratio?: number } = {}) {
  const collector = await startCollector(options);
  collectors.push(collector);
  const told: string[] = [];
  const place = { endpoint: collector.endpoint, ratio: options.ratio ?? 1 };
  return { collector, told, tracing: otlpTracing(place, ABOUT, (line) => told.push(line)) };
}

test('what begins within a span is its child, also after it waited; what runs beside is not', async () => {
  const { collector, tracing } = await traced();
  await Promise.all(
    ['a', 'b'].map((name) =>
      spanOf(tracing, name, async () => {
        await turn();
        await spanOf(tracing, `within ${name}`, () => turn());
      }),
    ),
  );
  await tracing.close();
  const { spans } = collector;
  expect(spans).toHaveLength(4);
  const spanNamed = (name: string) => spans.find((span) => span.name === name);
  for (const name of ['a', 'b']) {
    expect(spanNamed(name)?.parentSpanId).toBeUndefined();
    expect(spanNamed(`within ${name}`)?.parentSpanId).toBe(spanNamed(name)?.spanId);
    expect(spanNamed(`within ${name}`)?.traceId).toBe(spanNamed(name)?.traceId);
  }
  expect(spanNamed('a')?.traceId).not.toBe(spanNamed('b')?.traceId);
  expect(new Set(collector.paths)).toEqual(new Set(['/v1/traces']));
  for (const word of ['jamnet-studio', '1.2.3', 'api,web']) expect(collector.text).toContain(word);
});

test('work that fails fails as it does without, and its span has the code and not the words', async () => {
  const { collector, tracing } = await traced();
  const failing = spanOf(tracing, 'work', () => Promise.reject(new Failure('no-such-room', 'Zoë has none')));
  await expect(failing).rejects.toThrow('Zoë has none');
  await expect(spanOf(tracing, 'work', () => Promise.reject(new TypeError('Zoë')))).rejects.toThrow('Zoë');
  await tracing.close();
  const types = collector.spans.flatMap(({ attributes, status }) =>
    attributes.map(({ key, value }) => [key, value.stringValue, status.code]),
  );
  expect(types).toEqual([
    ['error.type', 'no-such-room', 2],
    ['error.type', 'TypeError', 2],
  ]);
  expect(collector.text).not.toContain('Zoë');
});

test('with a share of nothing nothing is sent; with half of it children go with their parents', async () => {
  const none = await traced({ ratio: 0 });
  await spanOf(none.tracing, 'work', async () => {});
  await none.tracing.close();
  expect(none.collector.paths).toEqual([]);

  const half = await traced({ ratio: 0.5 });
  for (let i = 0; i < 200; i++)
    await spanOf(half.tracing, 'parent', () => spanOf(half.tracing, 'child', async () => {}));
  await half.tracing.close();
  const parents = half.collector.spans.filter(({ name }) => name === 'parent').map(({ spanId }) => spanId);
  const wanted = half.collector.spans.filter(({ name }) => name === 'child').map((span) => span.parentSpanId);
  expect(wanted.sort()).toEqual(parents.sort());
  // Binomial: outside of this once in 10^11.
  expect(Math.abs(parents.length - 100)).toBeLessThan(50);
});

test('of more spans at once than wait the newest are dropped', async () => {
  const { collector, tracing } = await traced();
  for (let i = 0; i < 3 * SPANS_WAITING_MAX; i++) tracing.begin(`${i}`, 'internal', {}).end({}, null);
  await tracing.close();
  const names = collector.spans.map(({ name }) => Number(name));
  // Those of the message that is on its way beside them.
  expect(names.length).toBeGreaterThanOrEqual(SPANS_WAITING_MAX);
  expect(names.length).toBeLessThanOrEqual(SPANS_WAITING_MAX + 512);
  expect(Math.max(...names)).toBe(names.length - 1);
});

test('a collector that never answers keeps nobody: work goes on, and the end comes', async () => {
  const { tracing } = await traced({ answers: false });
  expect(await spanOf(tracing, 'work', async () => 'done')).toBe('done');
  await tracing.close();
});

test('a collector that goes is told of once, and once when it is back', async () => {
  const { collector, tracing, told } = await traced();
  await collector.close();
  collectors.splice(0);
  const send = async (isAway: boolean) => {
    await spanOf(tracing, 'work', async () => {});
    await expect.poll(() => told.length, { timeout: 30_000, interval: 20 }).toBe(isAway ? 1 : 2);
  };
  await send(true);
  const back = await startCollector({ port: Number(new URL(collector.endpoint).port) });
  collectors.push(back);
  await send(false);
  await tracing.close();
  expect(told.map((line) => line.includes('again'))).toEqual([false, true]);
  expect(told.join('')).toContain(collector.endpoint);
}, 60_000);
