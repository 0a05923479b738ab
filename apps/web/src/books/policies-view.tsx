import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Empty } from '../look/section.tsx';
import { namedChanges } from '../rules/named-changes.ts';
import { PolicyChanges } from '../rules/policy-changes.tsx';
import { RulesShown } from '../rules/rules-shown.tsx';
import { books, type Policy } from './books-api.ts';
import { text } from './text.ts';

/** Names of a policy, which are no rules of it. */
const NAMES = new Set(['/name', '/version']);

/** Every published policy, and what changed from each to the next. */
export function PoliciesView() {
  const words = useText(text);
  const { asked, again } = useAnswer(books.policies);
  if (asked.status === 'asking') return <p role="status">{words.asking}</p>;
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  const policies = asked.value;
  return (
    <>
      <p className="lede">{words.policies.lede}</p>
      {policies.length === 0 && <Empty>{words.policies.none}</Empty>}
      <ol className="rows">
        {policies.map((policy, index) => (
          <PolicyRow key={policy.sha256} policy={policy} before={policies[index + 1] ?? null} />
        ))}
      </ol>
    </>
  );
}

function PolicyRow({ policy, before }: { readonly policy: Policy; readonly before: Policy | null }) {
  const words = useText(text).policies;
  const format = useFormats();
  const day = format.day(Number(BigInt(policy.publishedAtUs) / 1000n));
  const { name } = policy.document;
  return (
    <li>
      <div className="row-head">
        <h3>{typeof name === 'string' ? name : policy.sha256.slice(0, 16)}</h3>
        <span className="quiet">{words.published(day)}</span>
      </div>
      <p className="hash">{policy.sha256}</p>
      {policy.decision !== null && (
        <p>
          {policy.decision.isAmended ? words.amended : words.adopted}{' '}
          <a href={`/network/#proposals/${policy.decision.proposal}`}>{policy.decision.title}</a>
        </p>
      )}
      {before === null ? (
        <p>{words.first}</p>
      ) : (
        <PolicyChanges
          words={words}
          changes={namedChanges(before.document, policy.document).filter(
            ({ pointer }) => !NAMES.has(pointer),
          )}
        />
      )}
      <RulesShown document={policy.document} />
    </li>
  );
}
