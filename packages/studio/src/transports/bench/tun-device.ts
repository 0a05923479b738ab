import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import koffi from 'koffi';

/** `linux/if_tun.h`: TUNSETIFF, and IFF_TUN | IFF_NO_PI, packets without a header of their own. */
const TUNSETIFF = 0x400454ca;
const TUN_WITHOUT_HEADER = 0x1001;
/** `struct ifreq`: a name of 16 bytes, then the flags. */
const IFREQ_BYTES = 40;
const FLAGS_AT = 16;
/** `struct pollfd` and `struct timespec` of 64-bit Linux. */
const POLLFD_BYTES = 8;
const TIMESPEC_BYTES = 16;
const POLLIN = 1;
/** The device's MTU, and a little more than any packet that it gives. */
const PACKET_BYTES_MAX = 2048;

/** A network device whose packets this process reads and writes; it is gone with the process. Needs root, and Linux. */
export class TunDevice {
  readonly #fd: number;
  readonly #poll = koffi
    .load('libc.so.6')
    .func('int ppoll(uint8_t *fds, unsigned long count, uint8_t *timeout, void *mask)');
  readonly #pollfd = Buffer.alloc(POLLFD_BYTES);
  readonly #timeout = Buffer.alloc(TIMESPEC_BYTES);
  readonly #packet = Buffer.alloc(PACKET_BYTES_MAX);

  /** `address`: `198.18.77.1/30`; throws what the system says where it is not allowed. */
  static open(name: string, address: string): TunDevice {
    const fd = openSync('/dev/net/tun', constants.O_RDWR | constants.O_NONBLOCK);
    try {
      const request = Buffer.alloc(IFREQ_BYTES);
      request.write(name, 'latin1');
      request.writeUInt16LE(TUN_WITHOUT_HEADER, FLAGS_AT);
      const ioctl = koffi
        .load('libc.so.6')
        .func('int ioctl(int fd, unsigned long request, uint8_t *argument)');
      if (ioctl(fd, TUNSETIFF, request) !== 0)
        throw new Error(`the system gives no TUN device (errno ${koffi.errno()})`);
      execFileSync('ip', ['address', 'add', address, 'dev', name], { stdio: 'pipe' });
      execFileSync('ip', ['link', 'set', name, 'up'], { stdio: 'pipe' });
      return new TunDevice(fd);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  private constructor(fd: number) {
    this.#fd = fd;
    this.#pollfd.writeInt32LE(fd, 0);
    this.#pollfd.writeInt16LE(POLLIN, 4);
  }

  /** Blocks the thread until a packet has come, or for so long. */
  wait(us: number): void {
    const whole = Math.max(0, Math.floor(us));
    this.#timeout.writeBigInt64LE(BigInt(Math.floor(whole / 1e6)), 0);
    this.#timeout.writeBigInt64LE(BigInt((whole % 1e6) * 1000), 8);
    this.#poll(this.#pollfd, 1, this.#timeout, null);
  }

  /** The next packet, valid until the next call; `null` where none waits. */
  read(): Uint8Array | null {
    try {
      return this.#packet.subarray(0, readSync(this.#fd, this.#packet));
    } catch {
      return null; // EAGAIN.
    }
  }

  write(packet: Uint8Array): void {
    try {
      writeSync(this.#fd, packet);
    } catch {
      // The kernel's queue is full: lost, as anywhere.
    }
  }
}
