/** One setting of a studio: where it may stand. Values are text everywhere; a file may also give a whole number. */
export interface Setting {
  /** Its key in a file, and in what the command line gives. */
  readonly name: SettingName;
  readonly variable: string;
  /** Option of `jamnet up`; empty for secrets, which everybody who lists processes would read there. */
  readonly option: string;
  /** Never printed, and may be given by a file that `<variable>_FILE` names. */
  readonly isSecret: boolean;
  readonly meaning: string;
}

export type SettingName = (typeof NAMES)[number];

const NAMES = [
  'data',
  'databaseUrl',
  'natsUrl',
  'roles',
  'rootSecret',
  'host',
  'port',
  'publicUrl',
  'tlsCert',
  'tlsKey',
  'behindProxy',
  'relays',
  'relayPort',
  'objects',
  'objectsEndpoint',
  'objectsRegion',
  'objectsKeyId',
  'objectsSecret',
  'tracesEndpoint',
  'tracesRatio',
  'seed',
  'profile',
] as const;

/** All settings, in the order in which people read them. */
export const SETTINGS: readonly Setting[] = [
  open('data', 'JAMNET_DATA', '--data', 'directory where everything is kept'),
  secret('databaseUrl', 'DATABASE_URL', 'postgres://… in place of the embedded SQLite'),
  secret('natsUrl', 'NATS_URL', 'nats://… by which relays and studios learn of each other'),
  open('roles', 'JAMNET_ROLES', '--roles', 'relay,coordinator,api,epoch,web or some of them; all'),
  secret('rootSecret', 'JAMNET_ROOT_SECRET', '64 hex digits that all processes of one studio share; drawn'),
  open('host', 'JAMNET_HOST', '--host', 'address to listen on; 127.0.0.1'),
  open('port', 'JAMNET_PORT', '--port', 'TCP port of the page; 8440'),
  open('publicUrl', 'JAMNET_PUBLIC_URL', '--public-url', 'https://NAME under which others reach the studio'),
  open('tlsCert', 'JAMNET_TLS_CERT', '--tls-cert', 'PEM file of the certificate and its chain'),
  open('tlsKey', 'JAMNET_TLS_KEY', '--tls-key', 'PEM file of its key'),
  open('behindProxy', 'JAMNET_BEHIND_PROXY', '--behind-proxy', 'addresses of the proxy that ends TLS'),
  open('relays', 'JAMNET_RELAYS', '--relays', 'relays to run; 1'),
  open('relayPort', 'JAMNET_RELAY_PORT', '--relay-port', 'UDP port of the first relay; the system chooses'),
  open(
    'objects',
    'JAMNET_OBJECTS',
    '--objects',
    's3://BUCKET/PREFIX or a directory that keeps takes and models too',
  ),
  open(
    'objectsEndpoint',
    'JAMNET_OBJECTS_ENDPOINT',
    '--objects-endpoint',
    "URL of an S3 server; Amazon's own",
  ),
  open('objectsRegion', 'JAMNET_OBJECTS_REGION', '--objects-region', 'region of the bucket; us-east-1'),
  secret('objectsKeyId', 'JAMNET_OBJECTS_KEY_ID', "access key; as the machine's role has it"),
  secret('objectsSecret', 'JAMNET_OBJECTS_SECRET', 'its secret'),
  open(
    'tracesEndpoint',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    '--traces-endpoint',
    'URL of an OpenTelemetry collector (OTLP over HTTP) that gets traces; none',
  ),
  open(
    'tracesRatio',
    'OTEL_TRACES_SAMPLER_ARG',
    '--traces-ratio',
    'share of traces that are sent, 0 to 1; 1',
  ),
  open('seed', 'JAMNET_SEED', '--seed', "seed of the sample evening's chance; jamnet"),
  open('profile', 'JAMNET_PROFILE', '--profile', 'principal who has agreed to sampled profiles; none'),
];

function open(name: SettingName, variable: string, option: string, meaning: string): Setting {
  return { name, variable, option, isSecret: false, meaning };
}

function secret(name: SettingName, variable: string, meaning: string): Setting {
  return { name, variable, option: '', isSecret: true, meaning };
}
