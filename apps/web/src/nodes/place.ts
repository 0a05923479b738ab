/** The machine that an address names after its #; `null`: all of them. */
export function placeOf(hash: string): string | null {
  return /^#(n[0-9a-f]{32})$/.exec(hash)?.[1] ?? null;
}
