import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enterIdentity, payeeOfIdentity, payeeOfPackages, personId } from '@jamnet/attribution';
import type { Economy } from '@jamnet/economy';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { slugOf } from './mirrored-repositories.ts';
import { ProfileFolder } from './profiles/profile-folder.ts';
import { TickSum } from './profiles/tick-sum.ts';
import { MILL, must, openEarningStudio, REPOSITORY, UNFIXED_WORKLOAD } from './testing/earning-studio.ts';

const payeeOf = (author: string): string => payeeOfIdentity(personId(`${author.toLowerCase()}@example.org`));
const [ADA, BEN, EVE] = ['Ada', 'Ben', 'Eve'].map(payeeOf) as [string, string, string];
const [CURATOR, OWNER] = [`p${'c'.repeat(32)}`, `p${'a'.repeat(32)}`];
const PROOF = '22'.repeat(32);
/** The mill with a second grinder in it, which changes what it prints. */
const LARGER = (MILL['mill.js'] ?? '').replace(
  'return flour + 1;',
  'const bran = flour % 7;\n  return flour + bran;',
);
/** The mill with a guard that no input of the workload meets. */
const GUARDED = (MILL['mill.js'] ?? '').replace(
  'return flour + 1;',
  "if (flour < 0) throw new Error('no grain');\n  return flour + 1;",
);

let studio: Awaited<ReturnType<typeof openEarningStudio>>;
beforeEach(async () => {
  studio = await openEarningStudio();
  studio.commit('Ada', MILL);
});
afterEach(() => studio.close());

/** What each payee of an epoch would be paid for code. */
async function duesOf(epochId: string): Promise<ReadonlyMap<string, bigint>> {
  const { payments } = must(await studio.economy.dryRun(epochId));
  return new Map(
    payments.map(({ payee, lines }) => [
      payee,
      lines.filter(({ kind }) => kind === 'code').reduce((sum, { microJam }) => sum + microJam, 0n),
    ]),
  );
}

