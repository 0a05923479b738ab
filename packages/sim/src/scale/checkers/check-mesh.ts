import { platformSha256 } from '@jamnet/jamnode';
import { commitToResult, DISPATCH_POLICY, type NodeRow, type TaskRow, type WorkRow } from '@jamnet/mesh';
import { honestResult, inputOf } from '@jamnet/mesh/testing';
import type { Known } from '../known.ts';
import { hold } from '../scale-broken.ts';
import type { StudioProcess } from '../studio-process.ts';

const TASKS_AT_ONCE = 5_000;
const CHUNKS = 8;

export interface MeshFigures {
  readonly tasks: number;
  readonly accepted: number;
  /** Given up after as many leases as the policy allows. */
  readonly givenUp: number;
  readonly released: number;
  /** Released though false, and never found out: what the trust policy leaves, not a broken promise. */
  readonly falseReleased: number;
  readonly nodes: number;
  readonly banned: number;
}

/** No task lost or doubled; nobody paid twice for one, nor for what was proven false, nor for verified work that is not true. */
export async function checkMesh(
  studio: StudioProcess,
  known: Known,
): Promise<MeshFigures & { releasedUnits: ReadonlyMap<string, bigint> }> {
  const works = new WorkCheck(known);
  const nodes = await studio.coordinator.nodes();
  // All of it at once: asked node by node, each question reads all work there is.
  const byNode = new Map<string, WorkRow[]>();
  for (const work of await studio.coordinator.work()) {
    const own = byNode.get(work.node);
    if (own) own.push(work);
    else byNode.set(work.node, [work]);
  }
  for (const node of nodes) {
    works.checkNode(node, byNode.get(node.id) ?? []);
    byNode.delete(node.id);
  }
  hold('work', byNode.size === 0, () => `work of nodes that are not there: ${[...byNode.keys()]}`);
  const ids = [...known.tasks.keys()];
  let [accepted, givenUp] = [0, 0];
  for (let start = 0; start < ids.length; start += TASKS_AT_ONCE) {
    const some = ids.slice(start, start + TASKS_AT_ONCE);
    const rows = new Map((await studio.coordinator.tasks(some)).map((row) => [row.id, row]));
    for (const id of some) {
      const state = works.checkTask(id, rows.get(id));
      if (state === 'accepted') accepted++;
      else givenUp++;
    }
  }
  const depth = await studio.coordinator.queueDepth();
  const stored = Object.values(depth).reduce((sum, count) => sum + count, 0);
  hold('tasks', stored === ids.length, () => `${ids.length} tasks were asked for, ${stored} are there`);
  return {
    tasks: ids.length,
    accepted,
    givenUp,
    released: works.releasedUnits.size,
    falseReleased: works.falseReleased,
    nodes: nodes.length,
    banned: nodes.filter(({ state }) => state === 'banned').length,
    releasedUnits: works.releasedUnits,
  };
}

class WorkCheck {
  readonly releasedUnits = new Map<string, bigint>();
  falseReleased = 0;
  readonly #known: Known;
  /** Who is paid, or will be, for a task. */
  readonly #payable = new Map<string, string>();
  readonly #earned = new Set<string>();

  constructor(known: Known) {
    this.#known = known;
  }

  checkNode(node: NodeRow, works: readonly WorkRow[]): void {
    const units = { held: 0n, released: 0n, forfeited: 0n };
    for (const work of works) {
      units[work.state] += work.workUnits;
      const pair = `${work.task}/${node.id}`;
      hold('work', !this.#earned.has(pair), () => `${pair} earned twice`);
      this.#earned.add(pair);
      if (work.state !== 'forfeited') this.#checkPayable(node, work, pair);
    }
    const { heldUnits, releasedUnits, forfeitedUnits } = node;
    const agrees =
      units.held === heldUnits && units.released === releasedUnits && units.forfeited === forfeitedUnits;
    hold(
      'work',
      agrees,
      () => `sums of node ${node.id} differ from its work: ${JSON.stringify(units, text)}`,
    );
  }

  #checkPayable(node: NodeRow, work: WorkRow, pair: string): void {
    hold('work', !this.#payable.has(work.task), () => `task ${work.task} is paid for twice`);
    this.#payable.set(work.task, node.id);
    hold('false work', !this.#known.proven.has(pair), () => `${pair} was proven false and is ${work.state}`);
    const isTrue = this.#isTrue(work);
    hold('false work', isTrue || !work.verified, () => `${pair} is false and counts as verified`);
    if (work.state !== 'released') return;
    this.releasedUnits.set(work.id, work.workUnits);
    if (!isTrue) this.falseReleased++;
  }

  #isTrue({ task, resultHash }: WorkRow): boolean {
    const number = this.#known.tasks.get(task);
    hold('tasks', number !== undefined, () => `task ${task} was never asked for`);
    const truth = honestResult(inputOf(number));
    return commitToResult(platformSha256, truth, CHUNKS).resultHash === resultHash;
  }

  checkTask(id: string, row: TaskRow | undefined): 'accepted' | 'failed' {
    hold('tasks', row !== undefined, () => `task ${id} is lost`);
    const { state, node, lease } = row;
    if (state === 'failed') {
      hold(
        'tasks',
        lease >= DISPATCH_POLICY.leasesMax,
        () => `task ${id} was given up after ${lease} leases`,
      );
      return state;
    }
    hold('tasks', state === 'accepted' && node !== null, () => `task ${id} is ${state}`);
    hold('work', this.#earned.has(`${id}/${node}`), () => `the work of task ${id} is lost`);
    const paid = this.#payable.get(id);
    hold('work', paid === undefined || paid === node, () => `task ${id} is of ${node}, paid to ${paid}`);
    return 'accepted';
  }
}

function text(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
