import type { Coordinator, EvidenceRow, NodeRow } from '@jamnet/mesh';
import type { ConnectedNode } from '../node-requests.ts';
import { NodePast } from '../pairing/node-past.ts';
import type { RequestTaker } from '../request-taker.ts';
import type { MeshMeter } from './mesh-meter.ts';
import { type Metric, metricsText } from './metrics-text.ts';
import { NodeDesk } from './node-desk.ts';

/** Bad hosts listed, worst first, and sentences of each. */
const BAD_HOSTS_MAX = 20;
const SENTENCES_MAX = 5;
const EVIDENCE_READ = 50;

/** The mesh as its operator sees it. Amounts are decimal text. */
export interface MeshStatus {
  readonly nodes: {
    readonly connected: number;
    readonly working: number;
    readonly known: number;
    readonly banned: number;
  };
  readonly slots: { readonly offered: number; readonly running: number };
  readonly queue: {
    readonly queued: number;
    readonly running: number;
    readonly checking: number;
    readonly accepted: number;
    readonly failed: number;
  };
  /** Since this studio started. */
  readonly outcomes: {
    readonly acceptedByKind: Readonly<Record<string, number>>;
    readonly refusedByCode: Readonly<Record<string, number>>;
    readonly checks: number;
    readonly provenFalse: number;
    readonly retracted: number;
    readonly late: number;
    readonly releasedUnits: string;
    readonly forfeitedUnits: string;
  };
  readonly acceptedPerSecond: number;
  readonly badHosts: readonly BadHost[];
}

export interface BadHost {
  readonly node: string;
  readonly name: string;
  readonly ownerGroup: string;
  readonly state: NodeRow['state'];
  readonly provenFakes: number;
  readonly precision: NodeRow['precision'];
  readonly forfeitedUnits: string;
  /** Newest first. */
  readonly sentences: readonly string[];
}

export interface MeshDeskParts {
  readonly coordinator: Coordinator;
  readonly meter: MeshMeter;
  /** Nodes connected to this process now. */
  readonly connected: () => readonly ConnectedNode[];
  /** What follows from a decision is done before the answer comes. */
  readonly apply: RequestTaker['apply'];
}

/** What the operator's command, the page and a monitor ask about the mesh. */
export class MeshDesk {
  readonly nodes: NodeDesk;
  readonly past: NodePast;
  readonly #parts: MeshDeskParts;

  constructor(parts: MeshDeskParts) {
    this.#parts = parts;
    this.nodes = new NodeDesk(parts);
    this.past = new NodePast(parts.coordinator);
  }

  async status(): Promise<MeshStatus> {
    const { coordinator, meter, connected } = this.#parts;
    const [rows, queue] = [await coordinator.nodes(), await coordinator.queueDepth()];
    const [here, counts] = [connected(), meter.read()];
    return {
      nodes: {
        connected: here.length,
        working: here.filter((node) => node.running > 0).length,
        known: rows.length,
        banned: rows.filter((row) => row.state === 'banned').length,
      },
      slots: {
        offered: here.reduce((sum, node) => sum + node.slots, 0),
        running: here.reduce((sum, node) => sum + node.running, 0),
      },
      queue,
      outcomes: {
        acceptedByKind: Object.fromEntries(counts.acceptedByKind),
        refusedByCode: Object.fromEntries(counts.refusedByCode),
        checks: counts.checks,
        provenFalse: counts.provenFalse,
        retracted: counts.retracted,
        late: counts.expired,
        releasedUnits: String(counts.releasedUnits),
        forfeitedUnits: String(counts.forfeitedUnits),
      },
      acceptedPerSecond: counts.acceptedPerSecond,
      badHosts: await this.#badHosts(rows),
    };
  }

  /** For Prometheus: no names, no ids. */
  async metrics(): Promise<string> {
    const { nodes, slots, queue } = await this.status();
    const counts = this.#parts.meter.read();
    const gauge = (name: string, help: string, value: number): Metric => ({
      ...{ name: `jamnet_mesh_${name}`, help, type: 'gauge' },
      samples: [{ value }],
    });
    const counter = (name: string, help: string, value: number | bigint): Metric => ({
      ...{ name: `jamnet_mesh_${name}_total`, help, type: 'counter' },
      samples: [{ value }],
    });
    const labelled = (
      name: string,
      help: string,
      label: string,
      values: ReadonlyMap<string, number>,
    ): Metric => ({
      ...{ name: `jamnet_mesh_${name}_total`, help, type: 'counter' },
      samples: [...values].map(([text, value]) => ({ labels: { [label]: text }, value })),
    });
    const states = Object.entries(queue).map(([state, value]) => ({ labels: { state }, value }));
    return metricsText([
      gauge('nodes_connected', 'Nodes connected to this coordinator.', nodes.connected),
      gauge('nodes_banned', 'Nodes that are banned.', nodes.banned),
      gauge('slots', 'Slots that connected nodes offer.', slots.offered),
      gauge('slots_running', 'Slots at work by the last heartbeats.', slots.running),
      { name: 'jamnet_mesh_tasks', help: 'Tasks by state.', type: 'gauge', samples: states },
      labelled('results_accepted', 'Results accepted, by kind.', 'kind', counts.acceptedByKind),
      labelled('results_refused', 'Results refused, by code.', 'code', counts.refusedByCode),
      counter('checks', 'Re-runs by trusted hosts that were asked for.', counts.checks),
      counter('results_proven_false', 'Results proven false.', counts.provenFalse),
      counter('results_retracted', 'Results accepted and found false later.', counts.retracted),
      counter('leases_expired', 'Leases that ran out.', counts.expired),
      counter('tasks_failed', 'Tasks given up.', counts.failed),
      counter('work_units_released', 'Work units paid out.', counts.releasedUnits),
      counter('work_units_forfeited', 'Work units of forfeited pay.', counts.forfeitedUnits),
      {
        name: 'process_resident_memory_bytes',
        help: 'Resident memory of the studio process.',
        type: 'gauge',
        samples: [{ value: process.memoryUsage.rss() }],
      },
      {
        name: 'process_cpu_seconds_total',
        help: 'Processor time of the studio process.',
        type: 'counter',
        samples: [{ value: cpuSeconds() }],
      },
    ]);
  }

  async #badHosts(rows: readonly NodeRow[]): Promise<BadHost[]> {
    const bad = rows
      .filter(
        ({ state, provenFakes, precision }) => state === 'banned' || provenFakes > 0 || precision === 'fp16',
      )
      .sort((a, b) => b.provenFakes - a.provenFakes || (a.id < b.id ? -1 : 1))
      .slice(0, BAD_HOSTS_MAX);
    const hosts: BadHost[] = [];
    for (const { id, name, ownerGroup, state, provenFakes, precision, forfeitedUnits } of bad) {
      const evidence = await this.#parts.coordinator.evidenceOf(id, EVIDENCE_READ);
      const sentences = evidence.filter(speaksAgainst).slice(0, SENTENCES_MAX);
      hosts.push({
        ...{ node: id, name, ownerGroup, state, provenFakes, precision },
        forfeitedUnits: String(forfeitedUnits),
        sentences: sentences.map(({ sentence }) => sentence),
      });
    }
    return hosts;
  }
}

function speaksAgainst({ code }: EvidenceRow): boolean {
  return code !== 'accepted' && code !== 'released';
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
