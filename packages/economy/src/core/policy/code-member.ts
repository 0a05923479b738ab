import { type Refusal, refuse } from '@jamnet/base';
import Type, { type Static } from 'typebox';
import { QUANTITY_MAX } from '../records/records.ts';

const closed = { additionalProperties: false } as const;

/** Most of code's merit that maintenance bounties may make up, parts per million (DESIGN §5.3). */
export const BOUNTY_SHARE_PPM_MAX = 200_000;

/** How a repository's merit of an epoch, 10⁹, is divided beside the authors of what runs. Without this member it is all theirs. */
export const CodeMember = Type.Object(
  {
    /** Meter in which code earns; its unit is 10⁻⁹ of what one repository's code earns in an epoch. */
    meter: Type.String({ pattern: '^[a-z0-9][a-z0-9./-]{0,62}$' }),
    dependencies: Type.Optional(
      Type.Object(
        {
          /** Of a repository's merit, for the packages that it runs; what caps leave over stays with its authors. */
          budgetPpm: Type.Integer({ minimum: 0, maximum: 500_000, unit: 'ppm' }),
        },
        closed,
      ),
    ),
    bounty: Type.Optional(
      Type.Object(
        {
          /** What one maintenance commit that a curator accepts earns, in the meter's unit; the same for each. */
          merit: Type.Integer({ minimum: 1, maximum: Number(QUANTITY_MAX) }),
          /** Most that bounties make up of what a repository's code earns, use and bounties together. */
          sharePpmMax: Type.Integer({ minimum: 1, maximum: BOUNTY_SHARE_PPM_MAX, unit: 'ppm' }),
        },
        closed,
      ),
    ),
  },
  closed,
);

/** What becomes of pay whose payee never shows up. Without this member it waits for ever. */
export const UnclaimedMember = Type.Object(
  {
    /** Days after the end of the epoch that paid, after which escrowed units return to the pool and cash to the reserve. */
    expiryDays: Type.Integer({ minimum: 30, maximum: 36_500, unit: 'days' }),
  },
  closed,
);

export type CodePolicyCode = 'code-without-meter';

/** The first rule that the member breaks together with the others, or `null`. */
export function codeMemberFault(policy: {
  readonly code?: Static<typeof CodeMember>;
  readonly meters: Readonly<Record<string, { readonly kind: string }>>;
}): Refusal<CodePolicyCode> | null {
  const { code, meters } = policy;
  if (code === undefined || meters[code.meter]?.kind === 'code') return null;
  return refuse('code-without-meter', `code.meter ${code.meter} is not among the meters of the kind code.`);
}
