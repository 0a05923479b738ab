import type { Vote } from '../api/state.ts';
import { useText } from '../language/use-text.ts';
import { text } from '../text/text.ts';

/** Listed; the summary is of all. */
const SHOWN_MAX = 6;

export function Votes({ votes }: { readonly votes: readonly Vote[] }) {
  const words = useText(text).earnings;
  const repaired = votes.filter((vote) => vote.chosen === 'repaired').length;
  const columns = words.voteColumns;
  return (
    <>
      <p>{words.votesSummary(repaired, votes.length)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className="scroller" aria-label={words.votesTable} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{columns.clip}</th>
              <th scope="col">{columns.curator}</th>
              <th scope="col">{columns.chosen}</th>
              <th scope="col">{columns.rule}</th>
            </tr>
          </thead>
          <tbody>
            {votes.slice(-SHOWN_MAX).map((vote) => (
              <tr key={`${vote.clip} ${vote.curator}`}>
                <th scope="row" translate="no">
                  {vote.clip}
                </th>
                <td translate="no">{vote.curator}</td>
                <td>{words.chose[vote.chosen]}</td>
                <td lang="en">{vote.rule}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
