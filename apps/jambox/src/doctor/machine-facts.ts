import { existsSync, readFileSync } from 'node:fs';
import { loadLibc } from '../net/libc.ts';
import { startSoundProcess } from '../realtime/sound-process.ts';
import type { PacingProbe } from './pacing-probe.ts';
import { type SoundCard, soundCards } from './sound-cards.ts';

/** What can be seen of the machine that plays; `null` where the system does not say. */
export interface MachineFacts {
  readonly udp: 'mmsg' | 'dgram';
  readonly pacing: PacingProbe;
  readonly soundCards: readonly SoundCard[] | null;
  /** Largest receive buffer that the kernel grants, bytes. */
  readonly receiveBufferBytesMax: number | null;
  /** Of the way to the internet. */
  readonly interfaceName: string | null;
  readonly isWireless: boolean | null;
  /** How the processor's clock is steered, such as "performance" or "powersave". */
  readonly cpuGovernor: string | null;
}

/** Looks at the machine; takes `seconds` for the pacing. */
export async function lookAtMachine(seconds: number): Promise<MachineFacts> {
  const interfaceName = defaultInterface();
  const receive = read('/proc/sys/net/core/rmem_max');
  return {
    udp: loadLibc() === null ? 'dgram' : 'mmsg',
    pacing: await probePacing(seconds),
    soundCards: await soundCards(),
    receiveBufferBytesMax: receive === null ? null : Number(receive),
    interfaceName,
    isWireless: interfaceName === null ? null : existsSync(`/sys/class/net/${interfaceName}/wireless`),
    cpuGovernor: read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
  };
}

function probePacing(seconds: number): Promise<PacingProbe> {
  return new Promise((resolve, reject) => {
    const entry = new URL('./pacing/main.ts', import.meta.url);
    const child = startSoundProcess(entry, String(seconds), (probe) => resolve(probe as PacingProbe)); // our own program's
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`the probe ended with code ${code}`)));
  });
}

/** The interface of the default route: `/proc/net/route`, whose second column is the destination. */
function defaultInterface(): string | null {
  const rows = (read('/proc/net/route') ?? '').split('\n').map((line) => line.split('\t'));
  return rows.find((row) => row[1] === '00000000')?.[0] ?? null;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
