export const PACKET_FRAMES = 128;

/** Packet `index` of a player: all sound different, at full scale, so that neither a mix-up nor an overshoot can pass. */
export function jamSignal(player: number, index: number): Int16Array {
  const samples = new Int16Array(PACKET_FRAMES);
  const base = (player + 1) * 7919 + index * 104_729;
  for (let i = 0; i < PACKET_FRAMES; i++) samples[i] = ((base + i * 31) % 65_536) - 32_768;
  return samples;
}
