import { encodeUtf8 } from '@jamnet/base';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bus, MESSAGE_BYTES_MAX, SUBJECT_CHARACTERS_MAX, SUBSCRIPTIONS_MAX } from '../bus.ts';

/** What a bus is made of for the suite: connections that reach each other. */
export interface BusWorld {
  connect(): Promise<Bus>;
  close(): Promise<void>;
}

/** The contract of every bus. */
export function busSuite(open: () => Promise<BusWorld>): void {
  let world: BusWorld;
  const connections: Bus[] = [];
  beforeAll(async () => {
    world = await open();
  });
  afterAll(async () => {
    for (const bus of connections) await bus.close();
    await world.close();
  });

  async function connect(): Promise<Bus> {
    const bus = await world.connect();
    connections.push(bus);
    return bus;
  }

  /** Listens on `subject`; `until(n)` resolves with the first n messages. */
  async function ear(bus: Bus, subject: string) {
    const heard: string[] = [];
    const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
    const subscribed = bus.subscribe(subject, (bytes) => {
      heard.push(Buffer.from(bytes).toString());
      for (const each of waiting) if (heard.length >= each.count) each.resolve();
    });
    if (!subscribed.ok) throw new Error(subscribed.message);
    await bus.flush();
    const until = async (count: number): Promise<string[]> => {
      if (heard.length < count) await new Promise<void>((resolve) => void waiting.push({ count, resolve }));
      return heard;
    };
    return { heard, until, end: subscribed.value };
  }

  test('whoever listens on a subject hears what is published there, the publisher too, in its order, and nobody hears other subjects', async () => {
    const [ada, ben] = [await connect(), await connect()];
    const ears = [await ear(ada, 'suite.order'), await ear(ben, 'suite.order')];
    const elsewhere = await ear(ben, 'suite.order.more');
    for (let i = 0; i < 50; i++)
      expect(ada.publish('suite.order', encodeUtf8(`${i}`))).toMatchObject({ ok: true });
    const all = Array.from({ length: 50 }, (_, i) => `${i}`);
    for (const each of ears) expect(await each.until(50)).toEqual(all);
    expect(elsewhere.heard).toEqual([]);
  });

  test('the bytes may be used again as soon as publishing returns, and a listener that changes its own spoils nobody else’s', async () => {
    const bus = await connect();
    const spoiler = bus.subscribe('suite.bytes', (bytes) => void bytes.fill(0));
    expect(spoiler.ok).toBe(true);
    const listening = await ear(bus, 'suite.bytes');
    const bytes = Buffer.from('once'); // whose own `slice` copies nothing
    bus.publish('suite.bytes', bytes);
    bytes.fill(0);
    expect(await listening.until(1)).toEqual(['once']);
  });

  test('a listener that publishes has its turn first; what it said comes after', async () => {
    const bus = await connect();
    const turns: string[] = [];
    const answered = bus.subscribe('suite.question', () => {
      bus.publish('suite.answer', encodeUtf8('answer'));
      turns.push('question taken');
    });
    expect(answered.ok).toBe(true);
    const taken = new Promise<void>((resolve) => {
      bus.subscribe('suite.answer', () => {
        turns.push('answer taken');
        resolve();
      });
    });
    await bus.flush();
    bus.publish('suite.question', encodeUtf8('question'));
    await taken;
    expect(turns).toEqual(['question taken', 'answer taken']);
  });

  test('who has ended its subscription hears nothing more, and others go on', async () => {
    const bus = await connect();
    const ended = await ear(bus, 'suite.end');
    const staying = await ear(bus, 'suite.end');
    bus.publish('suite.end', encodeUtf8('first'));
    await staying.until(1);
    await ended.until(1);
    ended.end();
    bus.publish('suite.end', encodeUtf8('second'));
    expect(await staying.until(2)).toEqual(['first', 'second']);
    expect(ended.heard).toEqual(['first']);
  });

  test.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    'a b',
    'a.*',
    'a.>',
    'Upper',
    'ä',
    'x'.repeat(SUBJECT_CHARACTERS_MAX + 1),
  ])('%j is no subject', async (subject) => {
    const bus = await connect();
    expect(bus.publish(subject, new Uint8Array())).toMatchObject({ code: 'subject-malformed' });
    expect(bus.subscribe(subject, () => undefined)).toMatchObject({ code: 'subject-malformed' });
  });

  test('the largest message passes whole, and one byte more is refused', async () => {
    const bus = await connect();
    const listening = await ear(bus, 'suite.large');
    const largest = 'x'.repeat(MESSAGE_BYTES_MAX);
    expect(bus.publish('suite.large', encodeUtf8(largest))).toMatchObject({ ok: true });
    expect(bus.publish('suite.large', encodeUtf8(`${largest}x`))).toMatchObject({
      code: 'message-too-large',
    });
    expect(await listening.until(1)).toEqual([largest]);
  });

  test('a connection has so many subscriptions and no more; one that ended makes room', async () => {
    const bus = await connect();
    const ends: (() => void)[] = [];
    for (let i = 0; i < SUBSCRIPTIONS_MAX; i++) {
      const made = bus.subscribe(`suite.many-${i}`, () => undefined);
      if (made.ok) ends.push(made.value);
    }
    expect(ends).toHaveLength(SUBSCRIPTIONS_MAX);
    expect(bus.subscribe('suite.many', () => undefined)).toMatchObject({ code: 'subscriptions-full' });
    ends[0]?.();
    expect(bus.subscribe('suite.many', () => undefined)).toMatchObject({ ok: true });
  });

  test('a closed connection refuses everything, and hears nothing', async () => {
    const [closed, open] = [await connect(), await connect()];
    const deaf = await ear(closed, 'suite.closed');
    await closed.close();
    expect(closed.isConnected).toBe(false);
    expect(closed.publish('suite.closed', new Uint8Array())).toMatchObject({ code: 'bus-closed' });
    expect(closed.subscribe('suite.closed', () => undefined)).toMatchObject({ code: 'bus-closed' });
    const listening = await ear(open, 'suite.closed');
    open.publish('suite.closed', encodeUtf8('still here'));
    expect(await listening.until(1)).toEqual(['still here']);
    expect(deaf.heard).toEqual([]);
  });
}
