import { toHex } from '@jamnet/base';
import type { RoundHost } from '@jamnet/groove';
import type { NodeRow } from '@jamnet/mesh';
import { deriveSecret } from '../../identity/keys.ts';

export type Nodes = ReadonlyMap<string, NodeRow>;

export interface OwnerParts {
  readonly nodes: () => Promise<readonly NodeRow[]>;
  /** Null for a payee that the economy does not know. */
  readonly ownerGroupOf: (payee: string) => Promise<string | null>;
  /** 32 bytes that never leave the studio. */
  readonly secret: Uint8Array;
}

/** Whose nodes are, by the payee that the economy knows and not by what a node says of itself. */
export class OwnerGroups {
  readonly #parts: OwnerParts;

  constructor(parts: OwnerParts) {
    this.#parts = parts;
  }

  async nodes(): Promise<Nodes> {
    return new Map((await this.#parts.nodes()).map((node) => [node.id, node]));
  }

  /** `null`: nobody could be paid for it. */
  async groupOf(node: string, nodes: Nodes): Promise<string | null> {
    const row = nodes.get(node);
    return row ? await this.#parts.ownerGroupOf(row.payee) : null;
  }

  /** Those whose payee is still of the group that was drawn. */
  async stillOwned(hosts: readonly RoundHost[], nodes: Nodes): Promise<RoundHost[]> {
    const owned: RoundHost[] = [];
    for (const host of hosts)
      if ((await this.groupOf(host.node, nodes)) === host.ownerGroup) owned.push(host);
    return owned;
  }

  /** In public, owner groups are pseudonyms: the same in all draws, and nobody's name. */
  alias(ownerGroup: string): string {
    return toHex(deriveSecret(this.#parts.secret, `groove group ${ownerGroup}`)).slice(0, 32);
  }
}
