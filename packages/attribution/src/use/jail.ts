import { dirname, join } from 'node:path';

/** What a jail shows and where; the paths inside are those that bubblewrap shows. */
export interface JailMounts {
  /** Host path → path inside, read-only. */
  readonly readable: readonly (readonly [host: string, inside: string])[];
  readonly writable: readonly [host: string, inside: string];
  readonly directory: string;
}

/** Folders of the system that programs need; links among them (`/bin` to `usr/bin`) stay links. */
export const SYSTEM_PATHS = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/nix/store',
  '/etc/ld.so.cache',
  '/etc/alternatives',
] as const;

/**
 * Run as the first process of new namespaces: builds a root that holds nothing but what is named, enters it, lets go of the old
 * one and of every capability, and starts the command. Arguments: jail, working folder, then groups of three
 * (`ro`, `rw` or `sys`, host path, path inside), `--`, the command.
 */
const SCRIPT = `
set -e
jail=$1; start=$2; shift 2
mount --make-rprivate /
mkdir -p "$jail"
mount -t tmpfs -o mode=755 tmpfs "$jail"
cd "$jail"
while [ "$1" != -- ]; do
  kind=$1; host=$2; inside=.$3; shift 3
  [ -e "$host" ] || continue
  mkdir -p "$(dirname "$inside")"
  if [ "$kind" = sys ] && [ -L "$host" ]; then cp -P "$host" "$inside"; continue; fi
  if [ -d "$host" ]; then mkdir -p "$inside"; else : > "$inside"; fi
  mount --bind "$host" "$inside"
  flags=nosuid; [ "$kind" = rw ] || flags=nosuid,ro
  mount -o "remount,bind,$flags" "$inside" 2>/dev/null || mount -o "remount,bind,ro" "$inside"
done
shift
mkdir -p proc dev tmp old
mount -t proc proc proc
for one in null zero full random urandom; do : > "dev/$one"; mount --bind "/dev/$one" "dev/$one"; done
mount -t tmpfs -o mode=1777,nosuid tmpfs tmp
pivot_root . old
cd /
umount -l old
rmdir old
mount -o remount,ro /
cd "$start"
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
`;

/** New user, network, process, mount, IPC and host name namespaces; everything inside ends with the first process. */
const UNSHARE = ['--map-root-user', '--net', '--pid', '--mount', '--ipc', '--uts', '--fork', '--kill-child'];

/** The arguments of `unshare` that run a command in a jail. */
export function jailArguments(
  { readable, writable, directory }: JailMounts,
  command: readonly string[],
): string[] {
  const jail = join(dirname(writable[0]), 'jail');
  const groups = [
    ...SYSTEM_PATHS.flatMap((path) => ['sys', path, path]),
    ...readable.flatMap(([host, inside]) => ['ro', host, inside]),
    ...['rw', ...writable],
  ];
  return [...UNSHARE, '--', 'sh', '-c', SCRIPT, 'sh', jail, directory, ...groups, '--', ...command];
}
