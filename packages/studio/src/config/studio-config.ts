import { isAbsolute, resolve } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';
import { isApart, parseRoles, ROLES, type Role } from '../roles/roles.ts';
import { type Exposure, parseExposure } from './exposure.ts';
import { type ObjectsPlace, parseObjectsPlace } from './objects-place.ts';
import type { ConfigIssue } from './read-settings.ts';
import type { SettingName } from './settings.ts';
import { parseTracesPlace, type TracesPlace } from './traces-place.ts';

/** Everything a studio process is told from outside; parsed once, then frozen. */
export interface StudioConfig {
  /** Absolute path; created when absent. */
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  /** Address that the public side and the relays listen on. */
  readonly host: string;
  /** How others reach it; `null`: this machine only. */
  readonly exposure: Exposure | null;
  /** TCP port of the page, 0..65535; 0 lets the system choose. */
  readonly port: number;
  /** Relays that the studio runs, each in a process of its own, 1 to 16. */
  readonly relays: number;
  /** UDP port of the first relay, those of others follow; 0 lets the system choose. */
  readonly relayPort: number;
  /** NATS server by which relays and studios learn of each other; undefined: by HTTP alone. */
  readonly natsUrl: string | undefined;
  /** Where takes and models are kept beside the data directory; `null`: nowhere. */
  readonly objects: ObjectsPlace | null;
  /** The collector that traces go to; `null`: none are taken. */
  readonly traces: TracesPlace | null;
  /** Principal who pays for this studio and has opted in to sampled profiles of it; undefined: none are taken. */
  readonly profilePrincipal: string | undefined;
  /** What this process does, in the order of {@link ROLES}. */
  readonly roles: readonly Role[];
  /** 32 bytes in hex from which all secrets follow; undefined: those of the data directory, drawn at its first start. */
  readonly rootSecretHex: string | undefined;
  /** Seed of the sample evening's chance and of its members' keys. */
  readonly seed: string;
}

/** Settings as text, wherever they stood; see {@link SETTINGS}. */
export type RawStudioConfig = { readonly data: string } & {
  readonly [name in Exclude<SettingName, 'data'>]?: string | undefined;
};

/** Port of the page when none is named (DESIGN: http://127.0.0.1:8440). */
export const DEFAULT_PORT = 8440;
/** Relays of one machine. */
export const HOME_RELAYS_MAX = 16;
const SEED_LENGTH_MAX = 64;

/** One parser for all settings; the refusal lists every issue at once. */
export function parseStudioConfig(raw: RawStudioConfig): Result<StudioConfig, 'config-invalid'> {
  const issues: ConfigIssue[] = [];
  const config = checkStudioConfig(raw, issues);
  if (config !== null) return ok(config);
  return refuse('config-invalid', issues.map(({ message }) => message).join('\n'));
}

/** As {@link parseStudioConfig}, adding to a list of issues; `null` when it added any. */
export function checkStudioConfig(raw: RawStudioConfig, issues: ConfigIssue[]): StudioConfig | null {
  const issuesBefore = issues.length;
  const tell = (setting: SettingName, message: string): void => {
    issues.push({ setting, message });
  };
  const port = raw.port === undefined ? DEFAULT_PORT : /^\d{1,5}$/.test(raw.port) ? Number(raw.port) : -1;
  if (port < 0 || port > 65535) tell('port', `--port ${raw.port} is no port: give 0 to 65535.`);
  const host = raw.host ?? '127.0.0.1';
  const exposure = parseExposure({ ...raw, host }, issues);
  const objects = parseObjectsPlace(raw, issues);
  const traces = parseTracesPlace(raw, issues);
  const seed = raw.seed ?? 'jamnet';
  if (seed.length === 0 || seed.length > SEED_LENGTH_MAX)
    tell('seed', `--seed must have 1 to ${SEED_LENGTH_MAX} characters.`);
  if (raw.databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(raw.databaseUrl)) {
    tell('databaseUrl', 'DATABASE_URL must begin with postgres:// (leave it unset for the embedded SQLite).');
  }
  const relays = /^\d{1,2}$/.test(raw.relays ?? '1') ? Number(raw.relays ?? '1') : 0;
  if (relays < 1 || relays > HOME_RELAYS_MAX)
    tell('relays', `--relays ${raw.relays} is no number of relays: give 1 to ${HOME_RELAYS_MAX}.`);
  const relayPort = /^\d{1,5}$/.test(raw.relayPort ?? '0') ? Number(raw.relayPort ?? '0') : -1;
  if (relayPort < 0 || relayPort + HOME_RELAYS_MAX > 65_536)
    tell('relayPort', `--relay-port ${raw.relayPort} is no port: give 0 to ${65_536 - HOME_RELAYS_MAX}.`);
  const profilePrincipal = raw.profile;
  if (profilePrincipal !== undefined && !/^[\w.:/-]{1,128}$/.test(profilePrincipal))
    tell(
      'profile',
      `--profile ${profilePrincipal} is no principal: give 1 to 128 letters, digits or . _ : / -`,
    );
  const { natsUrl } = raw;
  if (natsUrl !== undefined && !/^(nats|tls):\/\//.test(natsUrl))
    tell('natsUrl', 'NATS_URL must begin with nats:// or tls:// (leave it unset for a studio on its own).');
  const roles = parseRoles(raw.roles ?? ROLES.join(','));
  if (roles === null)
    tell('roles', `--roles ${raw.roles} must name some of ${ROLES.join(',')}, with commas between.`);
  if (raw.rootSecret !== undefined && !/^[0-9a-f]{64}$/.test(raw.rootSecret))
    tell('rootSecret', 'JAMNET_ROOT_SECRET must be 64 hex digits: make them with "openssl rand -hex 32".');
  tellApart(raw, roles ?? ROLES, tell);
  if (raw.data.trim() === '') tell('data', '--data names no directory.');
  if (issues.length > issuesBefore || roles === null) return null;
  const dataDirectory = isAbsolute(raw.data) ? raw.data : resolve(raw.data);
  return Object.freeze({
    dataDirectory,
    databaseUrl: raw.databaseUrl,
    host,
    exposure,
    port,
    relays,
    relayPort,
    natsUrl,
    objects,
    traces,
    profilePrincipal,
    roles,
    rootSecretHex: raw.rootSecret,
    seed,
  });
}

/** What processes that do not do everything share must lie outside of each. */
function tellApart(
  { databaseUrl, natsUrl, rootSecret }: RawStudioConfig,
  roles: readonly Role[],
  tell: (setting: SettingName, message: string) => void,
): void {
  if (!isApart(roles)) return;
  const needsBooks = roles.some((role) => role !== 'relay');
  if (needsBooks && databaseUrl === undefined)
    tell(
      'databaseUrl',
      `--roles ${roles.join(',')} needs DATABASE_URL: the processes of one studio share their state there.`,
    );
  if (natsUrl === undefined)
    tell(
      'natsUrl',
      `--roles ${roles.join(',')} needs NATS_URL: the processes of one studio hear of each other there.`,
    );
  if (rootSecret === undefined)
    tell(
      'rootSecret',
      `--roles ${roles.join(',')} needs JAMNET_ROOT_SECRET_FILE: a file with the same 64 hex digits for all processes of one studio.`,
    );
}
