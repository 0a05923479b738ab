import { fromHex, ok, type Result, refuse } from '@jamnet/base';
import { limits } from '@jamnet/toast';

/** Magic numbers of a pcap file in both byte orders, µs and ns (pcap(5) savefile). */
const PCAP_MAGICS: ReadonlySet<number> = new Set([0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1]);
const PCAP_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
/** tcpdump's own limit of what it keeps of a frame; a record that claims more is none. */
const RECORD_BYTES_MAX = 262_144;
/** A line of hex is a packet, two digits a byte, with room for spaces around it. */
const LINE_CHARACTERS_MAX = 4 * limits.DATAGRAM_BYTES_MAX;
const NEWLINE = 10;

type Captured = Result<readonly Uint8Array[], 'hex-malformed' | 'capture-malformed'>;

/**
 * Finds TOAST packets in a capture that comes in pieces of any size: pcap, or text with one packet in hex a line. It keeps no more
 * than the record or line that has begun.
 */
export class ToastCapture {
  #rest = Buffer.alloc(0);
  #format: 'unknown' | 'pcap' | 'hex' = 'unknown';
  #isLittle = false;
  #line = 0;

  /** The packets that are whole now. */
  take(bytes: Uint8Array): Captured {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    if (this.#format === 'unknown' && !this.#recognise()) return ok([]);
    return this.#format === 'pcap' ? this.#records() : this.#lines();
  }

  /** What a last line without an end holds; a record that is not whole is left out, as where the capture was stopped. */
  end(): Captured {
    if (this.#format === 'pcap' || this.#rest.length === 0) return ok([]);
    if (this.#format === 'unknown' && this.#rest.length >= 4)
      return refuse('capture-malformed', 'The capture ends within its header: record it anew.');
    this.#format = 'hex';
    return this.take(Uint8Array.of(NEWLINE));
  }

  /** Four bytes tell; a shorter text waits for its end. */
  #recognise(): boolean {
    if (this.#rest.length < 4) return false;
    if (!PCAP_MAGICS.has(this.#rest.readUInt32BE(0))) {
      this.#format = 'hex';
      return true;
    }
    if (this.#rest.length < PCAP_HEADER_BYTES) return false;
    this.#isLittle = this.#rest[0] === 0xd4 || this.#rest[0] === 0x4d;
    this.#rest = this.#rest.subarray(PCAP_HEADER_BYTES);
    this.#format = 'pcap';
    return true;
  }

  /** Whatever lies below UDP, a packet begins at its magic; bytes behind its hop tag (padding) are skipped by its format. */
  #records(): Captured {
    const packets: Uint8Array[] = [];
    let at = 0;
    while (at + RECORD_HEADER_BYTES <= this.#rest.length) {
      const length = this.#isLittle ? this.#rest.readUInt32LE(at + 8) : this.#rest.readUInt32BE(at + 8);
      if (length > RECORD_BYTES_MAX)
        return refuse(
          'capture-malformed',
          `A record of ${length} bytes: the capture is damaged; record it anew.`,
        );
      const end = at + RECORD_HEADER_BYTES + length;
      if (end > this.#rest.length) break;
      const frame = this.#rest.subarray(at + RECORD_HEADER_BYTES, end);
      const start = frame.indexOf('TOST', 0, 'latin1');
      if (start >= 0) packets.push(frame.subarray(start, start + limits.DATAGRAM_BYTES_MAX));
      at = end;
    }
    this.#rest = this.#rest.subarray(at);
    return ok(packets);
  }

  #lines(): Captured {
    const packets: Uint8Array[] = [];
    let at = 0;
    for (let end = this.#rest.indexOf(NEWLINE, at); end >= 0; end = this.#rest.indexOf(NEWLINE, at)) {
      const text = this.#rest.toString('latin1', at, end).trim();
      at = end + 1;
      this.#line++;
      if (text === '') continue;
      const packet = fromHex(text);
      if (packet === null) return this.#noPacket(this.#line);
      packets.push(packet);
    }
    this.#rest = this.#rest.subarray(at);
    return this.#rest.length > LINE_CHARACTERS_MAX ? this.#noPacket(this.#line + 1) : ok(packets);
  }

  #noPacket(line: number): Captured {
    return refuse(
      'hex-malformed',
      `Line ${line} is no packet in hex: give a pcap capture, or one packet a line.`,
    );
  }
}
