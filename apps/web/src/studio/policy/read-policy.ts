import { type Result, refuse } from '@jamnet/base';
import { parsePolicy } from '@jamnet/economy/page';

/** A policy as the operator writes it: JSON first, then the economy's own check of it. */
export function readPolicy(
  text: string,
): ReturnType<typeof parsePolicy> | Result<never, 'policy-unreadable'> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return refuse('policy-unreadable', 'The policy is no JSON.');
  }
  return parsePolicy(document);
}
