/** Where members reach the accounts, below the studio's address. */
export const AUTH_PATH = '/api/auth';

/** Everything better-auth may be asked from outside, below {@link AUTH_PATH}; its other endpoints do not exist here. */
export const AUTH_ROUTES = [
  { method: 'POST', path: '/sign-out' },
  { method: 'GET', path: '/list-sessions' },
  { method: 'POST', path: '/revoke-other-sessions' },
  { method: 'GET', path: '/passkey/generate-register-options' },
  { method: 'POST', path: '/passkey/verify-registration' },
  { method: 'GET', path: '/passkey/generate-authenticate-options' },
  { method: 'POST', path: '/passkey/verify-authentication' },
  { method: 'GET', path: '/passkey/list-user-passkeys' },
  { method: 'POST', path: '/passkey/update-passkey' },
  { method: 'POST', path: '/passkey/remove' },
  { method: 'POST', path: '/recovery/make' },
  { method: 'POST', path: '/recovery/sign-in' },
] as const;
