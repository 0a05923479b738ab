import type { NodeRow } from '../core/rows.ts';
import type { MeshTables } from '../core/store.ts';

/**
 * When each active node was last heard of, in memory, for a store that one process writes: a row for each sign of life was
 * a quarter of what beats cost. The row hears of it when it is saved for another reason, and at the end ({@link write}). Who was
 * active when the process began counts as heard of then: it could not know that nobody listened. After a work that was
 * undone say {@link forget}.
 */
export class SeenNodes {
  /** Both in the order of time, the longest silent first. Not heard of since the process began: */
  readonly #presumedAtUs = new Map<string, bigint>();
  readonly #seenAtUs = new Map<string, bigint>();
  /** Which nodes are active must be read from the table. */
  #isBehind = true;

  /** Active nodes known. */
  get size(): number {
    return this.#presumedAtUs.size + this.#seenAtUs.size;
  }

  /** The table is no longer what was remembered. When nodes were heard of stays true. */
  forget(): void {
    this.#isBehind = true;
  }

  /** The tables of one transaction as they are with what is remembered. */
  over(direct: MeshTables): MeshTables {
    return {
      ...direct,
      node: async (id) => this.#current(await direct.node(id)),
      peekNode: async (id) => this.#current(await direct.peekNode(id)),
      nodes: async () => (await direct.nodes()).map((row) => this.#current(row)),
      nodesAfter: async (query) => (await direct.nodesAfter(query)).map((row) => this.#current(row)),
      saveNode: async (row) => {
        await direct.saveNode(row);
        if (row.state === 'active') this.#hearOfRow(row.id, row.seenAtUs);
        else this.#drop(row.id);
      },
      touchNodes: async (ids, nowUs) => {
        for (const id of ids) if (this.#isKnown(id)) this.#hear(id, nowUs);
      },
      silentNodes: async ({ nowUs, silenceUs, limit }) => {
        if (this.#isBehind) await this.#catchUp(direct, nowUs);
        const rows: NodeRow[] = [];
        for (const id of this.#silentSince(nowUs - silenceUs, limit)) {
          const row = this.#current(await direct.node(id));
          if (row?.state === 'active') rows.push(row);
          else this.#drop(id);
        }
        return rows;
      },
    };
  }

  /** Tells the table of everybody; before the process ends. */
  async write(direct: MeshTables): Promise<void> {
    const ids = new Map<bigint, string[]>();
    for (const [id, seenAtUs] of this.#seenAtUs) {
      const together = ids.get(seenAtUs);
      if (together) together.push(id);
      else ids.set(seenAtUs, [id]);
    }
    for (const [seenAtUs, together] of ids) await direct.touchNodes(together, seenAtUs);
  }

  async #catchUp(direct: MeshTables, nowUs: bigint): Promise<void> {
    const active = new Set(await direct.activeNodes());
    for (const known of [this.#presumedAtUs, this.#seenAtUs])
      for (const id of known.keys()) if (!active.has(id)) known.delete(id);
    for (const id of active) if (!this.#isKnown(id)) this.#presumedAtUs.set(id, nowUs);
    this.#isBehind = false;
  }

  #current<Row extends NodeRow | null>(row: Row): Row {
    const seenAtUs = row === null ? undefined : this.#seenAtUs.get(row.id);
    return row === null || seenAtUs === undefined || seenAtUs <= row.seenAtUs ? row : { ...row, seenAtUs };
  }

  #isKnown(id: string): boolean {
    return this.#seenAtUs.has(id) || this.#presumedAtUs.has(id);
  }

  /** A row may be older than what is known: it hears of beats late. */
  #hearOfRow(id: string, atUs: bigint): void {
    const knownAtUs = this.#seenAtUs.get(id) ?? this.#presumedAtUs.get(id);
    if (knownAtUs === undefined || atUs > knownAtUs) this.#hear(id, atUs);
  }

  /** Goes to the end of the order, unless it says nothing new. */
  #hear(id: string, atUs: bigint): void {
    if (this.#seenAtUs.get(id) === atUs) return;
    this.#drop(id);
    this.#seenAtUs.set(id, atUs);
  }

  #drop(id: string): void {
    this.#presumedAtUs.delete(id);
    this.#seenAtUs.delete(id);
  }

  #silentSince(instantUs: bigint, limit: number): string[] {
    const silent: string[] = [];
    for (const known of [this.#presumedAtUs, this.#seenAtUs]) {
      for (const [id, atUs] of known) {
        if (atUs >= instantUs || silent.length === limit) break;
        silent.push(id);
      }
    }
    return silent;
  }
}
