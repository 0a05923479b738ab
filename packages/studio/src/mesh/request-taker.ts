import type { Outcome, Request } from '@jamnet/mesh';

/** Where requests to the coordinator go: their effects are followed before the answer comes back. */
export interface RequestTaker {
  apply<R extends Request>(request: R): Promise<Outcome<R['type']>['answer']>;
}
