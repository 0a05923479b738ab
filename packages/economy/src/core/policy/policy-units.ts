import Type from 'typebox';

/** What a number of the policy counts: an annotation of the schema, so that a page can show and take it in words of people. */
export type PolicyUnit = 'ppm' | 'days' | 'cents' | 'micro-jam' | 'cents-per-jam';

const closed = { additionalProperties: false } as const;

/** Parts per million, up to the whole. */
export const Ppm = Type.Integer({ minimum: 0, maximum: 1_000_000, unit: 'ppm' satisfies PolicyUnit });

/** Text of digits: amounts beyond 2⁵³ survive JSON only so. */
export function amountOf(unit: PolicyUnit) {
  return Type.String({ pattern: '^(0|[1-9][0-9]{0,17})$', unit });
}

/** A numerator of 0 … 10⁹ over a denominator of 1 … 10⁹. Without a unit it is a part of a whole. */
export function ratioOf(annotation: { readonly unit?: PolicyUnit }) {
  return Type.Object(
    {
      numerator: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
      denominator: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
    },
    { ...closed, ...annotation },
  );
}
