import { readFileSync } from 'node:fs';
import { fromHex } from '@jamnet/base';
import { nodeSealCrypto } from '@jamnet/jambox';
import { limits, PacketDump } from '@jamnet/toast';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface DumpOptions {
  in?: string;
  roomKey?: string;
}

/** Magic numbers of a pcap file in both byte orders, µs and ns (pcap(5) savefile). */
const PCAP_MAGICS = new Set([0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1]);
const PCAP_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

export function addToastCommand(program: Command, context: CommandContext): void {
  const toast = program.command('toast').description('look into TOAST packets');
  toast
    .command('dump')
    .description('packets as JSON lines, from a pcap capture or from lines of hex')
    .option('--in <file>', 'pcap file, or text with one packet in hex per line; stdin when absent')
    .option('--room-key <hex>', 'opens sealed bodies of joins whose beginning is in the capture')
    .addHelpText(
      'after',
      '\nExample:\n  tcpdump -i lo -w room.pcap udp port 9000; jamnet toast dump --in room.pcap --room-key 02…02',
    )
    .action((options: DumpOptions) => dump(context, options));
}

function dump(context: CommandContext, options: DumpOptions): void {
  const roomKey = options.roomKey === undefined ? null : fromHex(options.roomKey);
  if (options.roomKey !== undefined && roomKey?.length !== 32)
    throw new CommandError('option-invalid', '--room-key is 64 hex digits.', EXIT.usage);
  const packets = packetsOf(read(options.in));
  const lines = new PacketDump(roomKey === null ? null : { crypto: nodeSealCrypto, roomKey });
  for (const packet of packets) context.stdout.write(`${lines.line(packet)}\n`);
}

function read(file: string | undefined): Buffer {
  try {
    return readFileSync(file ?? 0);
  } catch (cause) {
    throw new CommandError(
      'file-unreadable',
      `${file ?? 'stdin'} cannot be read: ${String(cause)}`,
      EXIT.usage,
    );
  }
}

function packetsOf(bytes: Buffer): Uint8Array[] {
  if (bytes.length >= PCAP_HEADER_BYTES && PCAP_MAGICS.has(bytes.readUInt32BE(0))) return pcapPackets(bytes);
  const lines = bytes
    .toString('latin1')
    .split('\n')
    .map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line, i) => {
      const packet = fromHex(line);
      if (packet === null)
        throw new CommandError('hex-malformed', `Line ${i + 1} is no packet in hex.`, EXIT.usage);
      return packet;
    });
}

/** Whatever lies below UDP, a packet begins at its magic; bytes behind its hop tag (padding) are skipped by its format. */
function pcapPackets(bytes: Buffer): Uint8Array[] {
  const isLittle = bytes[0] === 0xd4 || bytes[0] === 0x4d;
  const packets: Uint8Array[] = [];
  for (let at = PCAP_HEADER_BYTES; at + RECORD_HEADER_BYTES <= bytes.length; ) {
    const length = isLittle ? bytes.readUInt32LE(at + 8) : bytes.readUInt32BE(at + 8);
    const frame = bytes.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + length);
    const start = frame.indexOf('TOST', 0, 'latin1');
    if (start >= 0) packets.push(frame.subarray(start, start + limits.DATAGRAM_BYTES_MAX));
    at += RECORD_HEADER_BYTES + length;
  }
  return packets;
}
