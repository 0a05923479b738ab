import { sql } from 'kysely';
import type { MeshTables } from '../core/store.ts';
import { among, boundList } from './among.ts';
import type { Batches } from './batches.ts';
import { ARRIVAL, HELD, OPEN, type Questions } from './questions.ts';
import {
  checkColumns,
  checkOf,
  evidenceColumns,
  evidenceOf,
  nodeColumns,
  nodeOf,
  workColumns,
  workOf,
} from './rows-of.ts';
import type { MeshKysely, Tables } from './tables.ts';

// Literals, so that the planner sees that the index over them serves.
/** As the index over them has it. */
const UNCREDITED = sql<boolean>`state = 'released' AND credited = 0`;
const SETTLED = sql<boolean>`state <> 'held'`;
const PLACE = sql<bigint>`sequence`.as('place');

/** Of rows in the order in which they came. */
function isBefore(place: bigint | null) {
  return place === null ? sql<boolean>`true` : sql<boolean>`sequence < ${place}`;
}

type NodeTables = Pick<
  MeshTables,
  | 'node'
  | 'peekNode'
  | 'nodes'
  | 'nodesAfter'
  | 'saveNode'
  | 'touchNodes'
  | 'activeNodes'
  | 'silentNodes'
  | 'countNewcomers'
  | 'forgetNewcomers'
>;

export function nodeTables(
  kysely: MeshKysely,
  engine: 'sqlite' | 'postgres',
  ready: { readonly batches: Batches; readonly questions: Questions },
): NodeTables {
  const { batches, questions } = ready;
  const parsed = (row: Tables['mesh_node'] | undefined) => (row ? nodeOf(row) : null);
  return {
    node: async (id) => parsed((await questions.node.all(kysely, { id }))[0]),
    peekNode: async (id) =>
      parsed(await kysely.selectFrom('mesh_node').selectAll().where('id', '=', id).executeTakeFirst()),
    nodes: async () => (await kysely.selectFrom('mesh_node').selectAll().orderBy('id').execute()).map(nodeOf),
    async nodesAfter({ after, limit, state }) {
      let query = kysely.selectFrom('mesh_node').selectAll().where('id', '>', after);
      if (state) query = query.where('state', '=', state);
      return (await query.orderBy('id').limit(limit).execute()).map(nodeOf);
    },
    async saveNode(row) {
      await batches.nodes.insert(kysely, [nodeColumns(row)], 'replace');
    },
    async touchNodes(ids, nowUs) {
      if (ids.length === 0) return;
      await kysely
        .updateTable('mesh_node')
        .set({ seen_at_us: nowUs })
        .where(among(engine, 'id', boundList(engine, ids)))
        .where('state', '=', 'active')
        .execute();
    },
    async activeNodes() {
      const rows = await kysely.selectFrom('mesh_node').select('id').where('state', '=', 'active').execute();
      return rows.map((row) => row.id);
    },
    async silentNodes({ nowUs, silenceUs, limit }) {
      return (await questions.silentSince.all(kysely, { instantUs: nowUs - silenceUs, limit })).map(nodeOf);
    },
    async countNewcomers(limit) {
      const [found] = await questions.countNewcomers.all(kysely, { limit });
      return Number(found?.count ?? 0n);
    },
    async forgetNewcomers(instantUs, limit) {
      await questions.forgetNewcomers.all(kysely, { instantUs, limit });
    },
  };
}

type CheckTables = Pick<
  MeshTables,
  'insertChecks' | 'check' | 'openChecks' | 'claimChecks' | 'countOpenChecks' | 'saveCheck'
>;

export function checkTables(
  kysely: MeshKysely,
  { batches, questions }: { readonly batches: Batches; readonly questions: Questions },
): CheckTables {
  return {
    async insertChecks(rows) {
      await batches.checks.insert(kysely, rows.map(checkColumns), 'keep');
    },
    async check(id) {
      const [row] = await questions.check.all(kysely, { id });
      return row ? checkOf(row) : null;
    },
    async openChecks(limit) {
      const query = kysely.selectFrom('mesh_check').selectAll().where(OPEN).orderBy(ARRIVAL).limit(limit);
      return (await query.execute()).map(checkOf);
    },
    async claimChecks(nowUs, untilUs, limit) {
      const claimed = await questions.claimChecks.all(kysely, { nowUs, untilUs, limit });
      return claimed.sort((a, b) => Number(a.sequence - b.sequence)).map(checkOf);
    },
    async countOpenChecks() {
      const query = kysely
        .selectFrom('mesh_check')
        .select(({ fn }) => fn.countAll<bigint>().as('count'))
        .where(OPEN);
      return Number((await query.executeTakeFirstOrThrow()).count);
    },
    async saveCheck(row) {
      await batches.checks.update(kysely, [checkColumns(row)], ['done']);
    },
  };
}

