import { Failure, present, type Result, toHex } from '@jamnet/base';
import { decodeRepairResult, encodeRepairInput, kernelOf, platformSha256 } from '@jamnet/jamnode';
import {
  type AnswerByType,
  type Coordinator,
  type Effect,
  type NewTask,
  type TaskRow,
  taskIdOf,
} from '@jamnet/mesh';
import type { TakeArchive } from '../take-archive.ts';
import { excerptsOfTake, type SoundingExcerpt, soundOfExcerpts } from './excerpts-of-take.ts';
import { type MendedExcerpt, type MendingPlan, readPlan, writePlan } from './mending-plan.ts';
import { type Piece, writeMended } from './write-mended.ts';

/** While more tasks than this wait for hosts, no take is cut into more. */
export const QUEUED_MAX = 10_000;
/**
 * Excerpts of one room's takes of a day that hosts are asked for: an hour with a hole in each second. Hosts are paid for each: whoever recorded
 * holes for hosts of their own would take from the others' pay.
 */
export const EXCERPTS_PER_ROOM_DAY_MAX = 4_096;
const DAY_US = 86_400_000_000n;
/** Tasks that are noted, and then handed out, together. */
const TASKS_AT_ONCE = 64;
const ROWS_AT_ONCE = 500;
/** A host may still bring a result. */
const OPEN: ReadonlySet<TaskRow['state']> = new Set(['queued', 'leased', 'committed', 'checking']);

export interface MendingDeskParts {
  readonly archive: TakeArchive;
  readonly coordinator: Pick<Coordinator, 'tasks' | 'blob' | 'queueDepth'>;
  readonly create: (tasks: readonly NewTask[]) => Promise<Result<AnswerByType['create']>>;
  /** Lets the mesh forget bytes by their hashes. */
  readonly forget: (keys: readonly string[]) => Promise<void>;
  /** Of one take; it is tried again with the next pass. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Hosts mend the takes of the archive. Where nothing of a player came, the sound around the hole goes out as `take.repair`, 2 s at most and to
 * strangers only where the player agreed; what holds comes into a repaired version beside the take, which itself stays as it is. All that
 * is known stands on disk: {@link pass} may be killed anywhere.
 */
export class MendingDesk {
  readonly #parts: MendingDeskParts;
  /** Takes of which a repair was accepted or taken back since the last look. */
  readonly #changed = new Set<string>();
  /** Takes whose plan is not whole: a failure or a full queue came between. */
  readonly #cutShort = new Set<string>();
  #isFirst = true;

  constructor(parts: MendingDeskParts) {
    this.#parts = parts;
  }

  /** An effect of the coordinator. Returns at once. */
  hear(effect: Effect): void {
    if (effect.type === 'accepted' && effect.task.kind === 'take.repair') this.#note(effect.task.subject);
    // It says no take: all that are not done yet are looked at.
    else if (effect.type === 'retracted') this.#isFirst = true;
  }

  /** The sample evening's takes have other names, and mend themselves. */
  #note(subject: string): void {
    if (this.#parts.archive.file(subject) !== null) this.#changed.add(subject);
  }

