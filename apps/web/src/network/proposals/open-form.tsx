import { templatePolicy } from '@jamnet/economy/page';
import { useAct } from '../../account/use-act.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { SelectField } from '../../look/select-field.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { namedChanges } from '../../rules/named-changes.ts';
import { PolicyChanges } from '../../rules/policy-changes.tsx';
import { readPolicy } from '../../rules/read-policy.ts';
import { RulesDraft } from '../../rules/rules-draft.tsx';
import { policies } from '../../studio/policy/policy-api.ts';
import { proposals } from '../network-api.ts';
import { proposalText } from './text.ts';

/** Weeks that a comment period may last, as the studio takes them. */
const WEEKS = [2, 3, 4, 6, 8, 12];
const WEEK_MS = 7 * 86_400_000;
/** The clocks of page and studio may differ by so much without the shortest period becoming too short. */
const MARGIN_MS = 3_600_000;

/** A policy is written, checked and compared, and opens for comments. */
export function OpenForm() {
  const words = useText(proposalText);
  const { asked } = useAnswer(policies.inForce);
  const inForce = asked.status === 'answered' ? asked.value.policy : null;
  const { draft, write, clear } = useDraft('proposal', { title: '', text: '', policy: '', weeks: '2' });
  const { isBusy, complaint, act } = useAct();
  const read = draft.policy === '' ? null : readPolicy(draft.policy);
  const policy = read?.ok ? read.value : null;
  const open = async (): Promise<void> => {
    if (policy === null) return;
    const closesAtMs = Date.now() + Number(draft.weeks) * WEEK_MS + MARGIN_MS;
    const { title, text } = draft;
    const opening = proposals.open({ title, text, policy, closesAtUs: `${BigInt(closesAtMs) * 1000n}` });
    if (!(await act(opening))) return;
    const opened = await opening;
    clear();
    if (opened.ok) location.hash = `#proposals/${opened.value.id}`;
  };
  return (
    <form
      className="studio-card"
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
    >
      <h3>{words.propose}</h3>
      <TextField
        name="title"
        label={words.title}
        hint={words.titleHint}
        maxLength={120}
        value={draft.title}
        onText={(title) => write({ title })}
      />
      <label className="field wide network-prose">
        <span>{words.why}</span>
        <textarea
          name="why"
          maxLength={8000}
          required
          value={draft.text}
          onChange={(event) => write({ text: event.target.value })}
        />
        <small className="quiet">{words.whyHint}</small>
      </label>
      <h4>{words.policy}</h4>
      <RulesDraft
        text={draft.policy}
        onText={(text) => write({ policy: text })}
        inForce={inForce}
        start={
          inForce === null
            ? { document: templatePolicy(), label: words.template }
            : { document: inForce, label: words.begin }
        }
      />
      {policy !== null && <PolicyChanges changes={namedChanges(inForce ?? {}, policy)} words={words.words} />}
      <SelectField
        name="weeks"
        label={words.weeks}
        value={draft.weeks}
        choices={WEEKS.map((weeks) => [`${weeks}`, words.lasts(weeks)])}
        onText={(weeks) => write({ weeks })}
      />
      {complaint !== null && <Complaint message={complaint} />}
      <button type="submit" className="primary" disabled={isBusy || policy === null}>
        {words.open}
      </button>
    </form>
  );
}
