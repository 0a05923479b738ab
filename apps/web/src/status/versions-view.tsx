import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Fact } from './figures-view.tsx';
import type { Status } from './status-api.ts';
import { text } from './text.ts';

const ENGINES = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const;
const HOUR_SECONDS = 3600;

/** What runs here, since when, and how far each store's tables have been brought. */
export function VersionsView({ status }: { readonly status: Status }) {
  const words = useText(text);
  const format = useFormats();
  const { jamnet, node, engine, upSeconds, figures } = status;
  return (
    <section className="status-part" aria-labelledby="versions">
      <h3 id="versions">{words.versions}</h3>
      <dl className="facts facts-row">
        <Fact name="JAMNet">{jamnet}</Fact>
        <Fact name="Node">{node}</Fact>
        <Fact name={words.database}>{ENGINES[engine]}</Fact>
        <Fact name={words.up}>
          {upSeconds < HOUR_SECONDS
            ? words.minutes(Math.floor(upSeconds / 60))
            : words.hours(format.number(upSeconds / HOUR_SECONDS, 1))}
        </Fact>
      </dl>
      {figures !== null && (
        <details>
          <summary>{words.schemas}</summary>
          <dl className="facts">
            {figures.schemas.map(({ store, step }) => (
              <Fact key={store} name={store}>
                <code className="hash">{step}</code>
              </Fact>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}
