import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { moneyOf } from '../../format/money-of.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Confirm } from '../../look/confirm.tsx';
import { type Device, hardware, type Order, type Placed } from './hardware-api.ts';
import { RefundForm } from './refund-form.tsx';
import { hardwareText } from './text.ts';

interface OrderRowProps {
  readonly order: Order;
  readonly canAct: boolean;
  readonly onCodes: (placed: Placed) => void;
  readonly onChanged: () => void;
}

/** One order with its devices. */
export function OrderRow({ order, canAct, onCodes, onChanged }: OrderRowProps) {
  const words = useText(hardwareText);
  const format = useFormats();
  const { id, product, quantity, amountMinor, currency, refundedMinor, placedAtUs, state } = order;
  const open = order.devices.filter((device) => device.state === 'open').length;
  return (
    <li data-order={id}>
      <div className="row-head">
        <b>{id}</b>
        <span className="figure">{moneyOf(amountMinor, currency, format.locale)}</span>
      </div>
      <p>
        <span className="tape">{state === 'undone' ? words.states.undone : words.states.placed}</span>{' '}
        {product}, {words.devices(quantity)}, {format.day(Number(BigInt(placedAtUs) / 1000n))}
      </p>
      {refundedMinor !== '0' && (
        <p className="quiet">{words.refunded(moneyOf(refundedMinor, currency, format.locale))}</p>
      )}
      {order.discountCode !== null && <p className="quiet">{words.discount(order.discountCode)}</p>}
      <Devices devices={order.devices} />
      {canAct && state !== 'undone' && (
        <>
          {open > 0 && <NewCodes id={id} open={open} onCodes={onCodes} />}
          <RefundForm order={order} onChanged={onChanged} />
        </>
      )}
    </li>
  );
}

function Devices({ devices }: { readonly devices: readonly Device[] }) {
  const words = useText(hardwareText);
  const named: Readonly<Record<string, string>> = words.deviceStates;
  return (
    <ul className="quiet">
      {devices.map(({ state, payee }, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: devices have no name here, and none comes or goes.
        <li key={number} className="hash">
          {named[state] ?? state} {payee !== null && words.by(payee)}
        </li>
      ))}
    </ul>
  );
}

interface NewCodesProps {
  readonly id: string;
  readonly open: number;
  readonly onCodes: (placed: Placed) => void;
}

function NewCodes({ id, open, onCodes }: NewCodesProps) {
  const words = useText(hardwareText);
  const format = useFormats();
  const [isAsking, setAsking] = useState(false);
  const { isBusy, complaint, act } = useAct();
  const replace = async () => {
    setAsking(false);
    const answer = await hardware.newCodes(id);
    if (answer.ok) onCodes(answer.value);
    return answer;
  };
  return (
    <>
      <button type="button" disabled={isBusy} onClick={() => setAsking(true)}>
        {words.codes}
      </button>
      {complaint !== null && <Complaint message={complaint} />}
      {isAsking && (
        <Confirm
          title={words.sureCodes}
          totals={[
            [words.id, id],
            [words.notClaimed, format.number(open)],
          ]}
          act={words.codes}
          isBusy={isBusy}
          onAct={() => void act(replace())}
          onLeave={() => setAsking(false)}
        >
          <p>{words.sureCodesWhy}</p>
        </Confirm>
      )}
    </>
  );
}
