import type { PolicyLeaf } from '@jamnet/economy/policy-fields';
import { typedAmount } from '../format/typed-amount.ts';

/** A value that people type; the others they choose. */
export type TypedField = Extract<PolicyLeaf, { kind: 'whole' | 'amount' | 'ratio' | 'text' }>;

/** Decimals with which a unit is typed: 1 % is 10,000 parts per million, $1 is 100 cents, 1 JAM is 10⁶ µJAM. */
const DECIMALS = { ppm: 4, cents: 2, 'micro-jam': 6 } as const;

/** How many decimals a field has, as people see it. */
export function decimalsOf(field: TypedField): number {
  const unit = field.kind === 'text' ? null : field.unit;
  return unit !== null && unit in DECIMALS ? DECIMALS[unit as keyof typeof DECIMALS] : 0;
}

/** The member's value of what somebody of this locale has typed; what is none stays the text that it is, which the policy's check then refuses. */
export function typedRule(typed: string, field: TypedField, locale: string): unknown {
  if (field.kind === 'text') return typed;
  if (field.kind === 'ratio') return typedRatio(typed, locale) ?? typed;
  const amount = typedAmount(typed, locale, decimalsOf(field));
  if (amount === null) return typed;
  return field.kind === 'amount' ? `${amount}` : Number(amount);
}

function typedRatio(typed: string, locale: string): object | null {
  const parts = typed.split('/').map((part) => typedAmount(part, locale, 0));
  const [numerator, denominator = 1n] = parts;
  if (parts.length > 2 || numerator === undefined || numerator === null || denominator === null) return null;
  return { numerator: Number(numerator), denominator: Number(denominator) };
}

/** A member's value as it is typed; the reverse of {@link typedRule}. */
export function ruleAsTyped(value: unknown, field: TypedField, locale: string): string {
  if (field.kind === 'ratio') return ratioAsTyped(value, locale);
  const isAmount = typeof value === 'string' && /^\d+$/.test(value) && field.kind === 'amount';
  if (isAmount || (typeof value === 'number' && field.kind === 'whole'))
    return plain(value, decimalsOf(field), locale);
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
}

function ratioAsTyped(value: unknown, locale: string): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : '';
  const { numerator, denominator } = value as {
    readonly numerator?: unknown;
    readonly denominator?: unknown;
  };
  if (typeof numerator !== 'number' || typeof denominator !== 'number') return '';
  const [over, under] = [plain(numerator, 0, locale), plain(denominator, 0, locale)];
  return denominator === 1 ? over : `${over}/${under}`;
}

/** Thousands parted; two decimals at least in amounts, without which `1,000` could be read in two ways. */
function plain(value: string | number, decimals: number, locale: string): string {
  const digits = `${value}E-${decimals}` as Intl.StringNumericLiteral;
  const least = decimals === DECIMALS.ppm ? 0 : Math.min(decimals, 2);
  return new Intl.NumberFormat(locale, {
    useGrouping: 'always',
    minimumFractionDigits: least,
    maximumFractionDigits: decimals,
  }).format(digits);
}
