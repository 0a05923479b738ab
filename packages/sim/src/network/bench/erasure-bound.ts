import { fateMs, type ImpairmentOptions } from '../impairment.ts';

/** Percent of the packets of which no copy could have arrived within `delayMs` of the packet's first sample. */
export function boundPercent(
  network: ImpairmentOptions,
  link: { readonly from: string; readonly to: string },
  stream: { readonly packets: number; readonly packetMs: number; readonly offsets: readonly number[] },
  delayMs: number,
): number {
  let unreachable = 0;
  for (let packet = 0; packet < stream.packets; packet++) {
    const arrives = [0, ...stream.offsets].some((offset) => {
      const ms = fateMs(network, link.from, link.to, packet + offset);
      return ms >= 0 && (offset + 1) * stream.packetMs + ms <= delayMs;
    });
    if (!arrives) unreachable++;
  }
  return (100 * unreachable) / stream.packets;
}
