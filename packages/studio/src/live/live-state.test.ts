import { expect, test } from 'vitest';
import { LIST_LENGTH_MAX, LiveState, WATCHERS_MAX, WATCHERS_PER_ADDRESS_MAX } from './live-state.ts';

const contribution = (id: string) => ({
  id,
  kind: 'music' as const,
  meter: 'm',
  subject: 's',
  merit: '1',
  payees: [],
});

test('watchers hear of each change until they leave', () => {
  const live = new LiveState('1');
  let heard = 0;
  const leave = live.watch(() => heard++, '192.0.2.1');
  live.updateEvening({ state: 'running' });
  if (!leave.ok) throw new Error(leave.message);
  leave.value();
  live.updateEvening({ state: 'done' });
  expect(heard).toBe(1);
  expect(live.current.evening.state).toBe('done');
});

test('the list keeps the latest contributions and the count keeps them all', () => {
  const live = new LiveState('1');
  live.addContributions(Array.from({ length: LIST_LENGTH_MAX + 5 }, (_, i) => contribution(String(i))));
  expect(live.current.contributionCounts.music).toBe(LIST_LENGTH_MAX + 5);
  expect(live.current.contributions).toHaveLength(LIST_LENGTH_MAX);
  expect(live.current.contributions.at(-1)?.id).toBe(String(LIST_LENGTH_MAX + 4));
});

test('one watcher too many is turned away', () => {
  const live = new LiveState('1');
  for (let i = 0; i < WATCHERS_MAX; i++)
    expect(live.watch(() => undefined, `192.0.2.${i}`)).toMatchObject({ ok: true });
  expect(live.watch(() => undefined, '198.51.100.1')).toMatchObject({ code: 'too-many-watchers' });
});

test('one address takes no more than its share of the places, and gets them back', () => {
  const live = new LiveState('1');
  const leaving = Array.from({ length: WATCHERS_PER_ADDRESS_MAX }, (_, i) =>
    live.watch(() => undefined, `2001:db8:1:2::${i}`),
  );
  const again = () => live.watch(() => undefined, '2001:db8:1:2:ffff::1');
  expect(again()).toMatchObject({ ok: false, code: 'too-many-watchers-here' });
  expect(live.watch(() => undefined, '2001:db8:1:3::1').ok).toBe(true);
  const [first] = leaving;
  if (first?.ok !== true) throw new Error('the first was refused');
  first.value();
  expect(again().ok).toBe(true);
});

test('a restarted studio shows what it showed before, and repeats are not counted twice', () => {
  const before = new LiveState('1');
  before.addContributions([contribution('a')]);
  const after = new LiveState('2', before.current);
  after.addContributions([contribution('a'), contribution('b')]);
  expect(after.current.contributionCounts.music).toBe(2);
  expect(after.current.version).toBe('2');
});
