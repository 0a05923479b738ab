import { type ReactNode, useCallback } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { More } from '../books/more.tsx';
import { type Pages, usePages } from '../books/use-pages.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { code } from './code-api.ts';
import { RepositoryFacts } from './repository-facts.tsx';
import { text } from './text.ts';

/** Shares are told in parts of this. */
const WHOLE = 1e9;

/** Who owns what of one repository, where it is hot, and whose packages it runs. */
export function RepositoryView({ slug }: { readonly slug: string }) {
  const words = useText(text).repository;
  const people = usePages(useCallback((after: string | null) => code.people(slug, after), [slug]));
  const files = usePages(useCallback((after: string | null) => code.files(slug, after), [slug]));
  const packages = usePages(useCallback((after: string | null) => code.packages(slug, after), [slug]));
  const { asked, again } = useAnswer(useCallback(() => code.repository(slug), [slug]));
  const names = new Map(people.rows.map(({ id, name }) => [id, name]));
  const report = `/reports/code/${slug}`;
  const most = files.rows[0]?.share ?? 0;
  return (
    <>
      <p>
        <a href="#repositories">{words.back}</a>
      </p>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && (
        <>
          <h3 translate="no">{asked.value.repository}</h3>
          <RepositoryFacts read={asked.value.read} />
        </>
      )}
      <Part name={words.people} lede={words.peopleLede} pages={people} none={words.nobody}>
        {people.rows.map(({ id, name, share, statements }) => (
          <Row key={id} share={share} most={people.rows[0]?.share ?? 0} detail={words.statements(statements)}>
            <a href={`${report}/people/${id}`} translate="no">
              {name}
            </a>
          </Row>
        ))}
      </Part>
      <Part name={words.files} lede={words.filesLede} pages={files} none={words.noFile}>
        {files.rows.map(({ path, share, owner, statements }) => {
          const who = owner === null ? undefined : names.get(owner);
          const size = words.statements(statements);
          return (
            <Row
              key={path}
              share={share}
              most={most}
              detail={who === undefined ? size : words.mostBy(size, who)}
            >
              <a href={`${report}/file?${new URLSearchParams({ path })}`} translate="no">
                {path}
              </a>
            </Row>
          );
        })}
      </Part>
      <Part name={words.packages} lede={words.packagesLede} pages={packages} none={words.noPackage}>
        {packages.rows.map(({ repository, packages: used, isDirect, share }) => (
          <Row
            key={repository}
            share={share}
            most={packages.rows[0]?.share ?? 0}
            detail={words.askedFor(isDirect, used.join(', '))}
          >
            <span translate="no">{repository}</span>
          </Row>
        ))}
      </Part>
    </>
  );
}

interface PartProps {
  readonly name: string;
  readonly lede: string;
  readonly none: string;
  readonly pages: Pages<unknown>;
  readonly children: ReactNode;
}

function Part({ name, lede, none, pages, children }: PartProps) {
  const words = useText(text).repository;
  const isEmpty = pages.status === 'answered' && pages.rows.length === 0;
  return (
    <div className="studio-card">
      <h4>{name}</h4>
      <p className="quiet">{isEmpty ? none : lede}</p>
      {pages.rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard.
        <section className="scroller" tabIndex={0} aria-label={name}>
          <table>
            <thead>
              <tr>
                <th scope="col">{name}</th>
                <th scope="col" className="num">
                  {words.share}
                </th>
                <th scope="col">{words.heat}</th>
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        </section>
      )}
      <More pages={pages} />
    </div>
  );
}

interface RowProps {
  readonly share: number;
  readonly most: number;
  readonly detail: string;
  readonly children: ReactNode;
}

function Row({ share, most, detail, children }: RowProps) {
  const format = useFormats();
  const width = most === 0 ? 0 : Math.round((100 * share) / most);
  return (
    <tr>
      <th scope="row">
        {children}
        <span className="quiet"> {detail}</span>
      </th>
      <td className="num">{format.percent(share / WHOLE)}</td>
      <td>
        <svg className="heat" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
          <rect width={width} height="8" />
        </svg>
      </td>
    </tr>
  );
}
