import { present } from '@jamnet/base';
import {
  type Agreement,
  type CheckRow,
  chunkOf,
  chunkVerdict,
  compareChunk,
  type NewTask,
} from '@jamnet/mesh';
import { honestResult, inputOf } from '@jamnet/mesh/testing';
import { DAY_US } from './fault-plan.ts';
import { hold } from './scale-broken.ts';
import type { ScaleWorld } from './scale-world.ts';
import { SimHost } from './sim-host.ts';
import { coordinatorParts, SCALE_KIND } from './studio-process.ts';

const CREATE_MAX = 500;
const CHECKS_AT_ONCE = 200;
/** Tasks that a session asks for, and sessions for each task. */
const LEASE = 4;
const TASKS_A_SESSION = 3;
/** Of a hundred tasks two hosts compute each; of a hundred answers one comes after its lease's end. */
const REPLICATED_PERCENT = 5;
const LATE_PERCENT = 1;
const LATE_US = 90_000_000;
const WORK_US = 30_000_000;
/** Of ten hosts whose key was banned, half come back under a new one. */
const RETURNING_OF_TEN = 5;
/** And one more for each ten tasks: a session takes up to fifty. */
const DRAIN_ROUNDS_LEAST = 300;

/** The network of hosts: tasks are made, leased, computed truly or not, checked, and in the end all done. */
export class HostsAtWork {
  readonly #world: ScaleWorld;
  readonly #hosts: readonly SimHost[];
  readonly #tolerance;
  readonly #created: number[] = [];
  #serial = 0;
  #nonces = 0;

