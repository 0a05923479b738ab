import { useText } from '../language/use-text.ts';
import { CONSENT_KINDS, type ConsentKind, withKind } from './consent.ts';
import { roomText } from './text.ts';

interface ConsentFieldsProps {
  readonly kinds: readonly ConsentKind[];
  readonly choose: (kinds: readonly ConsentKind[]) => void;
}

/** Asked in plain words, each on its own, nothing ticked beforehand. */
export function ConsentFields({ kinds, choose }: ConsentFieldsProps) {
  const words = useText(roomText).consent;
  return (
    <fieldset className="field consent">
      <legend>{words.title}</legend>
      <p className="quiet">{words.lede}</p>
      {CONSENT_KINDS.map((kind) => (
        <label key={kind} className="tick">
          <input
            type="checkbox"
            name={`consent-${kind}`}
            checked={kinds.includes(kind)}
            onChange={(event) => choose(withKind(kinds, kind, event.target.checked))}
          />
          <span>
            {words[kind]}
            <small className="quiet">{words.hints[kind]}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
