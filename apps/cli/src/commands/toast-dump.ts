import { createReadStream } from 'node:fs';
import { fromHex } from '@jamnet/base';
import { nodeSealCrypto } from '@jamnet/jambox';
import { PacketDump } from '@jamnet/toast';
import type { Command } from 'commander';
import { type CommandContext, orEnd } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { ToastCapture } from '../toast-capture.ts';

interface DumpOptions {
  in?: string;
  roomKey?: string;
}

export function addToastCommand(program: Command, context: CommandContext): void {
  const toast = program.command('toast').description('look into TOAST packets');
  toast
    .command('dump')
    .description('packets as JSON lines, live or from a file: a pcap capture, or lines of hex')
    .option('--in <file>', 'pcap file, or text with one packet in hex per line; stdin when absent')
    .option('--room-key <hex>', 'opens sealed bodies of joins whose beginning is in the capture')
    .addHelpText(
      'after',
      '\nExamples:\n  tcpdump -i any -U -w - udp port 9000 | jamnet toast dump\n  jamnet toast dump --in room.pcap --room-key 02…02',
    )
    .action((options: DumpOptions) => dump(context, options));
}

async function dump(context: CommandContext, options: DumpOptions): Promise<void> {
  const roomKey = options.roomKey === undefined ? null : fromHex(options.roomKey);
  if (options.roomKey !== undefined && roomKey?.length !== 32)
    throw new CommandError('option-invalid', '--room-key is 64 hex digits.', EXIT.usage);
  const lines = new PacketDump(roomKey === null ? null : { crypto: nodeSealCrypto, roomKey });
  let told = 0;
  const tell = (packets: readonly Uint8Array[]): void => {
    for (const packet of packets) context.stdout.write(`${lines.line(packet)}\n`);
    told += packets.length;
  };
  const capture = new ToastCapture();
  for await (const bytes of pieces(options.in)) tell(orEnd(capture.take(bytes), EXIT.usage));
  tell(orEnd(capture.end(), EXIT.usage));
  if (told === 0)
    context.stderr.write(
      'No TOAST packet in it: capture the port of the relay while people play (tcpdump -i any -U -w - udp).\n',
    );
}

/** The capture as it comes: a pipe may never end. */
async function* pieces(file: string | undefined): AsyncGenerator<Uint8Array> {
  const source = file === undefined ? process.stdin : createReadStream(file);
  try {
    for await (const bytes of source) yield bytes as Uint8Array; // no encoding is set
  } catch {
    throw new CommandError(
      'file-unreadable',
      `${file ?? 'stdin'} cannot be read: give the path of a pcap capture, or of text with one packet in hex a line.`,
      EXIT.usage,
    );
  }
}
