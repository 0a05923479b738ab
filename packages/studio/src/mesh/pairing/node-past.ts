import { ok, type Result, refuse } from '@jamnet/base';
import type { Coordinator, EvidenceRow, WorkRow } from '@jamnet/mesh';
import { type Page, type PageRequest, pageOf } from '../../paging/page.ts';

/** What a node did for one task; amounts and moments are decimal text. */
export interface WorkView {
  readonly task: string;
  readonly kind: string;
  readonly workUnits: string;
  readonly acceptedAtUs: string;
  /** `held` until it is checked or trusted. */
  readonly state: WorkRow['state'];
  /** Salted SHA-256, hex, as it stands behind the payment. */
  readonly evidence: string;
}

/** What was decided about a node, in words. */
export interface DecisionView {
  readonly task: string | null;
  readonly atUs: string;
  readonly code: EvidenceRow['code'];
  readonly sentence: string;
}

type Paged<T> = Promise<Result<Page<T>, 'cursor-malformed'>>;

/** A node's past, the newest first, page by page. */
export class NodePast {
  readonly #coordinator: Coordinator;

  constructor(coordinator: Coordinator) {
    this.#coordinator = coordinator;
  }

  async work(node: string, request: PageRequest): Paged<WorkView> {
    const asked = askedOf(node, request);
    if (!asked.ok) return asked;
    const rows = await this.#coordinator.workBefore(asked.value);
    return paged(rows, request.limit, ({ task, kind, workUnits, acceptedAtUs, state, evidence }) => ({
      ...{ task, kind, state, evidence },
      workUnits: String(workUnits),
      acceptedAtUs: String(acceptedAtUs),
    }));
  }

  async decisions(node: string, request: PageRequest): Paged<DecisionView> {
    const asked = askedOf(node, request);
    if (!asked.ok) return asked;
    const rows = await this.#coordinator.evidenceBefore(asked.value);
    return paged(rows, request.limit, ({ task, atUs, code, sentence }) => ({
      ...{ task, code, sentence },
      atUs: String(atUs),
    }));
  }
}

/** One row more than the page has tells whether there is another. */
function askedOf(node: string, { after, limit }: PageRequest) {
  if (after !== null && !/^[0-9]{1,18}$/.test(after))
    return refuse(
      'cursor-malformed',
      `“${after.slice(0, 40)}” is not where a page ended: give back its “next”.`,
    );
  return ok({ node, before: after === null ? null : BigInt(after), limit: limit + 1 });
}

function paged<Row extends { readonly place: bigint }, View>(
  found: readonly Row[],
  limit: number,
  viewOf: (row: Row) => View,
): Result<Page<View>, never> {
  const { rows, next } = pageOf(found, limit, ({ place }) => String(place));
  return ok({ rows: rows.map(viewOf), next });
}