type WorkTables = Pick<
  MeshTables,
  | 'insertWork'
  | 'heldWork'
  | 'heldSummary'
  | 'workById'
  | 'workBefore'
  | 'work'
  | 'saveWork'
  | 'uncreditedWork'
  | 'creditWork'
>;

export function workTables(
  kysely: MeshKysely,
  { batches, questions }: { readonly batches: Batches; readonly questions: Questions },
): WorkTables {
  const select = () => kysely.selectFrom('mesh_work').selectAll().orderBy(ARRIVAL);
  return {
    async insertWork(rows) {
      // The same node computing the same task again after a refusal brings its row back to `held`.
      await batches.work.insert(kysely, rows.map(workColumns), 'replace');
    },
    async heldWork(node, limit) {
      const rows =
        limit === undefined
          ? await select().where('node', '=', node).where(HELD).execute()
          : await questions.oldestHeld.all(kysely, { node, limit });
      return rows.map(workOf);
    },
    async heldSummary(node) {
      const [found] = await questions.heldSummary.all(kysely, { node });
      return { count: Number(found?.count ?? 0n), dearest: found?.dearest ?? 0n };
    },
    async workById(id) {
      const [row] = await questions.work.all(kysely, { id });
      return row ? workOf(row) : null;
    },
    async workBefore({ node, before, limit }) {
      const newest = (state: typeof HELD) =>
        kysely
          .selectFrom('mesh_work')
          .selectAll()
          .select(PLACE)
          .where('node', '=', node)
          .where(state)
          .where(isBefore(before))
          .orderBy(ARRIVAL, 'desc')
          .limit(limit)
          .execute();
      // Each has its own index, in which they lie in this order.
      const found = [...(await newest(HELD)), ...(await newest(SETTLED))];
      const rows = found.sort((a, b) => Number(b.place - a.place)).slice(0, limit);
      return rows.map((row) => ({ ...workOf(row), place: row.place }));
    },
    async work(filter) {
      let query = select();
      if (filter.state) query = query.where('state', '=', filter.state);
      if (filter.node) query = query.where('node', '=', filter.node);
      return (await query.execute()).map(workOf);
    },
    async saveWork(rows) {
      await batches.work.update(kysely, rows.map(workColumns), ['state', 'verified']);
    },
    async uncreditedWork({ after, limit }) {
      const rows = await kysely
        .selectFrom('mesh_work')
        .selectAll()
        .select(PLACE)
        .where(UNCREDITED)
        .where(sql<boolean>`sequence > ${after}`)
        .orderBy(ARRIVAL)
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...workOf(row), place: row.place }));
    },
    async creditWork(ids) {
      if (ids.length > 0)
        await kysely.updateTable('mesh_work').set({ credited: 1n }).where('id', 'in', ids).execute();
    },
  };
}

type PaperTables = Pick<MeshTables, 'addEvidence' | 'forgetEvidence' | 'evidenceOf' | 'evidenceBefore'>;

export function paperTables(kysely: MeshKysely, questions: Questions): PaperTables {
  return {
    async addEvidence(rows) {
      if (rows.length > 0)
        await kysely.insertInto('mesh_evidence').values(rows.map(evidenceColumns)).execute();
    },
    async forgetEvidence(instantUs, limit) {
      await questions.forgetEvidence.all(kysely, { instantUs, limit });
    },
    async evidenceOf(node, limit) {
      const query = kysely.selectFrom('mesh_evidence').selectAll().where('node', '=', node);
      return (
        await query
          .orderBy('sequence' as 'at_us', 'desc')
          .limit(limit)
          .execute()
      ).map(evidenceOf);
    },
    async evidenceBefore({ node, before, limit }) {
      const query = kysely.selectFrom('mesh_evidence').selectAll().select(PLACE);
      const rows = await query
        .where('node', '=', node)
        .where(isBefore(before))
        .orderBy('sequence' as 'at_us', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...evidenceOf(row), place: row.place }));
    },
  };
}
