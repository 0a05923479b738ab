import type { LanService } from '@jamnet/studio';

export interface DiscoverReport {
  readonly services: readonly LanService[];
  /** Answers beyond the number that is remembered. */
  readonly turnedAway: number;
}

const NOBODY = [
  'Nobody answered. What to check:',
  '  - Does the studio or relay announce itself? "jamnet up --announce" or "jamnet relay --announce".',
  '  - A studio that listens on loopback is found from its own machine only.',
  '  - Are both machines on the same network? Multicast does not pass routers, and many guest Wi-Fis and VPNs drop it.',
  '  - Does a firewall let UDP port 5353 in? Lost datagrams: listen longer with --seconds 10.',
].join('\n');

/** Who answered, for people: what others say of themselves, unproved. */
export function discoverText({ services, turnedAway }: DiscoverReport): string {
  if (services.length === 0) return NOBODY;
  const rows = [
    ['name', 'relay (UDP)', 'API', 'version'],
    ...services.map(({ name, address, port, apiUrl, version }) => [
      name,
      `${address}:${port}`,
      apiUrl ?? '-',
      version,
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  if (turnedAway > 0)
    lines.push(`${turnedAway} further answers were left out: more answer than any network has.`);
  return lines.join('\n');
}
