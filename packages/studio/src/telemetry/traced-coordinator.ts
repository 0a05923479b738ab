import { Coordinator, type CoordinatorParts, type MeshStore, type Outcome, type Request } from '@jamnet/mesh';
import { NO_TRACING, spanOf, type Tracing } from './tracing.ts';

/** A coordinator whose requests are spans by their type; without tracing one that costs nothing more. */
export function coordinatorOf(parts: CoordinatorParts, store: MeshStore, tracing: Tracing): Coordinator {
  return tracing === NO_TRACING
    ? new Coordinator(parts, store)
    : new TracedCoordinator(parts, store, tracing);
}

/** Four times a second and at each sign of life, whether anything happens or not: they would be most of what a collector keeps. */
const UNTRACED: ReadonlySet<Request['type']> = new Set(['tick', 'heartbeats']);

class TracedCoordinator extends Coordinator {
  readonly #tracing: Tracing;

  constructor(parts: CoordinatorParts, store: MeshStore, tracing: Tracing) {
    super(parts, store);
    this.#tracing = tracing;
  }

  override apply<R extends Request>(nowUs: bigint, request: R): Promise<Outcome<R['type']>> {
    if (UNTRACED.has(request.type)) return super.apply(nowUs, request);
    return spanOf(this.#tracing, `mesh ${request.type}`, () => super.apply(nowUs, request));
  }
}
