import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import type { Check } from './status-api.ts';
import { text } from './text.ts';

/** Each part with what is wrong, what to do, and how long it took to answer. */
export function ChecksView({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <ul className="checks">
      {checks.map((check) => (
        <CheckRow key={check.name} check={check} />
      ))}
    </ul>
  );
}

function CheckRow({ check: { name, state, code, sentence, tookMs } }: { readonly check: Check }) {
  const words = useText(text);
  const format = useFormats();
  // A newer studio may know faults that this page has no words for.
  const faults: Readonly<Record<string, string>> = words.faults;
  const fault = code === null ? null : (faults[code] ?? sentence);
  return (
    <li className={`check check-${state}`} data-check={name} data-state={state}>
      <b>{words.checks[name]}</b>
      <span className="figure">
        {words.checkStates[state]} <span className="quiet">{format.milliseconds(tookMs)}</span>
      </span>
      {fault !== null && <p className="check-fault">{fault}</p>}
    </li>
  );
}