// Each filing replays a workload in a sandbox: a slow machine needs its time.
describe('what code earns', { timeout: 240_000 }, () => {
  test('reaches the epoch: authors and packages, to the unit, and is explained', async () => {
    const epochId = await studio.openMonth(0);
    expect(studio.filer.unfiled(epochId)).toEqual({ ok: true, value: [REPOSITORY] });
    const filed = must(await studio.filer.fileEpoch(epochId));
    expect(filed).toMatchObject([{ repository: REPOSITORY, usedMerit: 1_000_000_000n, contributions: 2 }]);
    expect(studio.filer.unfiled(epochId)).toEqual({ ok: true, value: [] });
    await studio.closeMonth(epochId);
    const ada = await studio.economy.wallet(studio.clock.nowUs, ADA);
    expect(ada.lines.map(({ subject }) => subject)).toEqual([
      `git:${filed[0]?.head} ${REPOSITORY} ${epochId}`,
    ]);
    const payees = must(await studio.economy.statement(epochId)).payments.map(({ payee }) => payee);
    const [packages = ''] = payees.filter((payee) => payee !== ADA);
    const left = await studio.economy.wallet(studio.clock.nowUs, packages);
    // One repository of packages gets at most a fifth of the tenth that the policy sets aside.
    expect(left.escrowMicroJam * 49n).toBe(ada.escrowMicroJam);
    expect(left.lines.map(({ subject }) => subject)).toEqual([
      `package forge.example/left/left used by git:${filed[0]?.head} ${REPOSITORY} ${epochId}`,
    ]);
  });

  test('is filed once: again, after a push and after a rewrite only what is new in the epoch earns', async () => {
    const epochId = await studio.openMonth(0);
    must(await studio.filer.fileEpoch(epochId));
    const before = await duesOf(epochId);
    must(await studio.filer.fileEpoch(epochId));
    expect(await duesOf(epochId)).toEqual(before);
    // Eve rewrites the history in her name, another format and with an earlier date.
    studio.git('Eve', 'checkout', '--quiet', '--orphan', 'stolen');
    studio.commit('Eve', { 'mill.js': (MILL['mill.js'] ?? '').replaceAll('  ', '\t\t') });
    studio.git('Eve', 'branch', '--force', 'main');
    studio.git('Eve', 'checkout', '--quiet', 'main');
    expect(must(await studio.filer.fileEpoch(epochId))).toMatchObject([{ usedMerit: 0n, contributions: 0 }]);
    expect(await duesOf(epochId)).toEqual(before);
    const next = await studio.openMonth(1);
    must(await studio.filer.fileEpoch(next));
    const due = await duesOf(next);
    expect([due.has(EVE), due.has(ADA)]).toEqual([false, true]);
    await studio.closeMonth(epochId);
    // What is really new earns its part of the whole and no more.
    studio.commit('Ben', { 'mill.js': LARGER });
    const [added] = must(await studio.filer.fileEpoch(next));
    expect(added?.usedMerit).toBeGreaterThan(0n);
    expect(added?.usedMerit).toBeLessThan(1_000_000_000n);
    expect((await duesOf(next)).get(BEN)).toBeLessThan((await duesOf(next)).get(ADA) ?? 0n);
  });

  test('is measured by what the pinned commit holds, whatever its input is edited to', async () => {
    const epochId = await studio.openMonth(0);
    studio.commit('Eve', { 'run.mjs': 'throw new Error("broken");\n' });
    expect(must(await studio.filer.fileEpoch(epochId))).toMatchObject([{ usedMerit: 1_000_000_000n }]);
    expect((await duesOf(epochId)).has(EVE)).toBe(false);
  });

  test('is not paid again to a fork that the studio mirrors as well', async () => {
    const epochId = await studio.openMonth(0);
    const listed = join(studio.directory, 'code', 'repositories.json');
    const [row] = JSON.parse(readFileSync(listed, 'utf8')) as object[];
    const fork = 'forge.example/eve/mill';
    writeFileSync(listed, JSON.stringify([row, { ...row, repository: fork }]));
    expect(must(await studio.filer.fileEpoch(epochId))).toMatchObject([
      { repository: REPOSITORY, usedMerit: 1_000_000_000n },
      { repository: fork, usedMerit: 0n, contributions: 0 },
    ]);
    expect(await studio.filer.fileEpoch(epochId, 'forge.example/eve/wheel')).toMatchObject({
      code: 'repository-unknown',
    });
    // A reading loads its own repository's cache and no other's.
    expect(readdirSync(join(studio.directory, 'cache', 'attribution')).sort()).toEqual(
      [REPOSITORY, fork].map(slugOf),
    );
  });

  test('that was decided before a stop is filed as decided, whatever was pushed meanwhile', async () => {
    const epochId = await studio.openMonth(0);
    const stopping: Economy = {
      ...studio.economy,
      addContributions: () => Promise.reject(new Error('stopped')),
    };
    await expect(studio.filerOver(stopping).fileEpoch(epochId)).rejects.toThrow('stopped');
    const head = studio.git('Ada', 'rev-parse', 'HEAD');
    studio.commit('Ben', { 'mill.js': LARGER });
    expect(must(await studio.filer.fileEpoch(epochId))).toMatchObject([{ head, usedMerit: 1_000_000_000n }]);
    expect((await duesOf(epochId)).has(BEN)).toBe(false);
  });

  test('goes to whoever claims the identity, is merged and un-merged, and what waited is handed over', async () => {
    const first = await studio.openMonth(0);
    studio.commit('Ben', { 'mill.js': LARGER });
    must(await studio.filer.fileEpoch(first));
    await studio.closeMonth(first);
    const waits = async (payee: string) =>
      (await studio.economy.wallet(studio.clock.nowUs, payee)).escrowMicroJam;
    const [ofAda, ofBen] = [await waits(ADA), await waits(BEN)];
    const identify = (kind: 'claim' | 'release', author: string) =>
      must(
        enterIdentity(
          studio.directory,
          { kind, email: `${author.toLowerCase()}@example.org`, payee: OWNER },
          { atUs: studio.clock.nowUs, key: 'SHA256:k' },
        ),
      );
    identify('claim', 'Ada');
    identify('claim', 'Ben');
    // Nothing moves before the payee is registered.
    expect(must(await studio.filer.settleEscrow())).toEqual({ handedOver: [], expired: [] });
    must(
      await studio.economy.registerPayee(studio.clock.nowUs, {
        payee: OWNER,
        ownerGroup: 'owner',
        evidenceSha256: PROOF,
      }),
    );
    expect(must(await studio.filer.settleEscrow()).handedOver).toEqual([
      { from: ADA, to: OWNER, microJam: ofAda, cents: 0n },
      { from: BEN, to: OWNER, microJam: ofBen, cents: 0n },
    ]);
    // The public books show what moved.
    expect(studio.published.at(-1)).toBe(await studio.ledger.size());
    expect((await studio.economy.wallet(studio.clock.nowUs, OWNER)).balanceMicroJam).toBe(ofAda + ofBen);
    const second = await studio.openMonth(1);
    expect(must(await studio.filer.fileEpoch(second))).toMatchObject([{ contributions: 2 }]);
    const merged = await duesOf(second);
    expect([merged.has(OWNER), merged.has(ADA), merged.has(BEN)]).toEqual([true, false, false]);
    await studio.closeMonth(second);
    identify('release', 'Ben');
    const third = await studio.openMonth(2);
    must(await studio.filer.fileEpoch(third));
    const apart = await duesOf(third);
    expect([apart.has(OWNER), apart.has(ADA), apart.has(BEN)]).toEqual([true, false, true]);
  });

  test('for packages waits until somebody shows that their repository is theirs', async () => {
    const epochId = await studio.openMonth(0);
    must(await studio.filer.fileEpoch(epochId));
    await studio.closeMonth(epochId);
    const packages = 'forge.example/left/left';
    const from = payeeOfPackages(packages);
    const { escrowMicroJam } = await studio.economy.wallet(studio.clock.nowUs, from);
    expect(escrowMicroJam).toBeGreaterThan(0n);
    const checked = { atUs: studio.clock.nowUs, key: `git:${'1'.repeat(40)}` };
    must(enterIdentity(studio.directory, { kind: 'claim', packages, payee: OWNER }, checked));
    const owner = { payee: OWNER, ownerGroup: 'owner', evidenceSha256: PROOF };
    must(await studio.economy.registerPayee(studio.clock.nowUs, owner));
    expect(must(await studio.filer.settleEscrow()).handedOver).toEqual([
      { from, to: OWNER, microJam: escrowMicroJam, cents: 0n },
    ]);
  });

  test('stays with who has claimed the address, whatever a .mailmap says', async () => {
    const request = { kind: 'claim' as const, email: 'ada@example.org', payee: OWNER };
    studio.commit('Eve', { '.mailmap': 'Eve <eve@example.org> <ada@example.org>\n' });
    const first = await studio.openMonth(0);
    must(await studio.filer.fileEpoch(first));
    expect([...(await duesOf(first)).keys()]).toContain(EVE);
    must(enterIdentity(studio.directory, request, { atUs: studio.clock.nowUs, key: 'SHA256:k' }));
    await studio.closeMonth(first);
    const second = await studio.openMonth(1);
    must(await studio.filer.fileEpoch(second));
    const due = await duesOf(second);
    expect([due.has(OWNER), due.has(EVE)]).toEqual([true, false]);
  });

  test('from a principal who opted in to profiles goes by what their own sessions ran, whatever others did', async () => {
    const first = studio.git('Ada', 'rev-parse', 'HEAD');
    studio.commit('Ben', { 'mill.js': LARGER });
    const epochId = await studio.openMonth(0);
    const ran = (principal: string, revision: string, line: number, ticks: number): void => {
      const sum = new TickSum();
      sum.add(new Map([['mill.js', new Map([[line, ticks]])]]));
      new ProfileFolder(studio.directory).write(epochId, principal, revision, sum);
    };
    // A third of the payer's time in Ada's first version, two thirds on Ben's line of the second.
    ran('payer', first, 3, 1_000);
    ran('payer', studio.git('Ada', 'rev-parse', 'HEAD'), 4, 2_000);
    // Who pays nothing moves nothing, and another program's commits are not ours.
    ran('guest', first, 3, 1_000_000);
    ran('payer', 'f'.repeat(40), 3, 1_000_000);
    must(await studio.filer.fileEpoch(epochId));
    must(await studio.filer.fileEpoch(epochId));
    const { payments } = must(await studio.economy.dryRun(epochId));
    const lines = payments.flatMap(({ payee, lines }) =>
      lines.map(({ rule, microJam }) => ({ payee, rule, microJam })),
    );
    expect(new Set(lines.map(({ rule }) => rule))).toEqual(new Set(['use']));
    const whole = lines.reduce((sum, { microJam }) => sum + microJam, 0n);
    const partOf = (payee: string): number =>
      Number(
        (1_000_000n *
          lines.filter((line) => line.payee === payee).reduce((sum, { microJam }) => sum + microJam, 0n)) /
          whole,
      );
    // Two hundredths are the package's; of the rest a third and two thirds.
    expect([partOf(ADA), partOf(BEN)]).toEqual([326_666, 653_333]);
  });

  test('by profiles goes to who was first, though a rewrite names another at the revision that ran', async () => {
    must(await studio.filer.fileEpoch(await studio.openMonth(0)));
    studio.git('Eve', 'checkout', '--quiet', '--orphan', 'stolen');
    const stolen = studio.commit('Eve', MILL);
    studio.git('Eve', 'branch', '--force', 'main');
    studio.git('Eve', 'checkout', '--quiet', 'main');
    const epochId = await studio.openMonth(1);
    const sum = new TickSum();
    sum.add(new Map([['mill.js', new Map([[3, 1_000]])]]));
    new ProfileFolder(studio.directory).write(epochId, 'payer', stolen, sum);
    must(await studio.filer.fileEpoch(epochId));
    const { payments } = must(await studio.economy.dryRun(epochId));
    const rulesOf = (payee: string): readonly string[] => [
      ...new Set(payments.flatMap((one) => (one.payee === payee ? one.lines.map(({ rule }) => rule) : []))),
    ];
    expect([rulesOf(ADA), rulesOf(EVE)]).toEqual([['use'], []]);
  });

  test('of a gated commit is a bounty that a curator of another owner group grants, once, within its part', async () => {
    const baseline = await studio.openMonth(0);
    must(await studio.filer.fileEpoch(baseline));
    await studio.closeMonth(baseline);
    const commit = studio.commit('Ben', { 'mill.js': GUARDED });
    const epochId = await studio.openMonth(1);
    expect(must(await studio.filer.fileEpoch(epochId))).toMatchObject([{ queued: 1, bountiesPaid: 0 }]);
    expect((await duesOf(epochId)).has(BEN)).toBe(false);
    const [waiting] = must(studio.bounties.page({ after: null, limit: 9 })).rows;
    expect(waiting).toMatchObject({ commit, state: 'waiting', statements: 1, payees: [BEN] });
    const id = waiting?.id ?? '';
    expect(must(await studio.bounties.show(id)).change).toMatchObject({ added: 1, removed: 0, files: 1 });
    expect(must(await studio.bounties.show(id)).change.diff).toContain('+  if (flour < 0) throw');

    const grant = { id, verdict: 'granted' as const, reason: 'A real guard', curator: CURATOR };
    expect(await studio.bounties.decide({ ...grant, curator: BEN })).toMatchObject({
      code: 'bounty-own-work',
    });
    for (const payee of [CURATOR, BEN])
      must(
        await studio.economy.registerPayee(studio.clock.nowUs, {
          payee,
          ownerGroup: 'household',
          evidenceSha256: PROOF,
        }),
      );
    expect(await studio.bounties.decide(grant)).toMatchObject({ code: 'bounty-own-work' });
    const stranger = { ...grant, curator: OWNER };
    expect(await studio.bounties.decide({ ...stranger, reason: ' ' })).toMatchObject({
      code: 'bounty-malformed',
    });
    expect(await studio.bounties.decide({ ...stranger, id: '0'.repeat(16) })).toMatchObject({
      code: 'bounty-unknown',
    });
    expect(must(await studio.bounties.decide(stranger))).toMatchObject({ state: 'granted', curator: OWNER });
    expect(await studio.bounties.decide({ ...stranger, verdict: 'refused' })).toMatchObject({
      code: 'bounty-decided',
    });
    const logged = await studio.ledger.entryByKey(`bounty:${id}`);
    expect(logged?.leaf).toMatchObject({ type: 'record', kind: 'bounty-granted' });

    // The same work under another commit is the same work.
    await studio.closeMonth(epochId);
    studio.drop(1);
    studio.commit('Eve', { 'mill.js': GUARDED });
    const next = await studio.openMonth(2);
    expect(must(await studio.filer.fileEpoch(next))).toMatchObject([
      { queued: 0, bountiesPaid: 1, usedMerit: 1_000_000_000n },
    ]);
    expect(must(studio.bounties.page({ after: null, limit: 9 })).rows).toMatchObject([
      { state: 'paid', epochId: next },
    ]);
    const due = await duesOf(next);
    const all = [...due.values()].reduce((sum, part) => sum + part, 0n);
    // 50,000,000 of 1,050,000,000: the bounty's merit beside the use of the whole repository.
    const exact = (all * 50n) / 1_050n;
    expect([exact, exact + 1n]).toContain(due.get(BEN));
    expect(due.has(EVE)).toBe(false);
    await studio.closeMonth(next);
    const last = await studio.openMonth(3);
    expect(must(await studio.filer.fileEpoch(last))).toMatchObject([{ queued: 0, bountiesPaid: 0 }]);
    expect((await duesOf(last)).has(BEN)).toBe(false);
  });

  test('is refused with what to do, and nothing is filed, where it cannot be paid', async () => {
    const { filer, directory } = studio;
    expect(await filer.fileEpoch('2031-04')).toMatchObject({ code: 'unknown-epoch' });
    const epochId = await studio.openMonth(0);
    const other = { command: ['node', 'run.mjs'], inputs: [], timeLimitSeconds: 5 };
    writeFileSync(join(directory, 'workload.json'), JSON.stringify(other));
    expect(await filer.fileEpoch(epochId)).toMatchObject({ code: 'workload-not-pinned' });
    writeFileSync(join(directory, 'workload.json'), '{');
    expect(await filer.fileEpoch(epochId)).toMatchObject({ code: 'workload-malformed' });
    // Pinned by its hash, it would still leave to whoever edits run.mjs what counts.
    writeFileSync(join(directory, 'workload.json'), JSON.stringify(UNFIXED_WORKLOAD));
    expect(await filer.fileEpoch(epochId)).toMatchObject({ code: 'workload-not-fixed' });
    writeFileSync(join(directory, 'workload.json'), JSON.stringify(studio.workload));
    studio.commit('Ada', { 'mill.js': 'throw new Error("broken");\n' });
    expect(await filer.fileEpoch(epochId)).toMatchObject({ code: 'code-not-measured' });
    expect(filer.unfiled(epochId)).toEqual({ ok: true, value: [REPOSITORY] });
    await studio.closeMonth(epochId);
    expect(await filer.fileEpoch(epochId)).toMatchObject({ code: 'epoch-closed' });
  });
});
