import { More } from '../books/more.tsx';
import { usePages } from '../books/use-pages.ts';
import { useText } from '../language/use-text.ts';
import { code } from './code-api.ts';
import { text } from './text.ts';

/** What curators decided about commits of whoever is signed in. */
export function OwnBountiesView() {
  const words = useText(text).ownBounties;
  const pages = usePages(code.ownBounties);
  return (
    <div className="studio-card" data-part="own-bounties">
      <h3>{words.title}</h3>
      <p className="quiet">
        {pages.status === 'answered' && pages.rows.length === 0 ? words.none : words.lede}
      </p>
      <ul className="rows">
        {pages.rows.map(({ id, repository, commit, state, statements, tokens, reason, epochId }) => (
          <li key={id} data-own-bounty={id}>
            <div className="row-head">
              <b translate="no">{repository}</b> <code className="hash">{commit.slice(0, 10)}</code>
              <span className="tape">{words.states[state]}</span>
            </div>
            <p>
              {words.size(statements, tokens)} {words.next(state, epochId)}
            </p>
            {reason !== null && (
              <p className="quiet">
                {words.reason} {reason}
              </p>
            )}
          </li>
        ))}
      </ul>
      <More pages={pages} />
    </div>
  );
}
