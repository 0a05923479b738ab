/**
 * What a member may do. A member looks after what is theirs; a curator judges; an auditor reads what the
 * operator reads and changes nothing; an operator runs the studio.
 */
export const ROLES = ['member', 'curator', 'auditor', 'operator'] as const;
export type Role = (typeof ROLES)[number];

export function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}
