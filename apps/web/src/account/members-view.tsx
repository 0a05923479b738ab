import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Confirm } from '../look/confirm.tsx';
import { type Me, type Member, members, ROLES, type Role } from './account-api.ts';
import { InviteForm } from './invite-form.tsx';
import { accountText } from './text.ts';
import { useAct } from './use-act.ts';

/** For the operator: who is a member, as what, and a link for the next. */
export function MembersView({ me }: { readonly me: Me }) {
  const words = useText(accountText).members;
  const { asked, again } = useAnswer(members.list);
  const { complaint, act } = useAct();
  return (
    <section className="account-part" aria-labelledby="members">
      <h3 id="members">{words.title}</h3>
      <p className="quiet">{words.lede}</p>
      <InviteForm />
      {complaint !== null && <Complaint message={complaint} />}
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && (
        <div className="scroller">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.name}</th>
                <th scope="col">{words.role}</th>
                <th scope="col">{words.passkeys}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {asked.value.members.map((member) => (
                <MemberRow
                  key={member.id}
                  member={member}
                  isMe={member.id === me.memberId}
                  onRole={(role) => act(members.setRole(member.id, role)).then(again)}
                  onRemove={() => act(members.remove(member.id)).then(again)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface MemberRowProps {
  readonly member: Member;
  readonly isMe: boolean;
  readonly onRole: (role: Role) => Promise<void>;
  readonly onRemove: () => Promise<void>;
}

function MemberRow({ member, isMe, onRole, onRemove }: MemberRowProps) {
  const { members: words, roles } = useText(accountText);
  const [isAsking, setAsking] = useState(false);
  return (
    <tr>
      <th scope="row">
        <span translate="no">{member.name}</span> {isMe && <span className="quiet">({words.you})</span>}
      </th>
      <td>
        <select
          aria-label={`${words.role}: ${member.name}`}
          value={member.role}
          onChange={(event) => {
            const role = ROLES.find((each) => each === event.target.value);
            if (role !== undefined) void onRole(role);
          }}
        >
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {roles[role]}
            </option>
          ))}
        </select>
      </td>
      <td>{member.passkeys}</td>
      <td>
        <button
          type="button"
          className="plain"
          aria-label={`${words.remove}: ${member.name}`}
          onClick={() => setAsking(true)}
        >
          {words.remove}
        </button>
        {isAsking && (
          <Confirm
            title={words.sure(member.name)}
            totals={[
              [words.name, member.name],
              [words.role, roles[member.role]],
            ]}
            act={words.remove}
            isBusy={false}
            onAct={() => {
              setAsking(false);
              void onRemove();
            }}
            onLeave={() => setAsking(false)}
          />
        )}
      </td>
    </tr>
  );
}
