import { MICRO } from '../money/unit-price.ts';
import { dateOf, isoTimeOf } from '../records/civil-date.ts';
import type { CapTable, Exercise, Issue } from './cap-table.ts';
import { ocfId, ocfPrice, ocfQuantity } from './ocf-values.ts';

/** Who issues. What is not given is said to be assumed, in the issuer's comments. */
export interface OcfIssuer {
  readonly legalName?: string;
  /** YYYY-MM-DD. */
  readonly formedOn?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
}

/** The real name of a payee, given by the operator for this export only. */
export interface OcfName {
  readonly legalName: string;
  readonly type: 'INDIVIDUAL' | 'INSTITUTION';
}

export interface OcfOptions {
  readonly issuer: OcfIssuer;
  /** Real names by payee; without one a stakeholder appears under the pseudonym. */
  readonly names?: ReadonlyMap<string, OcfName>;
  /** MD5 of UTF-8 text, lower-case hex: the manifest lists it for each file. */
  readonly md5: (text: string) => string;
}

export interface OcfFile {
  readonly name: string;
  readonly content: string;
}

const VERSION = '1.2.0';
const STOCK_CLASS = ocfId('stock-class', 'membership-unit');
const PLAN = ocfId('stock-plan', 'contributor-pool');

/**
 * The cap table in Open Cap Format v1.2.0: six files, the manifest first. JAMBucks are phantom units: equity
 * compensation of type CSAR with a base price of 0 (full value); redeeming is an exercise that results in no
 * security; a larger pool is a pool adjustment. Ids and texts follow from the books, so a repeat is byte for byte the same.
 */
export function ocfFiles(table: CapTable, options: OcfOptions): OcfFile[] {
  const first = table.pools[0];
  const files = [
    file('StockClasses', 'OCF_STOCK_CLASSES_FILE', [stockClass()]),
    file('StockPlans', 'OCF_STOCK_PLANS_FILE', [stockPlan(first?.microJam ?? 0n)]),
    file('Stakeholders', 'OCF_STAKEHOLDERS_FILE', stakeholders(table, options)),
    file('Valuations', 'OCF_VALUATIONS_FILE', valuations(table)),
    file('Transactions', 'OCF_TRANSACTIONS_FILE', transactions(table)),
  ];
  const listed = (name: string): { filepath: string; md5: string }[] =>
    files
      .filter((entry) => entry.name === `${name}.ocf.json`)
      .map((entry) => ({ filepath: entry.name, md5: options.md5(entry.content) }));
  const manifest = {
    ocf_version: VERSION,
    file_type: 'OCF_MANIFEST_FILE',
    issuer: issuer(table, options.issuer),
    as_of: dateOf(table.asOfUs),
    generated_at: isoTimeOf(table.asOfUs),
    comments: [
      'Exported from the journal; generated_at is the time of its last leaf, so a repeat is the same.',
    ],
    stock_plans_files: listed('StockPlans'),
    stock_legend_templates_files: [],
    stock_classes_files: listed('StockClasses'),
    vesting_terms_files: [],
    valuations_files: listed('Valuations'),
    transactions_files: listed('Transactions'),
    stakeholders_files: listed('Stakeholders'),
  };
  return [{ name: 'Manifest.ocf.json', content: text(manifest) }, ...files];
}

function file(name: string, type: string, items: readonly object[]): OcfFile {
  return { name: `${name}.ocf.json`, content: text({ file_type: type, items }) };
}

