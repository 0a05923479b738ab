import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import type { Notice } from './nodes-api.ts';
import { text } from './text.ts';

/** The rules that a machine's owner gave it, as it told them. */
export function RulesView({ notice }: { readonly notice: Notice | null }) {
  const words = useText(text);
  return (
    <div data-part="rules">
      <h3>{words.rules}</h3>
      <p className="quiet">{notice === null ? words.noNotice : words.rulesLede}</p>
      {notice !== null && <Rules rules={notice.rules} />}
    </div>
  );
}

function Rules({ rules }: { readonly rules: Notice['rules'] }) {
  const words = useText(text);
  const { number } = useFormats();
  const told = (limit: number | null, say: (limit: string) => string): string =>
    limit === null ? words.noRule : say(number(limit, 2));
  const { schedule, idleMinutes, gpuTemperatureCelsiusMax, gpuPowerWattsMax, bandwidthMbitPerSecondMax } =
    rules;
  const facts = [
    [words.idleMinutes, told(idleMinutes, words.minutes)],
    [words.temperature, told(gpuTemperatureCelsiusMax, words.celsius)],
    [words.power, told(gpuPowerWattsMax, words.watts)],
    [words.network, told(bandwidthMbitPerSecondMax, words.megabits)],
    [words.devicesOff, number(rules.devicesOff)],
  ] as const;
  return (
    <dl className="facts">
      <div>
        <dt>{words.schedule}</dt>
        <dd>{schedule.length === 0 ? words.always : <code translate="no">{schedule.join(', ')}</code>}</dd>
      </div>
      {facts.map(([fact, value]) => (
        <div key={fact}>
          <dt>{fact}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
