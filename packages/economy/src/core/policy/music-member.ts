import { type Refusal, refuse } from '@jamnet/base';
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;

/** Most that a take's worth to models may add to what music earns by playing, parts per million: playing stays what music is paid for. */
export const MODEL_VALUE_PPM_MAX = 500_000;

/** What music earns beside playing and being heard. Without this member, nothing. */
export const MusicMember = Type.Object(
  {
    modelValue: Type.Object(
      {
        /** Meter in which a take's worth to a released model is filed; its unit is a millisecond of verified playing. */
        meter: Type.String({ pattern: '^[a-z0-9][a-z0-9./-]{0,62}$' }),
        /** Meter of verified playing, in milliseconds, that the pot of a release is a part of. */
        playedMeter: Type.String({ pattern: '^[a-z0-9][a-z0-9./-]{0,62}$' }),
        /** The pot of a release, as a part of what was played since the one before. */
        sharePpm: Type.Integer({ minimum: 0, maximum: MODEL_VALUE_PPM_MAX, unit: 'ppm' }),
      },
      closed,
    ),
  },
  closed,
);

export type MusicPolicyCode = 'music-without-meter';

/** The first rule that the member breaks together with the meters, or `null`. */
export function musicMemberFault(policy: {
  readonly music?: Static<typeof MusicMember>;
  readonly meters: Readonly<Record<string, { readonly kind: string }>>;
}): Refusal<MusicPolicyCode> | null {
  const { music, meters } = policy;
  if (music === undefined) return null;
  const { meter, playedMeter } = music.modelValue;
  const unknown = [meter, playedMeter].find((name) => meters[name]?.kind !== 'music');
  if (unknown !== undefined)
    return refuse(
      'music-without-meter',
      `music.modelValue: ${unknown} is not among the meters of the kind music.`,
    );
  return meter === playedMeter
    ? refuse(
        'music-without-meter',
        'music.modelValue.meter must be another than playedMeter: it is paid beside it.',
      )
    : null;
}
