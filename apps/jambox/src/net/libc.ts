import { endianness } from 'node:os';
import koffi from 'koffi';

/** Integers as they stand in `linux/in.h`, `socket.h`, `poll.h`, `sched.h`, `prctl.h`, `time.h`; equal on x64 and arm64. */
export const LINUX = {
  afInet: 2,
  afInet6: 10,
  /** SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC. */
  datagramSocket: 2 | 0o4000 | 0o2000000,
  solSocket: 1,
  soSndbuf: 7,
  soRcvbuf: 8,
  /** SO_TIMESTAMPNS_OLD: its `timespec` has two 64-bit numbers here. */
  soTimestampns: 35,
  clockRealtime: 0,
  clockThreadCputime: 3,
  msgDontwait: 0x40,
  pollin: 1,
  schedOther: 0,
  schedFifo: 1,
  schedResetOnFork: 0x4000_0000,
  prSetTimerslack: 29,
} as const;

/** The few calls of libc that the real-time path uses. Pointers are addresses as numbers: they fit 2⁵³ on 64-bit Linux. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: number, bytes: number): number;
  connect(fd: number, address: number, bytes: number): number;
  getsockname(fd: number, address: number, bytes: number): number;
  setsockopt(fd: number, level: number, option: number, value: number, bytes: number): number;
  close(fd: number): number;
  recvmmsg(fd: number, headers: number, count: number, flags: number, timeout: number): number;
  sendmmsg(fd: number, headers: number, count: number, flags: number): number;
  ppoll(fds: number, count: number, timeout: number, mask: number): number;
  schedSetscheduler(pid: number, policy: number, parameter: number): number;
  prctl(option: number, value: number, c: number, d: number, e: number): number;
  clockGettime(clock: number, timespec: number): number;
  errno(): number;
}

/** Memory outside of JavaScript's heap, which the kernel may read and write while it lives. */
export interface NativeMemory {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

let loaded: Libc | null | undefined;

/** libc by `koffi`, or `null` where its structures are not those we know: not Linux, not 64 bits, not little-endian. */
export function loadLibc(): Libc | null {
  if (loaded === undefined) loaded = isKnownPlatform() ? bindLibc() : null;
  return loaded;
}

function isKnownPlatform(): boolean {
  return (
    process.platform === 'linux' &&
    (process.arch === 'x64' || process.arch === 'arm64') &&
    endianness() === 'LE'
  );
}

function bindLibc(): Libc | null {
  try {
    const libc = koffi.load('libc.so.6');
    const of = (signature: string) => libc.func(signature);
    return {
      socket: of('int socket(int domain, int type, int protocol)'),
      bind: of('int bind(int fd, uintptr_t address, uint32_t bytes)'),
      connect: of('int connect(int fd, uintptr_t address, uint32_t bytes)'),
      getsockname: of('int getsockname(int fd, uintptr_t address, uintptr_t bytes)'),
      setsockopt: of('int setsockopt(int fd, int level, int option, uintptr_t value, uint32_t bytes)'),
      close: of('int close(int fd)'),
      recvmmsg: of('int recvmmsg(int fd, uintptr_t headers, uint32_t count, int flags, uintptr_t timeout)'),
      sendmmsg: of('int sendmmsg(int fd, uintptr_t headers, uint32_t count, int flags)'),
      ppoll: of('int ppoll(uintptr_t fds, unsigned long count, uintptr_t timeout, uintptr_t mask)'),
      schedSetscheduler: of('int sched_setscheduler(int pid, int policy, uintptr_t parameter)'),
      prctl: of('int prctl(int option, unsigned long b, unsigned long c, unsigned long d, unsigned long e)'),
      clockGettime: of('int clock_gettime(int clock, uintptr_t timespec)'),
      errno: () => koffi.errno(),
    };
  } catch {
    // musl has no libc.so.6, and a platform without koffi's binary has no koffi: the portable path serves both.
    return null;
  }
}

/** Zeroed memory that is never given back: sockets of a process are few and live as long as it. */
export function nativeMemory(bytes: number): NativeMemory {
  const pointer: unknown = koffi.alloc('uint8_t', bytes);
  const buffer = koffi.view(pointer, bytes);
  const memory = {
    address: Number(koffi.address(pointer)),
    bytes: new Uint8Array(buffer),
    view: new DataView(buffer),
  };
  memory.bytes.fill(0);
  return memory;
}
