import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { books, type FileList } from './books-api.ts';
import { text } from './text.ts';

/** Everything that can be taken away, and how to check it elsewhere. */
export function FilesView() {
  const words = useText(text);
  const { asked, again } = useAnswer(books.files);
  if (asked.status === 'asking') return <p role="status">{words.asking}</p>;
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  const address = `${location.origin}/public/`;
  return (
    <>
      <p className="lede">{words.files.lede}</p>
      <Files list={asked.value} />
      <h3>{words.files.check}</h3>
      <pre className="hash books-document">npm run --silent jamnet -- audit {address}</pre>
    </>
  );
}

function Files({ list }: { readonly list: FileList }) {
  const words = useText(text).files;
  const format = useFormats();
  return (
    <div className="scroller">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.file}</th>
            <th scope="col" className="over-num">
              {words.size}
            </th>
          </tr>
        </thead>
        <tbody>
          {list.files.map(({ path, files, bytes }) => (
            <tr key={path}>
              <th scope="row" className="hash">
                {path.endsWith('/') ? (
                  <>
                    {path} <span className="quiet">({words.count(files)})</span>
                  </>
                ) : (
                  <a href={`/public/${path}`} download>
                    {path}
                  </a>
                )}
              </th>
              <td className="num">{format.bytes(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.isCutShort && <p className="quiet">{words.cutShort}</p>}
    </div>
  );
}
