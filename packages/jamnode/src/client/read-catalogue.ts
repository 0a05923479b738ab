import { Failure, fromHex } from '@jamnet/base';
import { type CatalogueEntry, entryFromWire, openEntry } from '@jamnet/mesh';
import type { OnEvent } from './events.ts';
import type { Link } from './link.ts';

/** What computes every kind that names a model, whatever the kind. */
export const MODEL_KERNEL = 'onnx';

export interface CatalogueOptions {
  readonly url: string;
  /** Hex; refuses a studio with another key. Without it the first one met is believed. */
  readonly studioKey?: string | undefined;
  /** Kinds to take; default: all this build has. */
  readonly kinds?: readonly string[] | undefined;
  /** Hash of this build's own kernel of a kind; of {@link MODEL_KERNEL}, of what runs models. */
  readonly kernelSha256: (kind: string) => string;
  readonly onEvent: OnEvent;
}

/** The entries that the studio signed and whose kernels are the same here; the rest is skipped and named. Closes the link of a forger. */
export function readCatalogue(options: CatalogueOptions, link: Link): CatalogueEntry[] {
  const { studioKey, catalogue, node } = link.welcome;
  if (options.studioKey && options.studioKey !== studioKey) {
    link.close();
    throw new Failure(
      'studio-other',
      `The studio at ${options.url} has key ${studioKey}, not the one expected.`,
    );
  }
  const publicKey = fromHex(studioKey) ?? new Uint8Array();
  const usable: CatalogueEntry[] = [];
  const skipped: string[] = [];
  for (const wire of catalogue) {
    const entry = openEntry(entryFromWire(wire), publicKey);
    if (!entry.ok) {
      link.close();
      throw new Failure(entry.code, entry.message);
    }
    const { kind, lane, modelSha256, kernelSha256: expected } = entry.value;
    const wanted = !options.kinds || options.kinds.includes(kind);
    const kernel = modelSha256 === null || lane === 'real-time' ? kind : MODEL_KERNEL;
    if (wanted && options.kernelSha256(kernel) === expected) usable.push(entry.value);
    else skipped.push(kind);
  }
  options.onEvent({ type: 'registered', node, kinds: usable.map((entry) => entry.kind), skipped });
  return usable;
}
