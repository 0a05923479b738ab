import { useState } from 'react';
import { useAct } from '../account/use-act.ts';
import type { Formats } from '../language/formats.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Confirm } from '../look/confirm.tsx';
import { Outcome } from '../look/outcome.tsx';
import { dayOf } from './day-of.ts';
import { walletText } from './text.ts';
import { money, type OwnRedemption } from './wallet-api.ts';

interface RedemptionsViewProps {
  readonly redemptions: readonly OwnRedemption[];
  readonly onChanged: () => void;
}

/** Every wish for money: how far it is, when it goes on, and a way back while there is one. */
export function RedemptionsView({ redemptions, onChanged }: RedemptionsViewProps) {
  const words = useText(walletText).redemptions;
  const [isTaken, setTaken] = useState(false);
  const { isBusy, complaint, act } = useAct();
  const cancel = async (id: string): Promise<void> => {
    setTaken(false);
    setTaken(await act(money.cancel(id)));
    onChanged();
  };
  return (
    <div data-part="redemptions">
      <h3>{words.title}</h3>
      {redemptions.length === 0 && <p className="quiet">{words.none}</p>}
      <ul className="rows">
        {redemptions.map((redemption) => (
          <RedemptionRow
            key={redemption.id}
            redemption={redemption}
            isBusy={isBusy}
            onCancel={() => void cancel(redemption.id)}
          />
        ))}
      </ul>
      <Outcome complaint={complaint} said={isTaken ? words.taken : null} />
    </div>
  );
}

interface RedemptionRowProps {
  readonly redemption: OwnRedemption;
  readonly isBusy: boolean;
  readonly onCancel: () => void;
}

function RedemptionRow({ redemption, isBusy, onCancel }: RedemptionRowProps) {
  const words = useText(walletText).redemptions;
  const format = useFormats();
  const [isAsking, setAsking] = useState(false);
  const { status, askedMicroJam, paidMicroJam, requestedAtUs, mayCancel } = redemption;
  const rest = BigInt(askedMicroJam) - BigInt(paidMicroJam);
  return (
    <li data-redemption={status}>
      <div className="row-head">
        <b>{format.jam(askedMicroJam)}</b>
        <span className="tape">{words.statuses[status]}</span>
      </div>
      <p>
        {words.asked(dayOf(format, requestedAtUs))} {sentenceOf(redemption, words, format)}
      </p>
      {mayCancel && (
        <p className="quiet">
          {words.mayCancel}{' '}
          <button type="button" className="plain" disabled={isBusy} onClick={() => setAsking(true)}>
            {words.cancel}
          </button>
        </p>
      )}
      {isAsking && (
        <Confirm
          title={words.sure}
          totals={[[words.amount, format.jam(rest)]]}
          act={words.cancel}
          isBusy={isBusy}
          onAct={() => {
            setAsking(false);
            onCancel();
          }}
          onLeave={() => setAsking(false)}
        >
          <p>{words.sureWhy}</p>
        </Confirm>
      )}
    </li>
  );
}

function sentenceOf(
  { status, paidMicroJam, paidCents, cutoffUs }: OwnRedemption,
  words: (typeof walletText)['en']['redemptions'],
  format: Formats,
): string {
  const paid = [format.jam(paidMicroJam), format.dollars(paidCents)] as const;
  switch (status) {
    case 'waiting-for-price':
      return words.waits(dayOf(format, cutoffUs));
    case 'suspended':
      return words.suspended(dayOf(format, cutoffUs));
    case 'partly-paid':
      return words.partly(...paid);
    case 'paid':
      return words.paid(...paid);
    case 'cancelled':
      return paidMicroJam === '0' ? words.cancelled : words.partlyCancelled(...paid);
    case 'refused':
      return words.refused;
  }
}
