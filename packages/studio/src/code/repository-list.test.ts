import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileSummary } from '@jamnet/attribution';
import type { Result } from '@jamnet/base';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Page } from '../paging/page.ts';
import { CodeFolder } from './code-folder.ts';
import { RepositoryList } from './repository-list.ts';

const FIRST = { after: null, limit: 2 };
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-repositories-'));
  mkdirSync(join(directory, 'code'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function list(...rows: readonly object[]): void {
  writeFileSync(join(directory, 'code', 'repositories.json'), JSON.stringify(rows));
}

/** A picture with so many files, whose shares fall. */
function draw(repository: string, fileCount: number): void {
  const files = Array.from({ length: fileCount }, (_, n) => ({
    ...{ path: `${'deep/'.repeat(100)}${n}.ts`, statements: 1, share: 100 - n, owner: null },
  }));
  new CodeFolder(directory).write({
    files: [],
    people: [],
    summary: {
      ...{ repository, head: '1'.repeat(40), commits: 7, statements: 9, gated: ['2'.repeat(40)] },
      ...{ gate: 'run', dependencies: [], dependencyUse: 'not-run', toolVersion: 'v', inputHash: 'h' },
      ...{ problem: null, files, people: [{ id: 'e'.repeat(32), name: 'Ada', share: 1, statements: 9 }] },
    },
  });
}

test('repositories are those on the list and those of which a picture is left, page by page', () => {
  list(
    { repository: 'forge.example/ada/mill', address: 'https://forge.example/ada/mill', workload: '/w' },
    { repository: 'forge.example/bo/wheel', address: 'https://forge.example/bo/wheel' },
  );
  draw('forge.example/ada/mill', 1);
  draw('forge.example/cy/gone', 1);
  const repositories = new RepositoryList(directory);
  const first = repositories.page(FIRST);
  expect(first).toMatchObject({
    value: {
      rows: [
        {
          slug: 'forge.example-ada-mill',
          repository: 'forge.example/ada/mill',
          isMeasured: true,
          read: { commits: 7, people: 1, files: 1, heldBack: 1, packages: null },
        },
        { repository: 'forge.example/bo/wheel', isMeasured: false, read: null },
      ],
      next: 'forge.example-bo-wheel',
    },
  });
  expect(repositories.page({ after: 'forge.example-bo-wheel', limit: 2 })).toMatchObject({
    value: { rows: [{ repository: 'forge.example/cy/gone', isMeasured: false }], next: null },
  });
  // Where it is fetched from is the operator's own business.
  expect(JSON.stringify(first)).not.toContain('https://');
});

test('files with the longest paths page to their end, the hottest first', () => {
  draw('forge.example/ada/mill', 5);
  const repositories = new RepositoryList(directory);
  const shares: number[] = [];
  let after: string | null = null;
  do {
    const page: Result<Page<FileSummary>> = repositories.parts('forge.example-ada-mill', 'files', {
      after,
      limit: 2,
    });
    if (!page.ok) throw new Error(page.message);
    shares.push(...page.value.rows.map(({ share }) => share));
    after = page.value.next;
    expect(after?.length ?? 0).toBeLessThan(320);
  } while (after !== null);
  expect(shares).toEqual([100, 99, 98, 97, 96]);
});

test('one is told with what is known of it', () => {
  list({ repository: 'forge.example/bo/wheel', address: 'https://forge.example/bo/wheel' });
  draw('forge.example/cy/gone', 1);
  const repositories = new RepositoryList(directory);
  expect(repositories.one('forge.example-bo-wheel')).toMatchObject({ value: { read: null } });
  expect(repositories.one('forge.example-cy-gone')).toMatchObject({
    value: { repository: 'forge.example/cy/gone', read: { commits: 7 } },
  });
  expect(repositories.one('forge.example-nobody')).toMatchObject({ code: 'code-unknown' });
});

test.each(['forge.example-nobody', '..', '.hidden'])('%s is no repository here', (slug) => {
  expect(new RepositoryList(directory).parts(slug, 'people', FIRST)).toMatchObject({ code: 'code-unknown' });
});
