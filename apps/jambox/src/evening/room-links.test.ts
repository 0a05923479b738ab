import type { LinkReport } from '@jamnet/toast';
import { expect, test } from 'vitest';
import { LINKS_MAX, RoomLinks } from './room-links.ts';

function link(from: string, changes: Partial<LinkReport> = {}): LinkReport {
  // Only the members that are looked at.
  return { from, to: 'ben', lateUsP999: 400, ...changes } as LinkReport;
}

test('a link is kept as it was reported last, and who left stays known', () => {
  const links = new RoomLinks();
  links.note([link('ada'), link('cleo')]);
  links.note([link('ada', { lateUsP999: 900 })]);
  expect(links.all.map(({ from, lateUsP999 }) => [from, lateUsP999])).toEqual([
    ['ada', 900],
    ['cleo', 400],
  ]);
});

test('a link on which nothing came is not judged', () => {
  const links = new RoomLinks();
  links.note([link('listener', { lateUsP999: 0 })]);
  expect(links.all).toEqual([]);
});

test('new links beyond the limit are left out, and those that are known still change', () => {
  const links = new RoomLinks();
  for (let i = 0; i <= LINKS_MAX; i++) links.note([link(`player ${i}`)]);
  links.note([link('player 0', { lateUsP999: 900 })]);
  expect(links.all).toHaveLength(LINKS_MAX);
  expect(links.all[0]?.lateUsP999).toBe(900);
});
