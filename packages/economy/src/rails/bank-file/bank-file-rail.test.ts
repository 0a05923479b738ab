import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bankFileRail } from './bank-file-rail.ts';

const ONE = '1'.repeat(32);

/** A rail over two folders that are not there yet. */
function open() {
  const folder = mkdtempSync(join(tmpdir(), 'jamnet-rail-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [outbox, inbox] = [join(folder, 'out'), join(folder, 'in')];
  return { outbox, inbox, rail: bankFileRail({ outbox, inbox, format: { kind: 'pain.001' } }) };
}

test('what was sent is never seen while there are no folders yet', async () => {
  const { rail } = open();
  expect(await rail.ask([ONE], 0n)).toEqual([{ payoutId: ONE, outcome: 'never-seen', reason: null }]);
});

test.each(['outbox', 'sent', 'inbox'] as const)(
  'a folder that cannot be read (%s) is no answer',
  async (which) => {
    const { rail, outbox, inbox } = open();
    if (which === 'sent') mkdirSync(outbox);
    // A file in its place: reading it as a folder fails for every user.
    writeFileSync({ outbox, sent: join(outbox, 'sent'), inbox }[which], '');
    await expect(rail.ask([ONE], 0n)).rejects.toMatchObject({ code: 'bank-folder-unreadable' });
  },
);
