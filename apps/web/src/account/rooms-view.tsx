import { type FormEvent, useEffect, useState } from 'react';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { InviteButton } from '../live-room/invite/invite-button.tsx';
import { Complaint } from '../look/complaint.tsx';
import { TextField } from '../look/text-field.tsx';
import { type OwnRoom, own } from './account-api.ts';
import { accountText } from './text.ts';
import { useAct } from './use-act.ts';

interface Link {
  readonly room: string;
  readonly url: string;
  readonly untilMs: number;
}

/** Making a room to play in, and letting others in. */
export function RoomsView() {
  const words = useText(accountText).rooms;
  const format = useFormats();
  const [rooms, setRooms] = useState<readonly OwnRoom[] | null>(null);
  const [name, setName] = useState('');
  const [link, setLink] = useState<Link | null>(null);
  const { isBusy, complaint, act } = useAct();
  const look = async (): Promise<{ readonly ok: boolean; readonly message?: string }> => {
    const answer = await own.rooms();
    if (answer.ok) setRooms(answer.value.rooms);
    return answer;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once; afterwards whoever makes a room looks again.
  useEffect(() => void act(look()), []);
  const invite = async (room: string): Promise<{ readonly ok: boolean; readonly message?: string }> => {
    setLink(null);
    const made = await own.inviteToRoom(room);
    if (!made.ok) return made;
    const { path, expiresAtUs } = made.value;
    setLink({ room, url: new URL(path, location.href).href, untilMs: Number(expiresAtUs) / 1000 });
    setName('');
    return await look();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void act(invite(name.trim()));
  };
  return (
    <section className="account-part" aria-labelledby="rooms">
      <h3 id="rooms">{words.title}</h3>
      <p className="quiet">{words.lede}</p>
      <form onSubmit={submit} className="account-form">
        <TextField
          name="room"
          label={words.name}
          hint={words.nameHint}
          value={name}
          onText={setName}
          maxLength={32}
          autoComplete="off"
        />
        <button type="submit" className="primary" disabled={isBusy}>
          {words.make}
        </button>
      </form>
      {complaint !== null && <Complaint message={complaint} />}
      {link !== null && (
        <div className="codes" role="status">
          <p>{words.link(link.room, format.moment(link.untilMs))}</p>
          <p>
            <a href={link.url}>{words.open(link.room)}</a>
          </p>
          <InviteButton link={link.url} />
        </div>
      )}
      {rooms?.length === 0 && <p className="quiet">{words.none}</p>}
      <ul className="rows">
        {rooms?.map(({ room }) => (
          <li key={room} className="row-head" data-room={room}>
            <span translate="no">{room}</span>
            <button type="button" disabled={isBusy} onClick={() => void act(invite(room))}>
              {words.again}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
