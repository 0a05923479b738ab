import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, seededChance } from '@jamnet/base';
import { type BankFileFormat, bankFileRail } from '../../rails/bank-file/bank-file-rail.ts';
import { NACHA_ID_LENGTH } from '../../rails/nacha/nacha-file.ts';
import type { Destination } from '../../rails/payment.ts';
import type { Rail } from '../../rails/rail.ts';
import { PAYOUT_METADATA, stripeRail } from '../../rails/stripe/stripe-rail.ts';
import { camt054, madeUpIban, nachaReturns, ORIGIN, pain002, usOrder } from './bank-samples.ts';
import { HarshBank } from './harsh-bank.ts';
import { LocalStripe } from './local-stripe.ts';

/** What breaks: the message on its way, its answer, or every question. */
export type RailTrouble = 'request' | 'reply' | 'ask' | null;

/** A rail as the contract suite handles it, with the other end in the test's hand. */
export interface RailUnderTest {
  readonly rail: Rail;
  readonly to: Destination;
  /** The bank decides; `cents` is what was sent. */
  decide(payoutId: string, outcome: 'settled' | 'returned', cents: bigint): void;
  breakAt(trouble: RailTrouble): void;
  /** How often the other end has this payout. */
  taken(payoutId: string): number;
  close(): Promise<void>;
}

export const EVERY_RAIL: Readonly<Record<string, () => Promise<RailUnderTest>>> = {
  'pain.001.001.09 files': async () => bankFiles({ kind: 'pain.001' }),
  'pain.001.001.03 files': async () => bankFiles({ kind: 'pain.001', version: '03' }),
  'NACHA files': async () => bankFiles({ kind: 'nacha', origin: ORIGIN }),
  'Stripe Connect': stripeUnderTest,
  'the harsh bank of the crash test, when calm': async () => {
    const bank = new HarshBank(seededChance('contract'));
    bank.calm = true;
    const { rail, breakAt } = breakable(bank);
    return {
      rail,
      breakAt,
      to: bank.accountOf(),
      decide: (id, outcome) => void bank.taken.set(id, { ...bank.held(id), outcome }),
      taken: (id) => bank.held(id).times,
      close: async () => undefined,
    };
  },
};

function bankFiles(format: BankFileFormat): RailUnderTest {
  const folder = mkdtempSync(join(tmpdir(), 'jamnet-bank-'));
  const [outbox, inbox] = [join(folder, 'out'), join(folder, 'in')];
  mkdirSync(inbox);
  mkdirSync(outbox);
  const isNacha = format.kind === 'nacha';
  let files = 0;
  const { rail, breakAt } = breakable(bankFileRail({ outbox, inbox, format }));
  const nameOf = (id: string): string => (isNacha ? id.slice(0, NACHA_ID_LENGTH) : id);
  return {
    rail,
    breakAt,
    to: isNacha ? usOrder(1).to : { name: 'Payee 1', account: { kind: 'iban', iban: madeUpIban(1) } },
    decide: (id, outcome, cents) => {
      const amount = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
      const settled = isNacha
        ? pain002('any', [{ id: nameOf(id), status: 'ACSC' }])
        : camt054([{ id, cents: amount }]);
      const returned = isNacha
        ? nachaReturns([{ id: nameOf(id), code: 'R02', cents }])
        : camt054([{ id, cents: amount, returned: 'AC04' }]);
      const name = `${files++}.${isNacha && outcome === 'returned' ? 'ach' : 'xml'}`;
      writeFileSync(join(inbox, name), outcome === 'settled' ? settled : returned);
    },
    taken: (id) =>
      readdirSync(outbox)
        .filter((name) => /\.(xml|ach)$/.test(name))
        .map((name) => readFileSync(join(outbox, name), 'utf8').toLowerCase().split(nameOf(id)).length - 1)
        .reduce((sum, count) => sum + count, 0),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function stripeUnderTest(): Promise<RailUnderTest> {
  const stripe = await LocalStripe.open();
  stripe.books.addAccount('acct_1');
  return {
    rail: stripeRail({ client: stripe.client(), currency: 'USD' }),
    to: { name: 'Payee 1', account: { kind: 'stripe', accountId: 'acct_1' } },
    decide: (id, outcome) => {
      const payout = stripe.books.payouts.find((one) => one.metadata[PAYOUT_METADATA] === id);
      if (payout) stripe.books.decide(payout, outcome === 'settled' ? 'paid' : 'failed');
    },
    breakAt: (trouble) => {
      stripe.trouble = (request) => {
        if (trouble === 'ask') return request.startsWith('GET /v1/transfers') ? 'cut-reply' : null;
        if (trouble === null || request !== 'POST /v1/transfers') return null;
        return trouble === 'request' ? 'bad-gateway' : 'cut-reply';
      };
    },
    taken: (id) => stripe.books.transfers.filter((one) => one.metadata[PAYOUT_METADATA] === id).length,
    close: () => stripe.close(),
  };
}

/** The same rail over a line that breaks when told to. */
function breakable(rail: Rail): { rail: Rail; breakAt(trouble: RailTrouble): void } {
  let at: RailTrouble = null;
  const down = () => new Failure('line-down', 'the line is down');
  return {
    breakAt: (trouble) => {
      at = trouble;
    },
    rail: {
      name: rail.name,
      currency: rail.currency,
      ordersMax: rail.ordersMax,
      asksAgainUs: rail.asksAgainUs,
      mayPay: (to, cents) => rail.mayPay(to, cents),
      async submit(batch) {
        if (at === 'request') throw down();
        const said = await rail.submit(batch);
        if (at === 'reply') throw down();
        return said;
      },
      async ask(ids, nowUs) {
        if (at === 'ask') throw down();
        return rail.ask(ids, nowUs);
      },
    },
  };
}
