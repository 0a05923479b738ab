import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SETTINGS } from '@jamnet/studio/operations';
import { openStudioIn } from '@jamnet/studio/testing';
import { expect, test, vi } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

vi.setConfig({ testTimeout: 300_000 });

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));
const text = (path: string): string => readFileSync(join(DEPLOY, path), 'utf8');

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

// Its shape is what the tests below ask for.
const { groups } = parse(text('prometheus/alerts.yaml')) as { groups: { rules: Alert[] }[] };
const ALERTS = groups.flatMap(({ rules }) => rules);
const PANELS = (
  JSON.parse(text('grafana/jamnet.json')) as {
    panels: { title: string; targets: { expr: string }[] }[];
  }
).panels;

/** Names of time series in an expression; `up` is Prometheus' own. */
const seriesIn = (expression: string): string[] => expression.match(/\b(?:jamnet|process)_\w+/g) ?? [];

test('every alert has a runbook of its own that repeats its rule, and every runbook an alert', () => {
  for (const { alert, expr, annotations } of ALERTS) {
    const runbook = readFileSync(join(DEPLOY, '..', annotations.runbook), 'utf8');
    expect(runbook).toContain(`# ${alert}\n`);
    expect(runbook).toContain(`\`${expr}\``);
    expect(runbook).toMatch(/^1\. /m);
  }
  const named = ALERTS.map(({ annotations }) => annotations.runbook.replace('deploy/runbooks/', ''));
  expect(named.sort()).toEqual(readdirSync(join(DEPLOY, 'runbooks')).sort());
});

test('rules and dashboard name only metrics that a studio has, with labels that it gives', async () => {
  const data = mkdtempSync(join(tmpdir(), 'jamnet-deploy-'));
  const studio = await openStudioIn(data);
  try {
    const url = await studio.listen();
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    const known = new Set([...metrics.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name));
    const asked = [
      ...ALERTS.map(({ expr }) => expr),
      ...PANELS.flatMap(({ targets }) => targets.map((t) => t.expr)),
    ];
    const series = asked.flatMap(seriesIn);
    expect(series.length).toBeGreaterThan(ALERTS.length);
    expect(series.filter((name) => !known.has(name))).toEqual([]);
    for (const [pair] of asked.join(' ').matchAll(/(?:check|state)="\w+"/g))
      expect(metrics).toContain(`{${pair}}`);
    for (const check of ['store', 'log', 'relays', 'mesh'])
      expect(metrics).toContain(`jamnet_check_ok{check="${check}"} 1\n`);
  } finally {
    await studio.close();
    rmSync(data, { recursive: true, force: true });
  }
});

test('every variable that a unit, container or manifest sets is a setting, and its files of settings are read without fault', () => {
  const known = new Set([
    'JAMNET_CONFIG',
    ...SETTINGS.flatMap(({ variable }) => [variable, `${variable}_FILE`]),
  ]);
  const files = [
    'systemd/jamnet-studio.service',
    'Containerfile',
    'compose.yaml',
    'compose.roles.yaml',
    'kubernetes/jamnet.yaml',
  ];
  const said = files.flatMap(
    (file) => text(file).match(/\b(?:JAMNET_\w+|DATABASE_URL\w*|NATS_URL\w*)/g) ?? [],
  );
  expect(said.length).toBeGreaterThan(10);
  expect(said.filter((name) => !known.has(name))).toEqual([]);
  const [settings] = parseAllDocuments(text('kubernetes/jamnet.yaml')).map(
    (document) => document.toJS() as { data?: Record<string, string> },
  );
  const names = Object.keys(JSON.parse(settings?.data?.['studio.json'] ?? '') as object);
  expect(names.filter((name) => !SETTINGS.some((setting) => setting.name === name))).toEqual([]);
});

test('compose and manifest are YAML whose secrets and volumes are all declared', () => {
  const compose = parse(text('compose.yaml')) as {
    services: Record<string, { secrets?: string[]; volumes?: string[] }>;
    secrets: object;
    volumes: object;
  };
  const services = Object.values(compose.services);
  expect(Object.keys(compose.services).sort()).toEqual(['bus', 'database', 'studio']);
  const secrets = services.flatMap((service) => service.secrets ?? []);
  expect(new Set(secrets)).toEqual(new Set(Object.keys(compose.secrets)));
  const volumes = services.flatMap((service) => service.volumes ?? []).map((each) => each.split(':')[0]);
  expect(new Set(volumes)).toEqual(new Set(Object.keys(compose.volumes)));
  const apart = parse(text('compose.roles.yaml'), { merge: true }) as {
    services: Record<
      string,
      { secrets?: string[]; volumes?: string[]; environment?: { JAMNET_ROLES?: string } }
    >;
    secrets: object;
    volumes: object;
  };
  const declared = new Set([...Object.keys(compose.secrets), ...Object.keys(apart.secrets)]);
  const named = Object.values(apart.services).flatMap((service) => service.secrets ?? []);
  expect(named.filter((secret) => !declared.has(secret))).toEqual([]);
  // Each process that writes files has its own: two in one directory would refuse each other.
  const ofProcesses = Object.entries(apart.services).flatMap(([name, { environment, volumes = [] }]) =>
    environment === undefined || environment.JAMNET_ROLES === 'relay' ? [] : [[name, volumes]],
  );
  expect(ofProcesses).toEqual(Object.keys(apart.volumes).map((name) => [name, [`${name}:/var/lib/jamnet`]]));
  const roles = Object.values(apart.services).flatMap(
    ({ environment }) => environment?.JAMNET_ROLES?.split(',') ?? [],
  );
  expect([...new Set(roles)].sort()).toEqual(['api', 'coordinator', 'epoch', 'relay', 'web']);
  const documents = parseAllDocuments(text('kubernetes/jamnet.yaml'));
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  expect(documents.map((document) => (document.toJS() as { kind: string }).kind)).toEqual([
    ...['ConfigMap', 'StatefulSet', 'Service', 'Ingress'],
  ]);
});

const hasAnalyzer = spawnSync('systemd-analyze', ['--version']).status === 0;
test.skipIf(!hasAnalyzer)(
  'systemd finds nothing to say of the units (skipped without systemd-analyze)',
  () => {
    const units = readdirSync(join(DEPLOY, 'systemd'));
    expect(units).toHaveLength(3);
    const files = units.map((unit) => join(DEPLOY, 'systemd', unit));
    const { stderr } = spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' });
    expect(stderr.split('\n').filter((line) => units.some((unit) => line.includes(unit)))).toEqual([]);
  },
);