  constructor(world: ScaleWorld, seed: string) {
    this.#world = world;
    const { people, chance, size } = world;
    this.#hosts = Array.from(
      { length: size.hosts },
      (_, number) => new SimHost(number, seed, people.owner(number), chance.fork(`host ${number}`)),
    );
    this.#tolerance = present(coordinatorParts(seed).catalogue.find(SCALE_KIND, 1), 'the kind').tolerance;
  }

  /** Plans a day's tasks and the sessions of those who take them. */
  planDay(day: number): void {
    const { chance, size } = this.#world;
    const startUs = day * DAY_US;
    for (let left = size.tasksPerDay; left > 0; left -= CREATE_MAX) {
      const count = Math.min(left, CREATE_MAX);
      this.#world.at(startUs + chance.below(DAY_US / 2_000_000) * 1_000_000, () => this.#create(count));
    }
    for (let n = 0; n < size.tasksPerDay; n += TASKS_A_SESSION) {
      const host = present(this.#hosts[chance.below(size.hosts)], 'host');
      this.#world.at(startUs + chance.below(86_400) * 1_000_000, () => this.#session(host));
    }
  }

  /** What a coordinator's process does by itself, and its trusted hosts. */
  async tick(): Promise<void> {
    const world = this.#world;
    const { clockUs } = world;
    const kept = await world.attempt('tick', ({ coordinator }) =>
      coordinator.apply(clockUs, { type: 'tick' }),
    );
    if (kept?.answer.ok) {
      const { expired, gone } = kept.answer.value;
      if (expired + gone > 0) world.trace.add(world.nowUs, `tick ${expired} ${gone}`);
    }
    await this.runChecks();
  }

  async runChecks(): Promise<void> {
    for (;;) {
      const { clockUs } = this.#world;
      const checks = await this.#world.attempt('take checks', ({ coordinator }) =>
        coordinator.takeChecks(clockUs, CHECKS_AT_ONCE),
      );
      if (checks === null || checks.length === 0) return;
      for (const check of checks) await this.#check(check);
    }
  }

  /** Pay is released once all that is asked for is checked; `false` where that did not come about yet. */
  async settle(): Promise<boolean> {
    for (let round = 0; round < 4; round++) {
      const { clockUs } = this.#world;
      const settled = await this.#world.attempt('settle', ({ coordinator }) =>
        coordinator.apply(clockUs, { type: 'settle' }),
      );
      if (!settled?.answer.ok) return false;
      const { released, pending } = settled.answer.value;
      this.#world.trace.add(this.#world.nowUs, `settle ${released} ${pending}`);
      if (pending === 0) return true;
      await this.runChecks();
    }
    return false;
  }

  /** After all faults: honest hosts take what is left until nothing is. */
  async drain(): Promise<void> {
    const world = this.#world;
    const honest = this.#hosts.filter(({ strategy }) => strategy.name === 'honest');
    const rounds = DRAIN_ROUNDS_LEAST + Math.ceil(world.known.tasks.size / 10);
    for (let round = 0; round < rounds; round++) {
      await this.tick();
      const { queued, running, checking } = await world.insist('depth', ({ coordinator }) =>
        coordinator.queueDepth(),
      );
      if (queued + running + checking === 0) return;
      const host = present(honest[round % honest.length], 'honest host');
      await this.#session(host, Math.max(LEASE, Math.min(50, queued)));
      await world.runUntil(world.nowUs + 2 * LATE_US);
    }
    const depth = await world.studio.coordinator.queueDepth();
    hold('tasks', false, () => `after all faults tasks are stuck: ${JSON.stringify(depth)}`);
  }

  async #create(count: number): Promise<void> {
    const { chance, size, known } = this.#world;
    const made = Array.from({ length: count }, () => {
      const number = this.#serial++;
      const task: NewTask = {
        kind: SCALE_KIND,
        version: 1,
        input: inputOf(number),
        operations: chance.below(10) === 0 ? 16_000_000_000n : 1_000_000_000n,
        subject: `room-${chance.below(size.rooms)}`,
        audience: 'strangers',
        replicas: chance.below(100) < REPLICATED_PERCENT ? 2 : 1,
      };
      return { number, task };
    });
    const tasks = made.map(({ task }) => task);
    const ids = await this.#world.insist('create', async ({ coordinator }) => {
      const { answer } = await coordinator.apply(this.#world.clockUs, { type: 'create', tasks });
      return this.#world.demand('create', answer).tasks;
    });
    let place = 0;
    for (const { number, task } of made)
      for (let replica = 0; replica < (task.replicas ?? 1); replica++)
        known.tasks.set(present(ids[place++], 'task id'), number);
    this.#created.push(count);
    this.#world.trace.add(this.#world.nowUs, `created ${ids.length} ${ids[0]}`);
  }

  /** Connects, asks for work, and answers a little later. */
  async #session(host: SimHost, limit = LEASE): Promise<void> {
    const world = this.#world;
    if (host.isWorn) host.takeNewKey();
    const send = (what: string, request: Parameters<typeof world.studio.coordinator.apply>[1]) =>
      world.message(host.number, what, ({ coordinator }) => coordinator.apply(world.clockUs, request));
    const registered = await world.message(host.number, 'register', ({ coordinator }) =>
      coordinator.apply(world.clockUs, host.register(`nonce ${this.#nonces++}`)),
    );
    if (registered === null) return;
    if (!registered.answer.ok) {
      hold(
        'hosts',
        registered.answer.code === 'node-banned',
        () => `a host was refused: ${JSON.stringify(registered)}`,
      );
      if (world.chance.below(10) < RETURNING_OF_TEN) host.takeNewKey();
      return;
    }
    const leased = await world.message(host.number, 'lease', ({ coordinator }) =>
      coordinator.apply(world.clockUs, host.lease(limit)),
    );
    if (!leased?.answer.ok || leased.answer.value.leased.length === 0) return;
    const tasks = leased.answer.value.leased;
    world.trace.add(world.nowUs, `lease ${host.number} ${tasks.map(({ task }) => task.slice(0, 8)).join()}`);
    const answer = host.work(tasks, (task) => world.known.tasks.get(task) ?? 0);
    if (answer === null) return;
    const late = world.chance.below(100) < LATE_PERCENT ? LATE_US : 0;
    world.at(world.nowUs + 1_000_000 + world.chance.below(WORK_US) + late, async () => {
      await send('commit', answer.commit);
      const revealed = await send('reveal', answer.reveal);
      const effects = revealed?.effects.map(({ type }) => type).join() ?? 'lost';
      world.trace.add(world.nowUs, `reveal ${host.number} ${effects}`);
    });
  }

  /** A trusted host computes the chunks again. */
  async #check(check: CheckRow): Promise<void> {
    const world = this.#world;
    const { input, claimed } = await world.insist('look at', async ({ coordinator }) => ({
      input: await coordinator.blob(check.inputHash),
      claimed: await coordinator.blob(check.resultHash),
    }));
    hold('tasks', input !== null && claimed !== null, () => `bytes of check ${check.id} are lost`);
    const truth = honestResult(Uint8Array.from(input));
    const agreements = check.chunks.map(
      (chunk): Agreement =>
        compareChunk(this.#tolerance, chunk, chunkOf(truth, 8, chunk), chunkOf(claimed, 8, chunk)),
    );
    if (agreements.some((agreement) => chunkVerdict(this.#tolerance, agreement) === 'fake'))
      world.known.proven.add(`${check.task}/${check.node}`);
    const outcome = { ran: true, agreements } as const;
    const judged = await world.attempt('checked', (studio) =>
      studio.coordinator.apply(world.clockUs, { type: 'checked', check: check.id, outcome }),
    );
    const said = judged?.answer.ok ? judged.answer.value.verdict : 'lost';
    world.trace.add(world.nowUs, `check ${check.id.slice(0, 12)} ${said}`);
  }
}
