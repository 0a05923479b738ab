import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explorerQueries } from '../store/explorer-queries.ts';
import { benchBooks } from './bench-books.ts';

test('the bench of the books asks every question and tells how each is answered', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-bench-books-'));
  try {
    const report = await benchBooks({ directory, accounts: 300, entries: 900, questions: 20 });
    expect(report.queries.map(({ query }) => query)).toEqual(Object.keys(explorerQueries));
    expect(report.leaves).toBeGreaterThan(1500);
    for (const { msP50, msP95, plan } of report.queries) {
      expect(msP50).toBeGreaterThan(0);
      expect(msP95).toBeGreaterThanOrEqual(msP50);
      expect(plan.join()).toMatch(/^SEARCH /);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
