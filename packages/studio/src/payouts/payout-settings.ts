import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';
import {
  bankFileRail,
  type Destination,
  type RailName,
  type RailSetup,
  readDestination,
  stripeClient,
  stripeRail,
} from '@jamnet/economy';
import { type Static, Type } from 'typebox';
import { Check, Errors } from 'typebox/value';

const closed = { additionalProperties: false } as const;
const Whole = Type.String({ pattern: '^[1-9][0-9]{0,11}$' });
/** Units of the rail's currency for one dollar. */
const Rate = Type.Object({ numerator: Whole, denominator: Whole }, closed);

/** `payouts.json` of the data directory: which ways out there are, and the studio's own accounts. */
const PayoutSettings = Type.Object(
  {
    'pain.001': Type.Optional(
      Type.Object(
        {
          version: Type.Optional(Type.Union([Type.Literal('09'), Type.Literal('03')])),
          from: Type.Unknown(),
          rate: Rate,
        },
        closed,
      ),
    ),
    nacha: Type.Optional(
      Type.Object(
        {
          from: Type.Unknown(),
          origin: Type.Object(
            {
              immediateDestination: Type.String({ pattern: '^\\d{9}$' }),
              immediateDestinationName: Type.String({ minLength: 1, maxLength: 23 }),
              companyId: Type.String({ pattern: '^[A-Z0-9 ]{10}$' }),
              companyName: Type.String({ minLength: 1, maxLength: 23 }),
              fileIdModifier: Type.String({ pattern: '^[A-Z0-9]$' }),
            },
            closed,
          ),
        },
        closed,
      ),
    ),
    stripe: Type.Optional(
      Type.Object(
        { currency: Type.Union([Type.Literal('USD'), Type.Literal('EUR')]), rate: Type.Optional(Rate) },
        closed,
      ),
    ),
  },
  closed,
);
type PayoutSettings = Static<typeof PayoutSettings>;

export type PayoutSettingsCode = 'payouts-not-set-up' | 'payout-settings-wrong';

/** Secrets of the Stripe rail, in `keys/` of the data directory: the API key, and what signs its events. */
const STRIPE_KEY = 'stripe-connect.secret';
const STRIPE_WEBHOOK = 'stripe-connect-webhook.secret';

/** Where files for a bank lie, and where its answers are kept. */
export function bankFolders(dataDirectory: string, rail: RailName): { outbox: string; inbox: string } {
  const folder = join(dataDirectory, 'payouts', rail);
  return { outbox: join(folder, 'out'), inbox: join(folder, 'in') };
}

/** The rails of a data directory, read anew at each use: a rate or an account changes without stopping the studio. */
export function readRails(dataDirectory: string): Result<readonly RailSetup[], PayoutSettingsCode> {
  const file = join(dataDirectory, 'payouts.json');
  if (!existsSync(file))
    return refuse(
      'payouts-not-set-up',
      `Say in ${file} over which rails the studio pays (packages/economy/README.md, "Cash out").`,
    );
  const settings = parse(readFileSync(file, 'utf8'));
  if (!settings.ok) return settings;
  const rails: RailSetup[] = [];
  for (const read of [pain001Rail, nachaRail, connectRail]) {
    const rail = read(dataDirectory, settings.value);
    if (!rail.ok) return rail;
    if (rail.value) rails.push(rail.value);
  }
  return ok(rails);
}

/** Of several processes each has other files: what one handed to the bank another would take for never sent, and pay again. */
export function withoutFiles(rails: readonly RailSetup[]): Result<readonly RailSetup[], PayoutSettingsCode> {
  return rails.some(({ rail }) => rail.placeOf !== undefined)
    ? refuse(
        'payout-settings-wrong',
        'Files for a bank lie in the directory of one process: pay over Stripe, or with all roles in one process.',
      )
    : ok(rails);
}

/** The secret that signs the events of the Stripe rail; `null` when it is not set up. */
export function connectWebhookSecret(dataDirectory: string): string | null {
  return secretIn(dataDirectory, STRIPE_WEBHOOK);
}

type Read = Result<RailSetup | null, PayoutSettingsCode>;
const AT_PAR = { numerator: 1n, denominator: 1n };

function pain001Rail(dataDirectory: string, settings: PayoutSettings): Read {
  const own = settings['pain.001'];
  if (!own) return ok(null);
  const from = accountOf(own.from, 'iban');
  if (!from.ok) return from;
  const format = { kind: 'pain.001', version: own.version ?? '09' } as const;
  const rail = bankFileRail({ ...bankFolders(dataDirectory, 'pain.001'), format });
  return ok({ rail, from: from.value, rate: rateOf(own.rate) });
}

function nachaRail(dataDirectory: string, { nacha }: PayoutSettings): Read {
  if (!nacha) return ok(null);
  const from = accountOf(nacha.from, 'us');
  if (!from.ok) return from;
  const format = { kind: 'nacha', origin: nacha.origin } as const;
  const rail = bankFileRail({ ...bankFolders(dataDirectory, 'nacha'), format });
  return ok({ rail, from: from.value, rate: AT_PAR });
}

function connectRail(dataDirectory: string, { stripe }: PayoutSettings): Read {
  if (!stripe) return ok(null);
  const key = secretIn(dataDirectory, STRIPE_KEY);
  if (key === null) return wrong(`The Stripe rail needs its API key in keys/${STRIPE_KEY}.`);
  if (stripe.currency !== 'USD' && !stripe.rate) return wrong('stripe.rate says what a dollar is in euros.');
  const from: Destination = {
    name: 'Stripe balance',
    account: { kind: 'stripe', accountId: 'acct_platform' },
  };
  const rail = stripeRail({ client: stripeClient(key), currency: stripe.currency });
  return ok({ rail, from, rate: stripe.rate ? rateOf(stripe.rate) : AT_PAR });
}

function parse(text: string): Result<PayoutSettings, PayoutSettingsCode> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    return wrong(`payouts.json is no JSON: ${cause instanceof Error ? cause.message : 'unreadable'}`);
  }
  if (Check(PayoutSettings, document)) return ok(document);
  const [first] = Errors(PayoutSettings, document);
  return wrong(
    `payouts.json is not valid at ${first?.instancePath || '/'}: ${first?.message ?? 'unreadable'}.`,
  );
}

function accountOf(
  document: unknown,
  kind: Destination['account']['kind'],
): Result<Destination, PayoutSettingsCode> {
  const from = readDestination(document);
  if (!from.ok) return wrong(`The studio's own account: ${from.message}`);
  return from.value.account.kind === kind ? from : wrong(`The studio's own account must be of kind ${kind}.`);
}

function rateOf({ numerator, denominator }: Static<typeof Rate>): RailSetup['rate'] {
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

function secretIn(dataDirectory: string, name: string): string | null {
  const file = join(dataDirectory, 'keys', name);
  const secret = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return secret === '' ? null : secret;
}

function wrong(message: string) {
  return refuse<PayoutSettingsCode>('payout-settings-wrong', message);
}
