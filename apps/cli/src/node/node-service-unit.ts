import { quotedWord } from '../room/service-unit.ts';

/**
 * A systemd unit (systemd.exec(5)) for a node as its user: started again after a failure and not after a drain, given two
 * minutes to send what runs, out of the way of everything else, and without the right to become more.
 */
export function nodeServiceUnit(main: string, words: readonly string[], user: string): string {
  const command = [process.execPath, main, ...words].map(quotedWord).join(' ');
  return `[Unit]
Description=JAMNet node
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=${command}
User=${user}
Restart=on-failure
RestartSec=10
KillSignal=SIGTERM
TimeoutStopSec=120
Nice=10
CPUSchedulingPolicy=idle
IOSchedulingClass=idle
NoNewPrivileges=yes
PrivateTmp=yes

[Install]
WantedBy=multi-user.target
`;
}
