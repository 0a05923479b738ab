import { useState } from 'react';
import { useAct } from '../account/use-act.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Confirm } from '../look/confirm.tsx';
import { Empty } from '../look/section.tsx';
import { TextField } from '../look/text-field.tsx';
import { network, type Partner } from './network-api.ts';
import { text } from './text.ts';

/** Partners that the operator has entered; whoever may, enters them here. */
export function PartnersView({ canAct }: { readonly canAct: boolean }) {
  const words = useText(text);
  const { asked, again } = useAnswer(network.about);
  const [changed, setChanged] = useState<readonly Partner[] | null>(null);
  if (asked.status === 'asking') return <p role="status">{words.asking}</p>;
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  const partners = changed ?? asked.value.partners;
  return (
    <>
      <p className="lede">{words.partners.lede}</p>
      {partners.length === 0 && <Empty>{words.partners.none}</Empty>}
      <ul className="rows network-rows">
        {partners.map((partner) => (
          <PartnerRow key={partner.id} partner={partner} canAct={canAct} onChange={setChanged} />
        ))}
      </ul>
      {canAct && <PartnerForm onChange={setChanged} />}
    </>
  );
}

interface PartnerRowProps {
  readonly partner: Partner;
  readonly canAct: boolean;
  readonly onChange: (partners: readonly Partner[]) => void;
}

function PartnerRow({ partner: { id, name, what, url }, canAct, onChange }: PartnerRowProps) {
  const words = useText(text).partners;
  const [isAsking, setAsking] = useState(false);
  const { isBusy, complaint, act } = useAct();
  const remove = async (): Promise<void> => {
    const removing = network.removePartner(id);
    if (!(await act(removing))) return;
    const left = await removing;
    if (left.ok) onChange(left.value.partners);
  };
  return (
    <li>
      <div className="row-head">
        <h3>
          <a href={url} rel="noopener noreferrer nofollow">
            {name}
          </a>
        </h3>
        {canAct && (
          <button type="button" className="plain" onClick={() => setAsking(true)}>
            {words.remove(name)}
          </button>
        )}
      </div>
      <p>{what}</p>
      {complaint !== null && <Complaint message={complaint} />}
      {isAsking && (
        <Confirm
          title={words.removing(name)}
          totals={[]}
          act={words.act}
          isBusy={isBusy}
          onAct={() => void remove()}
          onLeave={() => setAsking(false)}
        >
          <p>{words.removingWhy}</p>
        </Confirm>
      )}
    </li>
  );
}

function PartnerForm({ onChange }: Pick<PartnerRowProps, 'onChange'>) {
  const words = useText(text).partners;
  const [partner, setPartner] = useState({ name: '', what: '', url: '' });
  const { isBusy, complaint, act } = useAct();
  const add = async (): Promise<void> => {
    const adding = network.addPartner(partner);
    if (!(await act(adding))) return;
    const added = await adding;
    if (added.ok) onChange(added.value.partners);
    setPartner({ name: '', what: '', url: '' });
  };
  return (
    <form
      className="studio-form"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <TextField
        name="name"
        label={words.name}
        hint={words.nameHint}
        maxLength={80}
        value={partner.name}
        onText={(name) => setPartner({ ...partner, name })}
      />
      <TextField
        name="what"
        label={words.what}
        hint={words.whatHint}
        maxLength={300}
        value={partner.what}
        onText={(what) => setPartner({ ...partner, what })}
      />
      <TextField
        name="url"
        label={words.url}
        hint={words.urlHint}
        maxLength={200}
        pattern="https://.+"
        value={partner.url}
        onText={(url) => setPartner({ ...partner, url })}
      />
      {complaint !== null && <Complaint message={complaint} />}
      <button type="submit" className="primary" disabled={isBusy}>
        {words.add}
      </button>
    </form>
  );
}
