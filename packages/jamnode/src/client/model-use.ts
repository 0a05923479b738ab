import type { CatalogueEntry } from '@jamnet/mesh';
import type { ModelUse } from '../slot/slot-protocol.ts';

/** What a slot has to know of a kind that is a model; `null` for the others. */
export function modelUse({ modelSha256, chunkCount, limits }: CatalogueEntry): ModelUse | null {
  return modelSha256 === null
    ? null
    : { sha256: modelSha256, chunkCount, operationsMax: String(limits.operationsMax) };
}
