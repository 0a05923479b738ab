import type { NodeEvent } from '../client/events.ts';
import type { NodeStatus } from './node-status.ts';

const WINDOW_MS = 60_000;
/** Finished tasks remembered for the utilisation of the last minute; where there are more, it reads too low. */
const SPANS_MAX = 4096;

interface Running {
  readonly slot: number;
  readonly kind: string;
  readonly sinceMs: number;
}

/** Everything but what the rules and the meter know. */
export type Tally = Omit<NodeStatus, 'reasons' | 'energy'>;

/** Adds up what a node tells; pure over (now, event). `now` is monotonic, ms. */
export class NodeTally {
  readonly #slots: number;
  readonly #startedMs: number;
  readonly #running = new Map<string, Running>();
  #spans: { fromMs: number; toMs: number }[] = [];
  #connection: 'none' | 'registered' | 'lost' = 'none';
  #whyLost: readonly string[] = [];
  #whyPaused: readonly string[] = [];
  #paused = false;
  #draining = false;
  #node: string | null = null;
  #url: string | null = null;
  #device: string | null = null;
  #sent = 0;
  #dropped = 0;
  #accepted = 0;
  #refused = 0;
  #acceptedUnits = 0n;
  #releasedUnits = 0n;
  #lastVerdict: string | null = null;

  constructor(slots: number, nowMs: number) {
    this.#slots = slots;
    this.#startedMs = nowMs;
  }

  drain(): void {
    this.#draining = true;
  }

  add(nowMs: number, event: NodeEvent): void {
    switch (event.type) {
      case 'benchmarked':
        this.#device = event.device;
        return;
      case 'connected':
        this.#url = event.url;
        return;
      case 'registered':
        this.#node = event.node;
        this.#connection = 'registered';
        return;
      case 'disconnected':
        this.#connection = 'lost';
        this.#whyLost = [`Not connected: ${event.reason}`];
        return;
      case 'task-started':
        this.#running.set(event.task, { slot: event.slot, kind: event.kind, sinceMs: nowMs });
        return;
      case 'task-sent':
        this.#sent++;
        this.#finish(nowMs, event.task);
        return;
      case 'task-dropped':
        this.#dropped++;
        this.#finish(nowMs, event.task);
        return;
      case 'verdict':
        this.#judge(event);
        return;
      case 'paused':
        this.#paused = true;
        this.#whyPaused = event.reasons.map(({ sentence }) => sentence);
        return;
      case 'resumed':
        this.#paused = false;
        return;
    }
  }

  read(nowMs: number): Tally {
    const state = this.#state();
    const running = [...this.#running.values()].map(({ slot, kind, sinceMs }) => ({
      slot,
      kind,
      seconds: (nowMs - sinceMs) / 1000,
    }));
    return {
      state,
      why: this.#why(state),
      node: this.#node,
      url: this.#url,
      device: this.#device,
      upSeconds: (nowMs - this.#startedMs) / 1000,
      slots: this.#slots,
      running,
      utilisationPercent: this.#utilisation(nowMs),
      tasks: {
        sent: this.#sent,
        dropped: this.#dropped,
        accepted: this.#accepted,
        refused: this.#refused,
      },
      workUnits: { accepted: String(this.#acceptedUnits), released: String(this.#releasedUnits) },
      lastVerdict: this.#lastVerdict,
    };
  }

  #state(): NodeStatus['state'] {
    if (this.#draining) return 'draining';
    if (this.#connection === 'none') return 'starting';
    if (this.#connection === 'lost') return 'offline';
    if (this.#running.size > 0) return 'working';
    return this.#paused ? 'paused' : 'idle';
  }

  #why(state: NodeStatus['state']): readonly string[] {
    switch (state) {
      case 'idle':
        return ['No task is waiting for this node.'];
      case 'paused':
        return this.#whyPaused;
      case 'offline':
        return this.#whyLost;
      case 'draining':
        return ['Finishes what runs, gives back the rest, and ends.'];
      default:
        return [];
    }
  }

  #judge({ code, sentence, workUnits }: Extract<NodeEvent, { type: 'verdict' }>): void {
    this.#lastVerdict = sentence;
    const units = BigInt(workUnits ?? 0);
    if (code === 'accepted') {
      this.#accepted++;
      this.#acceptedUnits += units;
    } else if (code === 'released') this.#releasedUnits += units;
    else if (code.startsWith('refused')) this.#refused++;
  }

  #finish(nowMs: number, task: string): void {
    const running = this.#running.get(task);
    if (!running) return;
    this.#running.delete(task);
    this.#spans.push({ fromMs: running.sinceMs, toMs: nowMs });
    if (this.#spans.length > SPANS_MAX) this.#spans = this.#spans.slice(-SPANS_MAX / 2);
  }

  #utilisation(nowMs: number): number {
    const from = Math.max(this.#startedMs, nowMs - WINDOW_MS);
    this.#spans = this.#spans.filter(({ toMs }) => toMs > from);
    const open = [...this.#running.values()].map(({ sinceMs }) => ({ fromMs: sinceMs, toMs: nowMs }));
    const busyMs = [...this.#spans, ...open].reduce(
      (sum, { fromMs, toMs }) => sum + Math.max(0, toMs - Math.max(from, fromMs)),
      0,
    );
    return nowMs > from ? Math.min(100, (100 * busyMs) / (this.#slots * (nowMs - from))) : 0;
  }
}
