import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CodeFinding, JudgedStatements } from './code-finding.ts';
import { type CodeFilingRecord, FilingFolder } from './filing-folder.ts';
import { must, openEarningStudio, REPOSITORY } from './testing/earning-studio.ts';

const [FIRST, SECOND] = ['1'.repeat(40), '2'.repeat(40)] as const;

let studio: Awaited<ReturnType<typeof openEarningStudio>>;
let folder: FilingFolder;
beforeEach(async () => {
  studio = await openEarningStudio();
  folder = new FilingFolder(studio.directory);
});
afterEach(() => studio.close());

function judgedAt(head: string): JudgedStatements {
  return { head, passedKeys: [], gatedKeys: [head.slice(0, 32)] };
}

/** A filing that earned nothing, as it was decided. */
function decided(epochId: string, isFiled: boolean, { head, since }: Pick<CodeFinding, 'head' | 'since'>) {
  const finding: CodeFinding = {
    ...{ repository: REPOSITORY, head, since, inputHash: '', toolVersion: '', judged: judgedAt(head) },
    ...{ workloadSha256: null, outputSha256: null, problem: null },
    ...{ earnings: [], names: {}, uses: [], earningKeys: [], gatedWork: [] },
  };
  const record: CodeFilingRecord = { epochId, isFiled, finding, contributions: [], uses: [], bounties: [] };
  folder.write(record);
}

test('a second filing that stopped half-way holds the close back as a first does, until it is finished', async () => {
  const epochId = await studio.openMonth(0);
  decided(epochId, true, { head: FIRST, since: null });
  expect(studio.filer.unfiled(epochId)).toEqual({ ok: true, value: [] });
  decided(epochId, false, { head: SECOND, since: FIRST });
  expect(studio.filer.unfiled(epochId)).toEqual({ ok: true, value: [REPOSITORY] });
  expect(must(await studio.filer.fileEpoch(epochId))).toMatchObject([{ head: SECOND }]);
  expect(studio.filer.unfiled(epochId)).toEqual({ ok: true, value: [] });
});

test('a filing that is finished late leaves what a newer one has judged meanwhile', async () => {
  const epochId = await studio.openMonth(0);
  decided(epochId, false, { head: FIRST, since: null });
  folder.keepJudged(REPOSITORY, judgedAt(SECOND));
  expect(must(await studio.filer.fileEpoch(epochId))).toMatchObject([{ head: FIRST }]);
  expect(folder.judged(REPOSITORY)).toEqual(judgedAt(SECOND));
});

test('a filing that follows on the one before keeps what it judged', async () => {
  const epochId = await studio.openMonth(0);
  folder.keepJudged(REPOSITORY, judgedAt(FIRST));
  decided(epochId, false, { head: SECOND, since: FIRST });
  must(await studio.filer.fileEpoch(epochId));
  expect(folder.judged(REPOSITORY)).toEqual(judgedAt(SECOND));
});
