import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { openMeshStore } from '../store/sql-store.ts';
import { createTasks } from '../testing/coordinators.ts';
import { partsFor, register, runChecks } from '../testing/hosts.ts';
import { Coordinator } from './coordinator.ts';
import { TRUST_POLICY } from './trust.ts';

/** Nobody is looked at between the first results and the end: only a last look finds anything. */
const TRUST = { ...TRUST_POLICY, checkFloorPermille: 0, checkYoungPermille: 0, settleChecks: 24 };

describeOnEveryEngine('results whose inputs are erased', (openFresh) => {
  /** A host that lies from its 80th of 120 results on. */
  async function liarWithHeldPay() {
    const store = await openMeshStore((await openFresh()).database);
    const coordinator = new Coordinator({ ...partsFor({ seed: 'test' }), trust: TRUST }, store);
    const liar = await register(coordinator, 'eve', { tamperFrom: 80 });
    const tasks = await createTasks(coordinator, 120);
    for (let round = 0n; round < 12n; round++) {
      await liar.workOff(coordinator, round, 10);
      await runChecks(coordinator, round);
    }
    const rows = await coordinator.tasks(tasks);
    const inputHashes = rows.filter(({ id }) => liar.tampered.has(id)).map(({ inputHash }) => inputHash);
    const erase = () => store.forget(inputHashes);
    return { coordinator, inputHashes, erase };
  }

  test("are looked at before, as many as at an epoch's end, and a lie among them costs all that is held", async () => {
    const { coordinator, inputHashes, erase } = await liarWithHeldPay();
    const look = { type: 'look-before-erasing', inputHashes } as const;
    const asked = await coordinator.apply(20n, look);
    expect(asked.answer).toMatchObject({ ok: true, value: { pending: 24 } });
    expect(asked.effects.map(({ type }) => type)).toEqual(Array.from({ length: 24 }, () => 'check'));
    await runChecks(coordinator, 21n);
    expect((await coordinator.apply(22n, look)).answer).toMatchObject({ ok: true, value: { pending: 0 } });
    await erase();
    const [node] = await coordinator.nodes();
    expect(node?.provenFakes).toBeGreaterThan(0);
    expect(node?.heldUnits).toBe(0n);
  });

  test('bring nothing where nobody looked before, and the node is not blamed; others are drawn in their place', async () => {
    const { coordinator, erase } = await liarWithHeldPay();
    await erase();
    let looked = 0;
    for (let round = 30n; round < 60n; round++) {
      await coordinator.apply(round, { type: 'settle' });
      const open = await coordinator.openChecks(100);
      if (open.length === 0) break;
      for (const check of open) {
        const gone = (await coordinator.blob(check.inputHash))?.length === 0;
        if (!gone) continue;
        looked++;
        const outcome = { ran: false, reason: 'its input was erased', gone } as const;
        await coordinator.apply(round, { type: 'checked', check: check.id, outcome });
      }
      await runChecks(coordinator, round);
    }
    expect(looked).toBeGreaterThan(0);
    const [node] = await coordinator.nodes();
    expect(node).toMatchObject({
      provenFakes: 0,
      state: 'active',
      heldUnits: 0n,
      forfeitedUnits: 2n * BigInt(looked),
    });
    const sentences = (await coordinator.evidenceOf(node?.id ?? '', 500)).map(({ sentence }) => sentence);
    expect(sentences).toContain(
      "The studio's last look came too late: its input was erased. What nobody can look at is not paid; not your fault, no penalty.",
    );
  });
});
