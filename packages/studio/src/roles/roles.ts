/** What a process of a studio does; one that is told nothing does all of it. */
export const ROLES = ['relay', 'coordinator', 'api', 'epoch', 'web'] as const;
export type Role = (typeof ROLES)[number];

/** Words with commas between; `null` where one of them is no role, or there is none. */
export function parseRoles(text: string): readonly Role[] | null {
  const words = text.split(',').map((word) => word.trim());
  const roles = ROLES.filter((role) => words.includes(role));
  return words.every((word) => ROLES.some((role) => role === word)) && roles.length > 0 ? roles : null;
}

/** Whether other processes do the rest: nothing may then be kept in files or memory of one. */
export function isApart(roles: readonly Role[]): boolean {
  return roles.length < ROLES.length;
}
