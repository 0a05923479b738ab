import { type Result, refuse } from '@jamnet/base';
import { parsePolicy } from '@jamnet/economy/page';

/** A policy as it is handed in or drafted: JSON first, then the economy's own check of it. */
export function readPolicy(
  text: string,
): ReturnType<typeof parsePolicy> | Result<never, 'policy-unreadable'> {
  const document = documentOf(text);
  return document === null ? refuse('policy-unreadable', 'The policy is no JSON.') : parsePolicy(document);
}

/** The JSON object of a text; null where it is none. */
export function documentOf(text: string): object | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  return typeof document === 'object' && document !== null && !Array.isArray(document) ? document : null;
}
