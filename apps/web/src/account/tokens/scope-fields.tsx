import { useText } from '../../language/use-text.ts';
import { tokensText } from './text.ts';

interface ScopeFieldsProps {
  readonly all: readonly string[];
  readonly chosen: ReadonlySet<string>;
  readonly onChosen: (chosen: ReadonlySet<string>) => void;
}

/** What a token may do: reading and changing, by area. */
export function ScopeFields({ all, chosen, onChosen }: ScopeFieldsProps) {
  const words = useText(tokensText);
  const areas = [...new Set(all.map((scope) => scope.split(':')[0] ?? ''))];
  const turn = (scope: string): void => {
    const next = new Set(chosen);
    if (!next.delete(scope)) next.add(scope);
    onChosen(next);
  };
  return (
    <fieldset className="scopes">
      <legend>{words.scopes}</legend>
      <ul className="rows">
        {areas.map((area) => (
          <li key={area} className="row-head">
            <span>{words.areas[area] ?? area}</span>
            <span className="scope-choices">
              {(['read', 'act'] as const)
                .filter((act) => all.includes(`${area}:${act}`))
                .map((act) => (
                  <label key={act}>
                    <input
                      type="checkbox"
                      name={`${area}:${act}`}
                      aria-label={`${words.areas[area] ?? area}: ${words[act]}`}
                      checked={chosen.has(`${area}:${act}`)}
                      onChange={() => turn(`${area}:${act}`)}
                    />{' '}
                    {words[act]}
                  </label>
                ))}
            </span>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
