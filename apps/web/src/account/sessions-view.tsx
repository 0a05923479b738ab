import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { account } from './account-api.ts';
import { browserOf } from './browser-of.ts';
import { accountText } from './text.ts';

export function SessionsView() {
  const words = useText(accountText).sessions;
  const format = useFormats();
  const { asked, again } = useAnswer(account.sessions);
  const endOthers = async (): Promise<void> => {
    await account.endOtherSessions();
    again();
  };
  return (
    <section className="account-part" aria-labelledby="sessions">
      <h3 id="sessions">{words.title}</h3>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && (
        <>
          <ul className="rows">
            {asked.value.map((session) => (
              <li key={session.token} className="row-head">
                <b>{browserOf(session.userAgent, words.browserOn) ?? words.unknown}</b>
                <span className="quiet">{words.since(format.moment(Date.parse(session.createdAt)))}</span>
              </li>
            ))}
          </ul>
          {asked.value.length > 1 ? (
            <p>
              <button type="button" onClick={() => void endOthers()}>
                {words.endOthers}
              </button>
            </p>
          ) : (
            <p className="quiet">{words.onlyHere}</p>
          )}
        </>
      )}
    </section>
  );
}
