import type { Problem } from '../http/problem.ts';
import { isApart, type Role } from './roles.ts';

/** How a process is, and what it says to monitors: for every role. */
const OF_EVERY_ROLE = ['/api/health', '/api/ready', '/api/status', '/metrics'];

/** What is kept in the data directory or needs hosts and players on the same process; a second process would not see it. */
const KEPT_BY_ONE_PROCESS = [
  '/api/takes',
  '/api/archive',
  '/api/room/takes',
  '/api/room/recording',
  '/api/room/enter',
  '/api/room/offer',
  '/api/account/rooms',
  '/api/rooms/:room/invitations',
  '/api/training',
  '/api/models',
  '/api/curation',
  '/api/groove',
  '/api/code',
  '/api/bounties',
  '/api/webhooks/git',
];

const KEPT: Problem = {
  status: 409,
  code: 'kept-by-one-process',
  detail:
    'This studio runs in several processes, and what you ask for is kept in the files of one: a studio with all roles in one process has it.',
};
const ELSEWHERE: Problem = {
  status: 421,
  code: 'role-elsewhere',
  detail:
    'Another process of this studio answers this: let the proxy send /api to "api", /mesh to "coordinator", the rest to "web".',
};

/** The path of a request's URL as routes are found by: without its query, `%61` as `a`. */
export function pathAsked(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // No route has such a path.
  }
}

/** Why a process with these roles does not answer a path (without its query); `null` where it does. */
export function roleFault(roles: readonly Role[], path: string): Problem | null {
  if (!isApart(roles) || OF_EVERY_ROLE.includes(path)) return null;
  if (!path.startsWith('/api/')) return roles.includes('web') ? null : ELSEWHERE;
  if (!roles.includes('api')) return ELSEWHERE;
  return KEPT_BY_ONE_PROCESS.some((kept) => isBelow(path.split('/'), kept.split('/'))) ? KEPT : null;
}

/** Whether a path is a route or below it; a segment with a colon stands for any. */
function isBelow(path: readonly string[], route: readonly string[]): boolean {
  return route.every((part, i) => part.startsWith(':') || part === path[i]);
}
