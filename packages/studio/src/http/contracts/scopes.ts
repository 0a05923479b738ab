import { type AreaContract, CONTRACTS_BY_AREA } from './all.ts';

/** What API tokens never do: whoever has one must not make or take away ways to sign in, nor change who is who. */
const NEVER = 'account:act';

/** Every scope that a token may have. */
export const SCOPES: readonly string[] = Object.keys(CONTRACTS_BY_AREA)
  .flatMap((area) => [`${area}:read`, `${area}:act`])
  .filter((scope) => scope !== NEVER);

/** The scope that a token needs at a route; null where no token comes in. */
export function scopeOf(method: string, contract: AreaContract): string | null {
  // better-auth knows sessions only.
  if (contract.isGuardedInside) return null;
  const act = method === 'GET' || method === 'HEAD' ? 'read' : 'act';
  const scope = `${contract.area}:${act}`;
  return scope === NEVER ? null : scope;
}
