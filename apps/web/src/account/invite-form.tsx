import { type FormEvent, useState } from 'react';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { members, ROLES, type Role } from './account-api.ts';
import { accountText } from './text.ts';

/** Makes a link for one new member. */
export function InviteForm() {
  const { members: words, roles, roleHints } = useText(accountText);
  const [role, setRole] = useState<Role>('member');
  const [link, setLink] = useState<{ readonly url: string; readonly days: number } | null>(null);
  const [isCopied, setCopied] = useState(false);
  const [complaint, setComplaint] = useState<string | null>(null);
  const invite = async (): Promise<void> => {
    const made = await members.invite(role);
    setCopied(false);
    setLink(made.ok ? { url: new URL(made.value.path, location.href).href, days: made.value.days } : null);
    setComplaint(made.ok ? null : made.message);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void invite();
  };
  return (
    <>
      <form className="invite" onSubmit={submit}>
        <button type="submit">{words.invite}</button>
        <label>
          {words.as}{' '}
          <select
            name="role"
            value={role}
            onChange={(event) => setRole(ROLES.find((each) => each === event.target.value) ?? 'member')}
          >
            {ROLES.map((each) => (
              <option key={each} value={each}>
                {roles[each]}
              </option>
            ))}
          </select>
        </label>
        <small className="quiet">{roleHints[role]}</small>
      </form>
      {complaint !== null && <Complaint message={complaint} />}
      {link !== null && (
        <div className="codes" role="status">
          <p>{words.link(link.days)}</p>
          <p>
            <code>{link.url}</code>
          </p>
          <button
            type="button"
            onClick={() => void navigator.clipboard.writeText(link.url).then(() => setCopied(true))}
          >
            {isCopied ? words.copied : words.copy}
          </button>
        </div>
      )}
    </>
  );
}
