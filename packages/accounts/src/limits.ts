/** Invitations that are neither used nor run out; an operator who makes more has lost count of them. */
export const OPEN_INVITATIONS_MAX = 200;

/** Passkeys of one member: a phone, a laptop, a security key and their spares. */
export const PASSKEYS_MAX = 16;

/** Recovery codes that a member gets at once; new ones replace all before. */
export const RECOVERY_CODES = 8;

/** API tokens of one member: a script for each thing that somebody automates. */
export const API_TOKENS_MAX = 20;
/** How long a token works at most; who needs longer makes another. */
export const TOKEN_DAYS_MAX = 365;
/** More than there are. */
export const TOKEN_SCOPES_MAX = 100;

/** Letters of a name that members choose for themselves. */
export const MEMBER_NAME_LENGTH_MAX = 64;
