import { resolve } from 'node:path';
import { REALTIME_NODE_FLAGS } from '@jamnet/jambox';

/** What the unit's user must be told, for it is nobody and may not read the studio's data directory. */
export interface ServiceStudio {
  readonly url: string;
  /** The operator's token; systemd reads it as root and hands it over. */
  readonly tokenFile: string;
  /** A caster's relay key, handed over alike. */
  readonly relayKeyFile?: string;
}

/** Where systemd lays the credential: %d is the unit's own folder of them, in memory (systemd.unit(5), from version 250 on). */
const TOKEN = 'operator.token';
const RELAY_KEY = 'relay.key';
/** Options that the unit sets itself. */
const SET_HERE = ['--data', '--studio', '--token-file', '--relay-key'];

/**
 * A systemd unit (systemd.exec(5)) that plays the room again after each start of the device: real-time priority for a user who
 * is nobody, no right to become more, and a new try when the studio or the line was away. Its own keys lie in its state directory.
 */
export function serviceUnit(main: string, words: readonly string[], studio: ServiceStudio): string {
  const own = [process.execPath, ...REALTIME_NODE_FLAGS, main, ...without(words)].map(quotedWord);
  const { url, tokenFile, relayKeyFile } = studio;
  const asked = ['--studio', quotedWord(url), '--token-file', `%d/${TOKEN}`, '--data', '%S/jamnet'];
  const credentials = [credential(TOKEN, tokenFile)];
  if (relayKeyFile !== undefined) {
    asked.push('--relay-key', `%d/${RELAY_KEY}`);
    credentials.push(credential(RELAY_KEY, relayKeyFile));
  }
  return `[Unit]
Description=JAMNet player
Wants=network-online.target
After=network-online.target sound.target

[Service]
ExecStart=${[...own, ...asked].join(' ')}
${credentials.join('\n')}
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

function credential(name: string, file: string): string {
  return `LoadCredential=${name}:${percents(resolve(file))}`;
}

/** The words of the command without those that the unit says itself. */
function without(words: readonly string[]): string[] {
  return words.filter(
    (word, i) =>
      word !== '--service' &&
      !SET_HERE.includes(word) &&
      !SET_HERE.includes(words[i - 1] ?? '') &&
      !SET_HERE.some((option) => word.startsWith(`${option}=`)),
  );
}

/** As systemd reads words: in quotes, with backslash, quote, percent and dollar escaped. */
export function quotedWord(word: string): string {
  if (/^[\w@+=:,./-]+$/.test(word)) return word;
  return `"${percents(word.replace(/[\\"]/g, '\\$&')).replace(/\$/g, '$$$$')}"`;
}

function percents(text: string): string {
  return text.replace(/%/g, '%%');
}
