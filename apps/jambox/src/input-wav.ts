import { readFile } from 'node:fs/promises';
import { Failure } from '@jamnet/base';
import { decodeWav, toInt16 } from '@jamnet/jdat';
import { limits } from '@jamnet/toast';
import { newSamples, type SampleBits, type Samples, to24Bits } from './card/samples.ts';

/** The virtual sound card's input: whole packets, the last one filled up with silence. */
export async function readInputWav(
  file: string,
  packetFrames: number,
  secondsMax: number,
  bits: SampleBits,
): Promise<Samples[]> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Failure('input-unreadable', `Cannot read ${file}: give the path of a WAV file.`, { cause });
  });
  const wav = decodeWav(bytes);
  if (!wav.ok) throw new Failure('input-malformed', `${file}: ${wav.message}`);
  const [channel, ...others] = wav.value.channels;
  if (channel === undefined || others.length > 0 || wav.value.sampleRateHz !== limits.SAMPLE_RATE_HZ) {
    throw new Failure(
      'input-unfit',
      `${file}: convert it to one channel at ${limits.SAMPLE_RATE_HZ} Hz first.`,
    );
  }
  const sound = channel.subarray(0, Math.ceil(Math.min(channel.length, secondsMax * limits.SAMPLE_RATE_HZ)));
  const pcm = bits === 16 ? toInt16(sound) : to24Bits(sound);
  const packets: Samples[] = [];
  for (let start = 0; start < pcm.length; start += packetFrames) {
    const packet = newSamples(bits, packetFrames);
    packet.set(pcm.subarray(start, start + packetFrames));
    packets.push(packet);
  }
  return packets;
}
