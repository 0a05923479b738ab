import { isLeaf, type PolicyMember, policyFields } from '@jamnet/economy/policy-fields';
import { useText } from '../language/use-text.ts';
import { type RuleDesk, ruleDesk } from './rule-desk.ts';
import { RuleField } from './rule-field.tsx';
import { useRuleWords } from './rule-words.ts';
import './rules.css';
import { rulesText } from './text.ts';

interface RulesFormProps {
  readonly document: object;
  /** What the document is compared with, member by member. */
  readonly inForce: object | null;
  readonly onDocument: (next: object) => void;
}

const { members } = policyFields();
const values = members.filter(({ field }) => isLeaf(field));
const parts = members.filter(({ field }) => !isLeaf(field));

/** All members of the policy as named fields: what each is for, its unit, its range, and what holds now where that differs. */
export function RulesForm({ document, inForce, onDocument }: RulesFormProps) {
  const desk = ruleDesk(document, inForce, onDocument);
  return (
    <div className="rules">
      <div className="studio-form">
        {values.map((member) => (
          <RuleField key={member.name} {...member} path={[member.name]} desk={desk} />
        ))}
      </div>
      {parts.map((member) => (
        <Part key={member.name} member={member} desk={desk} />
      ))}
    </div>
  );
}

function Part({ member, desk }: { readonly member: PolicyMember; readonly desk: RuleDesk }) {
  const text = useText(rulesText);
  const { name, why } = useRuleWords();
  const path = [member.name];
  const changes = desk.changesAt(path);
  return (
    <details data-rule={member.name}>
      <summary>
        <b>{name(path)}</b> {changes > 0 && <span className="scribble">{text.changed(changes)}</span>}{' '}
        {desk.isFaulty(path) && <span className="rules-fault">{text.edit}</span>}
      </summary>
      <p className="quiet">{why(path)}</p>
      <RuleField {...member} path={path} desk={desk} />
    </details>
  );
}
