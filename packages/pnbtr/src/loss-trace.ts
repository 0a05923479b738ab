import { ok, type Result, refuse } from '@jamnet/base';

export type TraceCode = 'trace-empty' | 'trace-malformed';

/**
 * A loss trace: text of 0 and 1, one digit per packet, 1 = lost, white space and lines that begin with # ignored. Shorter than the sound: the
 * rest counts as received; longer: the rest is ignored.
 */
export function parseTrace(text: string): Result<Uint8Array, TraceCode> {
  const digits = text.replace(/^#.*$/gm, '').replace(/\s+/g, '');
  if (digits.length === 0)
    return refuse('trace-empty', 'The loss trace is empty: write one 0 or 1 per packet, 1 = lost.');
  const wrong = digits.search(/[^01]/);
  if (wrong >= 0) {
    return refuse(
      'trace-malformed',
      `The loss trace holds "${digits.charAt(wrong)}" at packet ${wrong}: only 0 and 1 are allowed.`,
    );
  }
  return ok(Uint8Array.from(digits, (digit) => (digit === '1' ? 1 : 0)));
}
