import { templatePolicy } from '@jamnet/economy/page';
import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useText } from '../../language/use-text.ts';
import { Confirm } from '../../look/confirm.tsx';
import { Outcome } from '../../look/outcome.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { namedChanges } from '../../rules/named-changes.ts';
import { PolicyChanges } from '../../rules/policy-changes.tsx';
import { readPolicy } from '../../rules/read-policy.ts';
import { RulesDraft } from '../../rules/rules-draft.tsx';
import { RulesShown } from '../../rules/rules-shown.tsx';
import { type InForce, policies } from './policy-api.ts';
import { policyText } from './text.ts';

/** The rules in force, and the next: written, checked, compared, published. */
export function PolicyView({ canAct }: { readonly canAct: boolean }) {
  const words = useText(policyText);
  const { asked, again } = useAnswer(policies.inForce);
  const inForce = asked.status === 'answered' ? asked.value : null;
  const name = inForce?.policy.name;
  return (
    <>
      <p className="lede">{words.lede}</p>
      <p>
        {inForce === null ? words.none : words.inForce(typeof name === 'string' ? name : inForce.sha256)}{' '}
        <a href="/books/#policies">{words.past}</a>
      </p>
      {inForce !== null && <p className="hash">{inForce.sha256}</p>}
      {inForce !== null && <RulesShown document={inForce.policy} />}
      {canAct && asked.status !== 'asking' && <PolicyForm inForce={inForce} onPublished={again} />}
    </>
  );
}

function PolicyForm({
  inForce,
  onPublished,
}: {
  readonly inForce: InForce | null;
  readonly onPublished: () => void;
}) {
  const words = useText(policyText);
  const { draft, write, clear } = useDraft('policy', { text: '' });
  const [isAsking, setAsking] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const { isBusy, complaint, act } = useAct();
  const read = draft.text === '' ? null : readPolicy(draft.text);
  const policy = read?.ok ? read.value : null;
  const changes = policy === null ? [] : namedChanges(inForce?.policy ?? {}, policy);
  const publish = async (document: object): Promise<void> => {
    setAsking(false);
    const publishing = policies.publish(document);
    if (!(await act(publishing))) return;
    const published = await publishing;
    setSaid(published.ok ? published.value.governsFrom : null);
    clear();
    onPublished();
  };
  return (
    <div className="studio-card">
      <h3>{words.next}</h3>
      <RulesDraft
        text={draft.text}
        onText={(text) => write({ text })}
        inForce={inForce?.policy ?? null}
        start={
          inForce === null
            ? { document: templatePolicy(), label: words.template }
            : { document: inForce.policy, label: words.begin }
        }
      />
      {policy !== null && <PolicyChanges changes={changes} words={words} />}
      <Outcome complaint={complaint} said={said === null ? null : words.published(said)} />
      <button
        type="button"
        className="primary"
        disabled={policy === null || changes.length === 0 || isBusy}
        onClick={() => setAsking(true)}
      >
        {words.publish}
      </button>
      {isAsking && policy !== null && (
        <Confirm
          title={words.sure}
          totals={[
            [words.name, policy.name],
            [words.version, String(policy.version)],
            [words.differing, String(changes.length)],
          ]}
          act={words.publish}
          isBusy={isBusy}
          onAct={() => void publish(policy)}
          onLeave={() => setAsking(false)}
        >
          <p>{words.sureWhy}</p>
        </Confirm>
      )}
    </div>
  );
}
