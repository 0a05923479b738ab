import { requestOf } from '@jamnet/studio/api';
import { useText } from '../language/use-text.ts';
import { walletText } from './text.ts';

/** Statements listed; older ones are reached from the operator. */
const LISTED_MAX = 24;

/** The statement of each epoch that paid something, to read and as a file. */
export function StatementsView({
  payee,
  epochs,
}: {
  readonly payee: string;
  readonly epochs: readonly string[];
}) {
  const words = useText(walletText).statements;
  const path = (file: string): string =>
    requestOf('GET /reports/statements/:payee/:file', { params: { payee, file } }).path;
  return (
    <div data-part="statements">
      <h3>{words.title}</h3>
      <p className="quiet">{epochs.length === 0 ? words.none : words.lede}</p>
      <ul className="rows">
        {epochs.slice(0, LISTED_MAX).map((epoch) => (
          <li key={epoch} className="row-head">
            <a href={path(`${epoch}.html`)}>{words.read(epoch)}</a>
            <a href={path(`${epoch}.csv`)} download aria-label={`${words.read(epoch)}, ${words.file}`}>
              {words.file}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
