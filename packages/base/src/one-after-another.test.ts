import { expect, test } from 'vitest';
import { oneAfterAnother } from './one-after-another.ts';

test('a step starts when the one before has ended, and answers what it answers', async () => {
  const inTurn = oneAfterAnother();
  const said: string[] = [];
  const step = (name: string) => async () => {
    said.push(`${name} starts`);
    await Promise.resolve();
    said.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all([inTurn(step('a')), inTurn(step('b'))])).toEqual(['a', 'b']);
  expect(said).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
});

test('a step that fails, or throws before it began, takes nobody’s turn away', async () => {
  const inTurn = oneAfterAnother();
  const fails = inTurn(() => Promise.reject(new Error('no')));
  const throws = inTurn(() => {
    throw new Error('not even begun');
  });
  const works = inTurn(() => Promise.resolve('yes'));
  await expect(fails).rejects.toThrow('no');
  await expect(throws).rejects.toThrow('not even begun');
  expect(await works).toBe('yes');
});
