import { More } from '../books/more.tsx';
import { usePages } from '../books/use-pages.ts';
import { useText } from '../language/use-text.ts';
import { Empty } from '../look/section.tsx';
import { code, type Repository } from './code-api.ts';
import { RepositoryFacts } from './repository-facts.tsx';
import { text } from './text.ts';

/** Repositories whose code is read here. */
export function RepositoriesView() {
  const words = useText(text).repositories;
  const pages = usePages(code.repositories);
  return (
    <>
      <p className="lede">{words.lede}</p>
      {pages.status === 'answered' && pages.rows.length === 0 && <Empty>{words.none}</Empty>}
      <ul className="rows">
        {pages.rows.map((row) => (
          <RepositoryRow key={row.slug} row={row} />
        ))}
      </ul>
      <More pages={pages} />
    </>
  );
}

function RepositoryRow({ row: { slug, repository, isMeasured, read } }: { readonly row: Repository }) {
  const words = useText(text).repositories;
  return (
    <li data-repository={slug}>
      <div className="row-head">
        <b translate="no">
          {read === null ? repository : <a href={`#repositories/${slug}`}>{repository}</a>}
        </b>
        <span className="tape tape-code">{isMeasured ? words.earns : words.ownersOnly}</span>
      </div>
      <RepositoryFacts read={read} />
    </li>
  );
}
