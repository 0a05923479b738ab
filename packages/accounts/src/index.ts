export {
  type AccountCode,
  AccountDesk,
  INVITATION_LIFE_US,
  type MemberRow,
  type SignedIn,
} from './account-desk.ts';
export { type ApiTokenRow, TOKEN_PREFIX } from './api-tokens.ts';
export { AUTH_PATH, AUTH_ROUTES } from './auth-routes.ts';
export { TOKEN_DAYS_MAX } from './limits.ts';
export type { AuthSettings } from './make-auth.ts';
export { MIGRATIONS as ACCOUNT_STEPS } from './migrations.ts';
export { isRole, ROLES, type Role } from './roles.ts';
