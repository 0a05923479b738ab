import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { CHECKS, type Payee } from './payees-api.ts';
import { payeesText } from './text.ts';

/** The four checks with what was looked at and since when they stand. */
export function CheckList({ payee }: { readonly payee: Payee }) {
  const words = useText(payeesText);
  const format = useFormats();
  return (
    <div className="studio-card">
      <h4>{words.checks}</h4>
      <ul className="rows">
        {CHECKS.map((check) => {
          const { state, evidence, atUs } = payee.checks[check];
          return (
            <li key={check} data-check={check}>
              <div className="row-head">
                <b>{words.names[check]}</b>
                <span className="tape">{words.states[state]}</span>
              </div>
              {state !== 'missing' && (
                <p className="quiet">{words.since(format.moment(Number(BigInt(atUs) / 1000n)))}</p>
              )}
              {check === 'bank' && payee.nameCheck !== null && (
                <p className="quiet">
                  {words.nameCheck}: {words.nameChecks[payee.nameCheck]}
                </p>
              )}
              {evidence !== null && (
                <p className="hash">
                  {words.evidence}: {evidence}
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
