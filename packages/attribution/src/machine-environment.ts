/** The one place where this package reads the process environment: where programs are found, and the home git wants. */
export const MACHINE_ENVIRONMENT = {
  PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
  HOME: process.env.HOME ?? '',
} as const;
