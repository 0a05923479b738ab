import { assert } from '@jamnet/base';
import { PolicySchema } from './policy.ts';
import type { PolicyUnit } from './policy-units.ts';

/** One member of the policy as a form has it, or a page shows it. Ranges are inclusive. */
export type PolicyField = PolicyLeaf | PolicyGroup | PolicyVariants | PolicyEntries;

/** What is one value, though a ratio or a choice of several is more than one in JSON. */
export type PolicyLeaf =
  | { readonly kind: 'fixed'; readonly value: string }
  | { readonly kind: 'flag' }
  | {
      readonly kind: 'whole';
      readonly minimum: number;
      readonly maximum: number;
      readonly unit: PolicyUnit | null;
    }
  /** Decimal text of a smallest unit. */
  | { readonly kind: 'amount'; readonly unit: PolicyUnit }
  | { readonly kind: 'ratio'; readonly unit: PolicyUnit | null }
  | { readonly kind: 'text'; readonly pattern: string | null; readonly lengthMax: number | null }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'several'; readonly options: readonly string[] };

export interface PolicyMember {
  readonly name: string;
  readonly isOptional: boolean;
  readonly field: PolicyField;
}

export interface PolicyGroup {
  readonly kind: 'group';
  readonly members: readonly PolicyMember[];
}

/** One of several groups, told apart by their member `kind`. */
export interface PolicyVariants {
  readonly kind: 'variants';
  readonly options: readonly { readonly name: string; readonly group: PolicyGroup }[];
}

/** As many of one sort as there are names for. */
export interface PolicyEntries {
  readonly kind: 'entries';
  /** Of a name. */
  readonly pattern: string;
  readonly each: PolicyField;
}

/** What the schema says of a member, as JSON Schema (draft 2020-12) with the annotation `unit`. */
interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Shape>>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly unit?: PolicyUnit;
}

export function isLeaf(field: PolicyField): field is PolicyLeaf {
  return field.kind !== 'group' && field.kind !== 'variants' && field.kind !== 'entries';
}

/** The policy's members in the order of its schema. */
export function policyFields(): PolicyGroup {
  return groupOf(PolicySchema);
}

function groupOf({ properties = {}, required = [] }: Shape): PolicyGroup {
  const members = Object.entries(properties).map(([name, shape]) => ({
    name,
    isOptional: !required.includes(name),
    field: fieldOf(shape),
  }));
  return { kind: 'group', members };
}

function fieldOf(shape: Shape): PolicyField {
  if (shape.anyOf !== undefined) return oneOf(shape.anyOf);
  if (shape.enum !== undefined) return { kind: 'choice', options: shape.enum };
  if (typeof shape.const === 'string') return { kind: 'fixed', value: shape.const };
  switch (shape.type) {
    case 'boolean':
      return { kind: 'flag' };
    case 'integer':
      return {
        kind: 'whole',
        minimum: shape.minimum ?? 0,
        maximum: shape.maximum ?? Number.MAX_SAFE_INTEGER,
        unit: shape.unit ?? null,
      };
    case 'string':
      return shape.unit === undefined
        ? { kind: 'text', pattern: shape.pattern ?? null, lengthMax: shape.maxLength ?? null }
        : { kind: 'amount', unit: shape.unit };
    case 'array':
      return { kind: 'several', options: shape.items?.enum ?? [] };
    default:
      return objectOf(shape);
  }
}

function objectOf(shape: Shape): PolicyField {
  assert(shape.type === 'object', 'a member of the policy is of a sort that forms have');
  const [named] = Object.entries(shape.patternProperties ?? {});
  if (named !== undefined) return { kind: 'entries', pattern: named[0], each: fieldOf(named[1]) };
  return shape.properties?.denominator === undefined
    ? groupOf(shape)
    : { kind: 'ratio', unit: shape.unit ?? null };
}

function oneOf(shapes: readonly Shape[]): PolicyField {
  if (shapes.every(({ type }) => type === 'string'))
    return { kind: 'choice', options: shapes.map((shape) => String(shape.const)) };
  const options = shapes.map((shape) => ({
    name: String(shape.properties?.kind?.const),
    group: groupOf({ ...shape, properties: withoutKind(shape.properties) }),
  }));
  return { kind: 'variants', options };
}

function withoutKind(properties: Shape['properties'] = {}): Readonly<Record<string, Shape>> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== 'kind'));
}

/** What a member is when a form adds it; names and hashes are still to be written. */
export function blankOf(field: PolicyField): unknown {
  switch (field.kind) {
    case 'fixed':
      return field.value;
    case 'flag':
      return false;
    case 'whole':
      return field.minimum;
    case 'amount':
      return '0';
    case 'ratio':
      return { numerator: 1, denominator: 1 };
    case 'text':
      return '';
    case 'choice':
      return field.options[0];
    case 'several':
      return field.options.slice(0, 1);
    case 'entries':
      return {};
    case 'variants':
      return blankVariant(field, field.options[0]?.name ?? '');
    case 'group':
      return blankGroup(field);
  }
}

/** The variant of this name, with its members blank. */
export function blankVariant(field: PolicyVariants, name: string): object {
  const option = field.options.find((each) => each.name === name);
  return { kind: name, ...(option === undefined ? {} : blankGroup(option.group)) };
}

function blankGroup({ members }: PolicyGroup): object {
  return Object.fromEntries(
    members.filter(({ isOptional }) => !isOptional).map(({ name, field }) => [name, blankOf(field)]),
  );
}
