import { useText } from '../language/use-text.ts';
import type { Repository } from './code-api.ts';
import { text } from './text.ts';

/** How large a repository is, and why nothing earns where nothing does. */
export function RepositoryFacts({ read }: Pick<Repository, 'read'>) {
  const words = useText(text).repositories;
  return (
    <>
      {read === null ? (
        <p className="quiet">{words.notRead}</p>
      ) : (
        <p className="quiet">
          {words.size(read.people, read.files, read.statements, read.commits)}
          {read.heldBack !== null && ` ${words.heldBack(read.heldBack)}`}
        </p>
      )}
      {read?.problem != null && (
        <p>
          {words.problem} <span lang="en">{read.problem}</span>
        </p>
      )}
    </>
  );
}
