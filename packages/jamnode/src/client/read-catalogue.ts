import { Failure, fromHex } from '@jamnet/base';
import { type CatalogueEntry, entryFromWire, isHandedOver, openEntry } from '@jamnet/mesh';
import type { OnEvent } from './events.ts';
import type { Link } from './link.ts';

/** What computes every kind that names a model, whatever the kind. */
export const MODEL_KERNEL = 'onnx';

/** What a node remembers of the studios it met: whoever takes over a studio's name is noticed. */
export interface StudioKeys {
  /** Hex, or `null` for a studio that was never met. */
  known(url: string): string | null;
  remember(url: string, studioKey: string): void;
  /** What the owner removes to meet a studio as if for the first time. */
  readonly place: string;
}

export interface CatalogueOptions {
  readonly url: string;
  /** Which key the studio had before; left out: the one it has now is believed. */
  readonly studioKeys?: StudioKeys | undefined;
  /** Kinds to take; default: all this build has. */
  readonly kinds?: readonly string[] | undefined;
  /** Hash of this build's own kernel of a kind; of {@link MODEL_KERNEL}, of what runs models. */
  readonly kernelSha256: (kind: string) => string;
  readonly onEvent: OnEvent;
}

/** The entries that the studio signed and whose kernels are the same here; the rest is skipped and named. Closes the link of a forger. */
export function readCatalogue(options: CatalogueOptions, link: Link): CatalogueEntry[] {
  const { studioKey, keyHandOvers = [], catalogue, node } = link.welcome;
  const { url, studioKeys } = options;
  const known = studioKeys?.known(url) ?? studioKey;
  if (!isHandedOver(keyHandOvers, known, studioKey)) {
    link.close();
    throw new Failure(
      'studio-other',
      `The studio at ${url} has key ${studioKey}, and the one it had before (${known}) has not signed for it. Ask its operator; if it began anew, remove ${studioKeys?.place ?? 'what is remembered of it'}.`,
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
  // Only now, and only by something signed: the key alone shows nothing.
  if (studioKeys && catalogue.length > 0 && studioKeys.known(url) !== studioKey)
    studioKeys.remember(url, studioKey);
  options.onEvent({ type: 'registered', node, kinds: usable.map((entry) => entry.kind), skipped });
  return usable;
}