  /** Looks at what was erased, at what hosts did since, and at what is new. */
  async pass(): Promise<void> {
    const { archive } = this.#parts;
    const { mended } = archive;
    const gone = mended.planned().filter((id) => archive.file(id) === null);
    for (const id of gone) await this.#tried(() => this.#forget(id));
    const changed = this.#isFirst ? mended.planned() : [...this.#changed];
    this.#isFirst = false;
    this.#changed.clear();
    for (const id of changed) if (!(await this.#tried(() => this.#renew(id)))) this.#changed.add(id);
    const unplanned = new Set([...mended.unplanned(archive.list()), ...this.#cutShort]);
    this.#cutShort.clear();
    for (const id of unplanned) if (!(await this.#tried(() => this.#plan(id)))) this.#cutShort.add(id);
  }

  async #tried(work: () => Promise<boolean>): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      this.#parts.onFailure(error);
      return false;
    }
  }

  /** Cuts a take into excerpts and hands them out, each noted before any host has it; false: not now. */
  async #plan(id: string): Promise<boolean> {
    const { archive, coordinator } = this.#parts;
    if ((await coordinator.queueDepth()).queued > QUEUED_MAX) return false;
    const file = archive.file(id);
    if (file === null) return true;
    const noted: MendedExcerpt[] = [];
    let waiting: NewTask[] = [];
    const handOut = async (isWhole: boolean): Promise<void> => {
      // The note of a take that was erased meanwhile has hosts forget what went out before.
      writePlan(archive.mended.planFile(id), { isWhole, excerpts: noted });
      if (archive.file(id) !== null && waiting.length > 0) {
        const created = await this.#parts.create(waiting);
        if (!created.ok) throw new Failure(created.code, created.message);
      }
      waiting = [];
    };
    const excerpts = (await excerptsOfTake(file)).slice(0, this.#leftToday(id));
    for await (const sounding of soundOfExcerpts(file, excerpts)) {
      const task = taskOf(id, sounding);
      noted.push(noteOf(sounding, task));
      waiting.push(task);
      if (waiting.length === TASKS_AT_ONCE) await handOut(false);
    }
    await handOut(true);
    return true;
  }

  /** Excerpts that hosts may still be asked for in this take, by what its room's others of the day before it have. */
  #leftToday(id: string): number {
    const { archive } = this.#parts;
    const { room = '', filedAtUs = '0' } = archive.take(id) ?? {};
    const untilUs = BigInt(filedAtUs);
    const asked = archive.ofRoom(room).reduce((sum, other) => {
      const otherUs = BigInt(other.filedAtUs ?? 0);
      const counts = other.id !== id && otherUs <= untilUs && otherUs > untilUs - DAY_US;
      return sum + (counts ? (readPlan(archive.mended.planFile(other.id))?.excerpts.length ?? 0) : 0);
    }, 0);
    return Math.max(0, EXCERPTS_PER_ROOM_DAY_MAX - asked);
  }

  /** Writes the repaired version as the coordinator's tasks are now. */
  async #renew(id: string): Promise<boolean> {
    const { archive } = this.#parts;
    const file = archive.file(id);
    const plan = readPlan(archive.mended.planFile(id));
    if (file === null || plan === null) return true;
    if (!plan.isWhole) this.#cutShort.add(id);
    const excerpts = await this.#resultsOf(plan.excerpts);
    if (!plan.isWhole || excerpts.every(({ result }, i) => result === plan.excerpts[i]?.result)) return true;
    const mended = excerpts.filter(({ result }) => result !== null);
    const tracks = new Set(mended.map(({ track }) => track));
    await archive.repair(id, async (part) => {
      if (mended.length === 0) return null;
      const pieces = new Map(
        [...tracks].map((track) => [track, this.#piecesOf(mended.filter((each) => each.track === track))]),
      );
      const { sha256, bytes } = await writeMended(file, part, pieces);
      return { id: sha256, bytes, holes: mended.reduce((sum, { holes }) => sum + holes.length, 0) };
    });
    if (archive.file(id) !== null) writePlan(archive.mended.planFile(id), { ...plan, excerpts });
    return true;
  }

  /** Tasks that were finished long ago are forgotten, their results are not: what is known of them stands. */
  async #resultsOf(excerpts: MendingPlan['excerpts']): Promise<MendedExcerpt[]> {
    const rows = await this.#tasksOf(excerpts);
    return excerpts.map((each) => {
      const row = rows.get(each.task);
      if (row === undefined) return each;
      return { ...each, result: row.state === 'accepted' ? row.resultHash : null };
    });
  }

  async *#piecesOf(excerpts: readonly MendedExcerpt[]): AsyncGenerator<Piece> {
    for (const { result, holes, bits } of excerpts) {
      const bytes = await this.#parts.coordinator.blob(present(result, 'a result'));
      const fills = bytes && decodeRepairResult({ spans: holes }, bytes);
      if (fills === null) continue;
      for (const [i, hole] of holes.entries())
        yield { atSample: hole.atSample, samples: integers(present(fills[i], 'a fill for each hole'), bits) };
    }
  }

  /**
   * What hosts had of a take that is gone goes too, also what was accepted since the last look. The note of it stays while a host may still bring
   * a result.
   */
  async #forget(id: string): Promise<boolean> {
    const { archive, coordinator, forget } = this.#parts;
    const excerpts = readPlan(archive.mended.planFile(id))?.excerpts ?? [];
    const rows = await this.#tasksOf(excerpts);
    const keys = excerpts.flatMap(({ task, input, result }) => [input, result, rows.get(task)?.resultHash]);
    const kept: string[] = [];
    for (const key of new Set(keys)) if (key && (await coordinator.blob(key))?.length) kept.push(key);
    if (kept.length > 0) await forget(kept);
    if (![...rows.values()].some(({ state }) => OPEN.has(state))) archive.mended.forgetPlan(id);
    return true;
  }

  async #tasksOf(excerpts: MendingPlan['excerpts']): Promise<Map<string, TaskRow>> {
    const found = new Map<string, TaskRow>();
    for (let at = 0; at < excerpts.length; at += ROWS_AT_ONCE) {
      const ids = excerpts.slice(at, at + ROWS_AT_ONCE).map(({ task }) => task);
      for (const row of await this.#parts.coordinator.tasks(ids)) found.set(row.id, row);
    }
    return found;
  }
}

/** What a host sees of a take: an excerpt, its holes, no name. */
function taskOf(take: string, { excerpt, pcm }: SoundingExcerpt): NewTask {
  const input = encodeRepairInput({ rateHz: excerpt.sampleRateHz, pcm, spans: excerpt.holes });
  const operations = present(kernelOf('take.repair', 1), 'the kernel of repairs').operations(input);
  if (!operations.ok) throw new Failure(operations.code, operations.message);
  const audience = excerpt.isForStrangers ? 'strangers' : 'trusted';
  return { kind: 'take.repair', version: 1, input, operations: operations.value, subject: take, audience };
}

function noteOf(
  { excerpt: { track, bits, atSample, holes } }: SoundingExcerpt,
  task: NewTask,
): MendedExcerpt {
  const input = toHex(platformSha256(task.input));
  return {
    task: taskIdOf(platformSha256, task, input),
    ...{ input, result: null, track, bits },
    holes: holes.map((hole) => ({ atSample: atSample + hole.atSample, frames: hole.frames })),
  };
}

/** Full scale ±1 as integers. */
function integers(samples: Float32Array, bits: number): Int32Array {
  const full = 2 ** (bits - 1);
  return Int32Array.from(samples, (sample) => Math.max(-full, Math.min(full - 1, Math.round(sample * full))));
}
