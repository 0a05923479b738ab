import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useText } from '../language/use-text.ts';
import { text } from './text.ts';

interface ConfirmProps {
  readonly title: string;
  /** What the act comes to, named before it is done. */
  readonly totals: readonly (readonly [name: string, value: string])[];
  /** What the button does, as it says. */
  readonly act: string;
  readonly isBusy: boolean;
  readonly onAct: () => void;
  readonly onLeave: () => void;
  readonly children?: ReactNode;
}

/** Asks once before what cannot be taken back: what it is, what it comes to, and a button that says what it does. */
export function Confirm({ title, totals, act, isBusy, onAct, onLeave, children }: ConfirmProps) {
  const words = useText(text);
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className="confirm" aria-labelledby={heading} onCancel={onLeave}>
      <h3 id={heading}>{title}</h3>
      {children}
      <dl className="facts">
        {totals.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="confirm-acts">
        <button type="button" onClick={onLeave}>
          {words.leave}
        </button>
        <button type="button" className="primary" disabled={isBusy} onClick={onAct}>
          {act}
        </button>
      </div>
    </dialog>
  );
}
