/** Pattern of a payee's pseudonym, for schemas: `p` and 16 bytes as lower-case hex. */
export const PAYEE_PATTERN = '^p[0-9a-f]{32}$';
const PAYEE = new RegExp(PAYEE_PATTERN);

export function isPayee(text: string): boolean {
  return PAYEE.test(text);
}