function text(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function issuer(table: CapTable, { legalName, formedOn, country }: OcfIssuer): object {
  const assumed = [
    ...(formedOn === undefined
      ? ['formation_date was not given: it is the day the pool was authorised.']
      : []),
    ...(country === undefined ? ['country_of_formation was not given: US is assumed.'] : []),
  ];
  return {
    object_type: 'ISSUER',
    id: ocfId('issuer', 'studio'),
    legal_name: legalName ?? 'JAMNet Studio LLC',
    formation_date: formedOn ?? dateOf(table.pools[0]?.atUs ?? table.asOfUs),
    country_of_formation: country ?? 'US',
    ...(assumed.length > 0 ? { comments: assumed } : {}),
  };
}

function stockClass(): object {
  return {
    object_type: 'STOCK_CLASS',
    id: STOCK_CLASS,
    name: 'Membership unit',
    class_type: 'COMMON',
    default_id_prefix: 'MU-',
    initial_shares_authorized: 'NOT APPLICABLE',
    votes_per_share: '0',
    seniority: '1',
    comments: [
      'The class that the phantom units follow in value. Members themselves, their units and votes are not kept in these books and not in this export.',
    ],
  };
}

function stockPlan(reservedMicroJam: bigint): object {
  return {
    object_type: 'STOCK_PLAN',
    id: PLAN,
    plan_name: 'Contributor pool (JAMBucks, phantom units)',
    initial_shares_reserved: ocfQuantity(reservedMicroJam),
    default_cancellation_behavior: 'RETURN_TO_POOL',
    stock_class_ids: [STOCK_CLASS],
    comments: [
      'Earned, never bought or sold. Redeemed units return to the pool; fully diluted units are unchanged by it.',
    ],
  };
}

function stakeholders(table: CapTable, { names }: OcfOptions): object[] {
  const payees = [...new Set(table.issues.map(({ payee }) => payee))].sort();
  return payees.map((payee) => {
    const real = names?.get(payee);
    return {
      object_type: 'STAKEHOLDER',
      id: ocfId('stakeholder', payee),
      name: { legal_name: real?.legalName ?? payee },
      stakeholder_type: real?.type ?? 'INDIVIDUAL',
      issuer_assigned_id: payee,
      current_relationship: 'OTHER',
      ...(real ? {} : { comments: ['A pseudonym; the type is assumed.'] }),
    };
  });
}

function valuations(table: CapTable): object[] {
  return table.valuations.map((valuation) => ({
    object_type: 'VALUATION',
    id: ocfId('valuation', valuation.id),
    provider: valuation.approvedBy,
    price_per_share: ocfPrice({ cents: valuation.valueCents, units: valuation.fullyDilutedUnits }),
    effective_date: dateOf(valuation.datedAtUs),
    stock_class_id: STOCK_CLASS,
    // The format knows no other type.
    valuation_type: '409A',
    comments: [
      `Board-approved: ${valuation.valueCents} cents over ${valuation.fullyDilutedUnits} fully diluted units, without the redemption reserve; the price is rounded down to ten decimals.`,
      `SHA-256 of the signed document: ${valuation.documentSha256}.`,
    ],
  }));
}

interface Dated {
  readonly atUs: bigint;
  readonly item: object;
}

function transactions(table: CapTable): object[] {
  const [, ...topUps] = table.pools;
  const all: Dated[] = [
    ...topUps.map(({ key, microJam, atUs }) => ({
      atUs,
      item: {
        object_type: 'TX_STOCK_PLAN_POOL_ADJUSTMENT',
        id: ocfId('pool', key),
        date: dateOf(atUs),
        stock_plan_id: PLAN,
        shares_reserved: ocfQuantity(microJam),
        comments: [`Entry ${key}.`],
      },
    })),
    ...table.issues.map((issue) => ({ atUs: issue.atUs, item: issuance(issue) })),
    ...table.exercises.map((exercise) => ({ atUs: exercise.atUs, item: exerciseItem(exercise) })),
  ];
  // A stable sort: what happened at one moment stays in the order above, grants before what is taken from them.
  return all.sort((a, b) => (a.atUs < b.atUs ? -1 : a.atUs > b.atUs ? 1 : 0)).map(({ item }) => item);
}

function securityOf({ key, payee }: Issue): string {
  return ocfId('security', `${key}\0${payee}`);
}

function issuance(issue: Issue): object {
  const { key, payee, microJam, atUs } = issue;
  return {
    object_type: 'TX_EQUITY_COMPENSATION_ISSUANCE',
    id: ocfId('issuance', `${key}\0${payee}`),
    security_id: securityOf(issue),
    date: dateOf(atUs),
    custom_id: `${key} ${payee.slice(0, 9)}`,
    stakeholder_id: ocfId('stakeholder', payee),
    security_law_exemptions: [],
    stock_plan_id: PLAN,
    stock_class_id: STOCK_CLASS,
    compensation_type: 'CSAR',
    base_price: { amount: '0', currency: 'USD' },
    quantity: ocfQuantity(microJam),
    expiration_date: null,
    termination_exercise_windows: [],
    comments: [`Entry ${key}; exactly ${microJam} of 1/${MICRO} units. Exemptions are for counsel to state.`],
  };
}

function exerciseItem({ key, issue, microJam, atUs, kind }: Exercise): object {
  return {
    object_type: 'TX_EQUITY_COMPENSATION_EXERCISE',
    id: ocfId('exercise', `${key}\0${issue.key}\0${issue.payee}`),
    security_id: securityOf(issue),
    date: dateOf(atUs),
    quantity: ocfQuantity(microJam),
    resulting_security_ids: [],
    comments: [`Entry ${key} (${kind}): returned to the pool.`],
  };
}
