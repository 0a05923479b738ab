import {
  decodeFingerprint,
  EXCERPT_SECONDS_MAX,
  encodeFingerprintInput,
  type Landmark,
  takeFingerprint,
} from '@jamnet/jamnode';

/** Samples from one column of the fingerprint to the next. */
const HOP_SAMPLES = 512;

/** Samples of one stretch: whole columns, up to {@link EXCERPT_SECONDS_MAX} s. */
export function stretchSamples(rateHz: number): number {
  return Math.floor((EXCERPT_SECONDS_MAX * rateHz) / HOP_SAMPLES) * HOP_SAMPLES;
}

/**
 * Landmarks of each whole stretch of a take (samples ± 1 at `rateHz`), one after the other, for each takes a tenth of a second; hops
 * count from the start of the take. `null`: this rate has no fingerprint.
 */
export function* takeLandmarks(samples: Float32Array, rateHz: number): Generator<Landmark[] | null> {
  const length = stretchSamples(rateHz);
  for (let from = 0; from + length <= samples.length; from += length) {
    const pcm = Int16Array.from(samples.subarray(from, from + length), (sample) =>
      Math.round(32_767 * Math.max(-1, Math.min(1, sample))),
    );
    const result = takeFingerprint.run(encodeFingerprintInput({ rateHz, pcm }));
    const firstHop = from / HOP_SAMPLES;
    yield result.ok
      ? decodeFingerprint(result.value).map(({ hash, hop }) => ({ hash, hop: firstHop + hop }))
      : null;
  }
}

/** Of what was kept before sketches were: stretches of u32 pairs (hash, hop), little endian, in Base64. */
export function parseLandmarks(text: string): Landmark[][] {
  return text.split(' ').map((stretch) => decodeFingerprint(Buffer.from(stretch, 'base64')));
}
