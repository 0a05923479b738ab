import { useAnswer } from '../api/use-answer.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { type Licence, network } from './network-api.ts';
import { text } from './text.ts';

/** Under which licences the parts of this studio came here. */
export function LicencesView() {
  const words = useText(text);
  const { asked, again } = useAnswer(network.about);
  if (asked.status === 'asking') return <p role="status">{words.asking}</p>;
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  const { part, author, licence } = words.licences;
  return (
    <>
      <p className="lede">{words.licences.lede}</p>
      <div className="scroller">
        <table>
          <thead>
            <tr>
              <th scope="col">{part}</th>
              <th scope="col">{author}</th>
              <th scope="col">{licence}</th>
            </tr>
          </thead>
          <tbody>
            {asked.value.licences.map((each) => (
              <Row key={`${each.part} ${each.author} ${each.licence}`} each={each} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Row({ each: { part, author, licence, count } }: { readonly each: Licence }) {
  const words = useText(text).licences;
  const whose = { program: words.contributors, sounds: author, packages: words.each };
  return (
    <tr>
      <th scope="row">{words.parts[part](count)}</th>
      <td>{whose[part]}</td>
      <td>{licence === '?' ? words.undeclared : licence}</td>
    </tr>
  );
}
