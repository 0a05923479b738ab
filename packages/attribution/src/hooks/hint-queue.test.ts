import { expect, test } from 'vitest';
import { DELIVERIES_MAX, HintQueue } from './hint-queue.ts';
import type { GitHint } from './read-hook.ts';

const MIRRORED = [
  { repository: 'forge.example/ada/mill', branch: 'main' },
  { repository: 'forge.example/bela/loom', branch: 'trunk' },
];

function hint(deliveryId: string, more: Partial<GitHint> = {}): GitHint {
  return {
    forge: 'github',
    deliveryId,
    kind: 'push',
    repository: 'forge.example/ada/mill',
    branch: 'main',
    ...more,
  };
}

test('a delivery that comes twice is looked at once', () => {
  const queue = new HintQueue();
  expect(queue.offer(hint('1'), MIRRORED)).toBe('queued');
  expect(queue.offer(hint('1'), MIRRORED)).toBe('repeated');
  expect(queue.offer(hint('1', { forge: 'gitlab' }), MIRRORED)).toBe('queued');
});

test('many pushes to one repository are one fetch, and repositories are fetched in the order of their first push', () => {
  const queue = new HintQueue();
  for (let n = 0; n < 50; n++) queue.offer(hint(`a${n}`), MIRRORED);
  queue.offer(hint('b', { repository: 'forge.example/bela/loom', branch: 'trunk' }), MIRRORED);
  expect(queue.length).toBe(2);
  expect([queue.next(), queue.next(), queue.next()]).toEqual([
    'forge.example/ada/mill',
    'forge.example/bela/loom',
    null,
  ]);
});

test('other repositories, other branches and other events start nothing', () => {
  const queue = new HintQueue();
  expect(queue.offer(hint('1', { repository: 'forge.example/eve/trap' }), MIRRORED)).toBe('foreign');
  expect(queue.offer(hint('2', { repository: null }), MIRRORED)).toBe('foreign');
  expect(queue.offer(hint('3', { branch: 'feature' }), MIRRORED)).toBe('foreign');
  expect(queue.offer(hint('4', { kind: 'other' }), MIRRORED)).toBe('ignored');
  expect(queue.next()).toBeNull();
});

test('so many deliveries are remembered and not one more', () => {
  const queue = new HintQueue();
  for (let n = 0; n <= DELIVERIES_MAX; n++) queue.offer(hint(`d${n}`), MIRRORED);
  expect(queue.deliveries).toBe(DELIVERIES_MAX);
  expect(queue.offer(hint('d1'), MIRRORED)).toBe('repeated');
  expect(queue.offer(hint('d0'), MIRRORED)).toBe('queued');
});
