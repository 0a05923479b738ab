import type { WalletHead, WalletLine } from '@jamnet/economy';
import type { AnswerOf } from '../http/client/api-routes.ts';
import { WALLET_EPOCHS_MAX } from '../http/contracts/wallet.ts';

export type WalletAnswer = AnswerOf<'GET /api/wallets/:payee'>;
export type LineAnswer = AnswerOf<'GET /api/wallets/:payee/lines'>['lines'][number];

/** A wallet as plain JSON. */
export function walletAnswer(wallet: WalletHead, label: string): WalletAnswer {
  return {
    payee: wallet.payee,
    label,
    balanceMicroJam: wallet.balanceMicroJam.toString(),
    reservedMicroJam: wallet.redeemingMicroJam.toString(),
    escrowMicroJam: wallet.escrowMicroJam.toString(),
    worthCents: (wallet.worthCents ?? 0n).toString(),
    epochs: wallet.earned.slice(0, WALLET_EPOCHS_MAX).map(({ epochId }) => epochId),
  };
}

/** A line with what it is for: as a sentence for terminals, in its parts for who writes one. */
export function lineAnswer(line: WalletLine): LineAnswer {
  const { what, name } = workOf(line);
  return {
    epoch: line.epochId,
    kind: line.kind,
    rule: line.rule,
    what,
    name,
    text: `${line.rule === 'use' ? 'by use of' : 'by merit of'} ${SENTENCES[what]} ${name}`,
    amountMicroJam: line.microJam.toString(),
    contribution: line.contribution,
  };
}

const SENTENCES: Readonly<Record<LineAnswer['what'], string>> = {
  take: 'take',
  model: 'what takes are worth to model',
  code: 'code at',
  package: 'package',
  bounty: 'bounty',
  work: 'work on take',
  votes: 'votes',
};

/** What a contribution of each kind is, unless its subject says more. */
const WORKS = { music: 'take', code: 'code', compute: 'work', curation: 'votes' } as const;

/** A package and a bounty say what they are; of everything else the name is a hash, of which a beginning is enough. */
export function workOf({
  kind,
  subject,
}: Pick<WalletLine, 'kind' | 'subject'>): Pick<LineAnswer, 'what' | 'name'> {
  const [what = '', name = ''] = subject.split(' ');
  if (kind === 'code' && (what === 'package' || what === 'bounty')) return { what, name: name.slice(0, 80) };
  if (kind === 'music' && what === 'model') return { what, name: name.slice(0, 12) };
  return { what: WORKS[kind], name: subject.slice(0, 20) };
}
