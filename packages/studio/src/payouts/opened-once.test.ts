import { expect, test } from 'vitest';
import { openedOnce } from './opened-once.ts';

test('what could not be opened while the database was away is opened by the next who needs it, and then once', async () => {
  let opens = 0;
  const opened = openedOnce(async () => {
    if (++opens === 1) throw new Error('the database is away');
    return opens;
  });
  await expect(Promise.all([opened(), opened()])).rejects.toThrow('away');
  expect(await Promise.all([opened(), opened()])).toEqual([2, 2]);
  expect(await opened()).toBe(2);
});
