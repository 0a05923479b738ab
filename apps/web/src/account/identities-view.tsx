import { useCallback } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { code } from '../code/code-api.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { accountText } from './text.ts';

/** What of code is paid to this account, and the way to claim more of it or let it go. */
export function IdentitiesView() {
  const words = useText(accountText).identities;
  const format = useFormats();
  const { asked, again } = useAnswer(useCallback(() => code.identities(null), []));
  return (
    <section className="account-part" aria-labelledby="identities">
      <h3 id="identities">{words.title}</h3>
      <p className="quiet">{words.lede}</p>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && (
        <ul className="rows">
          {asked.value.rows
            .filter(({ isHeld }) => isHeld)
            .map(({ number, packages, atUs, key }) => (
              <li key={number}>
                <b>{packages === null ? words.address : words.packages(packages)}</b>
                <p className="quiet">
                  {words.since(format.day(Number(BigInt(atUs) / 1000n)))}{' '}
                  <code className="hash" translate="no">
                    {key}
                  </code>
                </p>
              </li>
            ))}
        </ul>
      )}
      <p>
        <a href="/code/#claims">{words.claim}</a>
      </p>
    </section>
  );
}
