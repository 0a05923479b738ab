import { REALTIME_NODE_FLAGS } from '@jamnet/jambox';

/**
 * A systemd unit (systemd.exec(5)) that plays the room again after each start of the device: real-time priority for a user who
 * is nobody, no right to become more, and a new try when the studio or the line was away.
 */
export function serviceUnit(main: string, words: readonly string[]): string {
  const command = [process.execPath, ...REALTIME_NODE_FLAGS, main, ...words].map(quoted).join(' ');
  return `[Unit]
Description=JAMNet player
Wants=network-online.target
After=network-online.target sound.target

[Service]
ExecStart=${command}
Restart=always
RestartSec=3
DynamicUser=yes
SupplementaryGroups=audio
StateDirectory=jamnet
WorkingDirectory=%S/jamnet
LimitRTPRIO=70
LimitMEMLOCK=infinity
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only

[Install]
WantedBy=multi-user.target
`;
}

/** As systemd reads words: in quotes, with backslash, quote, percent and dollar escaped. */
function quoted(word: string): string {
  if (/^[\w@+=:,./-]+$/.test(word)) return word;
  return `"${word.replace(/[\\"]/g, '\\$&').replace(/%/g, '%%').replace(/\$/g, '$$$$')}"`;
}
