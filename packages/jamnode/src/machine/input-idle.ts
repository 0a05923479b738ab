import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { IdleReading } from '../rules/judge-rules.ts';
import type { AskTool } from './ask-tool.ts';

/** Where the system keeps what is looked at; another root in tests. */
export interface IdlePlaces {
  readonly platform: NodeJS.Platform;
  /** `/` */
  readonly root: string;
  readonly nowMs: () => number;
}

/** A tool that knows when keyboard or mouse were last touched, and how it says so. */
interface IdleTool {
  readonly command: string;
  readonly args: readonly string[];
  readonly pattern: RegExp;
  readonly perSecond: number;
}

/** IOHIDSystem's HIDIdleTime is in nanoseconds. */
const IOREG: IdleTool = {
  command: '/usr/sbin/ioreg',
  args: ['-c', 'IOHIDSystem', '-d', '4'],
  pattern: /"HIDIdleTime" = (\d+)/,
  perSecond: 1e9,
};
const DESKTOP_TOOLS: readonly IdleTool[] = [
  { command: 'xprintidle', args: [], pattern: /^(\d+)\s*$/, perSecond: 1000 },
  {
    // GNOME on Wayland, where X is not asked.
    command: 'gdbus',
    args: [
      'call',
      '--session',
      '--dest=org.gnome.Mutter.IdleMonitor',
      '--object-path=/org/gnome/Mutter/IdleMonitor/Core',
      '--method=org.gnome.Mutter.IdleMonitor.GetIdletime',
    ],
    pattern: /uint64 (\d+)/,
    perSecond: 1000,
  },
];

/**
 * How long nobody has touched the machine. macOS: ioreg. Linux with a desktop: xprintidle, else GNOME's own service, else
 * unknown, for terminals would say "idle" while somebody plays. Linux without a desktop: the newest read from a terminal.
 * Elsewhere unknown.
 */
export async function readInputIdle(ask: AskTool, places: IdlePlaces): Promise<IdleReading> {
  const { platform, root } = places;
  if (platform === 'darwin') return (await askOne(ask, IOREG)) ?? unknown('ioreg does not tell.');
  if (platform !== 'linux')
    return unknown(`there is no way on ${platform} yet. Take idleMinutes out of the rules.`);
  if (!hasDesktop(root)) return terminalIdle(places);
  for (const tool of DESKTOP_TOOLS) {
    const reading = await askOne(ask, tool);
    if (reading) return reading;
  }
  return unknown('install xprintidle and start the node inside the desktop session.');
}

async function askOne(ask: AskTool, tool: IdleTool): Promise<IdleReading | null> {
  const digits = tool.pattern.exec((await ask(tool.command, tool.args)) ?? '')?.[1];
  if (digits === undefined) return null;
  return { known: true, idleSeconds: Number(digits) / tool.perSecond, source: tool.command };
}

function hasDesktop(root: string): boolean {
  const wayland = filesIn(join(root, 'run', 'user')).some((user) =>
    filesIn(user).some((file) => /\/wayland-\d+$/.test(file)),
  );
  return wayland || filesIn(join(root, 'tmp', '.X11-unix')).length > 0;
}

/** The kernel sets a terminal's access time when a program reads what was typed, to eight seconds (tty_io.c). */
function terminalIdle({ root, nowMs }: IdlePlaces): IdleReading {
  const terminals = [
    ...filesIn(join(root, 'dev', 'pts')).filter((file) => /\/\d+$/.test(file)),
    ...filesIn(join(root, 'dev')).filter((file) => /\/tty\d+$/.test(file)),
  ];
  const touched = terminals.map((file) => statSync(file, { throwIfNoEntry: false })?.atimeMs ?? 0);
  if (touched.length === 0) return unknown('this system has no terminals to look at.');
  return {
    known: true,
    idleSeconds: Math.max(0, nowMs() - Math.max(...touched)) / 1000,
    source: 'terminals',
  };
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory).map((name) => join(directory, name));
  } catch {
    return []; // Missing, or another user's.
  }
}

function unknown(why: string): IdleReading {
  return { known: false, why };
}
