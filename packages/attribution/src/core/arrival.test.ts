import { expect, test } from 'vitest';
import { arrivalOrder } from './arrival.ts';

test('what was on the main line comes before what a merge brought, and the merge last', () => {
  const graph = new Map([
    ['merge', ['second', 'branch']],
    ['second', ['first']],
    ['branch', ['first']],
    ['first', []],
  ]);
  expect(arrivalOrder(graph, 'merge')).toEqual(['first', 'second', 'branch', 'merge']);
});

test('a branch that began before everything still arrives with its merge', () => {
  const graph = new Map([
    ['merge', ['main', 'old']],
    ['main', []],
    ['old', []],
  ]);
  expect(arrivalOrder(graph, 'merge')).toEqual(['main', 'old', 'merge']);
});

test('a history deeper than any stack is read', () => {
  const graph = new Map<string, string[]>();
  for (let i = 0; i < 300_000; i++) graph.set(`${i}`, i === 0 ? [] : [`${i - 1}`]);
  expect(arrivalOrder(graph, '299999')).toHaveLength(300_000);
});
