import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { account } from './account-api.ts';
import { browserOf } from './browser-of.ts';
import { accountText } from './text.ts';
import { useAct } from './use-act.ts';

export function SessionsView() {
  const words = useText(accountText).sessions;
  const format = useFormats();
  const { asked, again } = useAnswer(account.sessions);
  const { isBusy, complaint, act } = useAct();
  const endOthers = async (): Promise<void> => {
    if (await act(account.endOtherSessions())) again();
  };
  // Who signed in long ago may not list them, and may end them all the same.
  const mayBeMore = asked.status === 'refused' || (asked.status === 'answered' && asked.value.length > 1);
  return (
    <section className="account-part" aria-labelledby="sessions">
      <h3 id="sessions">{words.title}</h3>
      {asked.status === 'refused' && <p className="quiet">{words.hidden}</p>}
      {asked.status === 'answered' && (
        <ul className="rows">
          {asked.value.map((session) => (
            <li key={session.token} className="row-head">
              <b>{browserOf(session.userAgent, words.browserOn) ?? words.unknown}</b>
              <span className="quiet">{words.since(format.moment(Date.parse(session.createdAt)))}</span>
            </li>
          ))}
        </ul>
      )}
      {asked.status === 'answered' && !mayBeMore && <p className="quiet">{words.onlyHere}</p>}
      {mayBeMore && (
        <p>
          <button type="button" disabled={isBusy} onClick={() => void endOthers()}>
            {words.endOthers}
          </button>
        </p>
      )}
      {complaint !== null && <Complaint message={complaint} />}
    </section>
  );
}
