import type { PolicyChange } from '@jamnet/economy/policy-diff';

/** Words around what differs, in the language and from the point of view of the page. */
export interface ChangeWords {
  readonly same: string;
  readonly changes: (changes: number) => string;
  readonly was: string;
  readonly is: string;
  readonly absent: string;
}

/** What differs between two policies, member by member. */
export function PolicyChanges({
  changes,
  words,
}: {
  readonly changes: readonly PolicyChange[];
  readonly words: ChangeWords;
}) {
  if (changes.length === 0) return <p>{words.same}</p>;
  return (
    <>
      <p>{words.changes(changes.length)}</p>
      <dl className="policy-changes">
        {changes.map(({ path, before, after }) => (
          <div key={path}>
            <dt className="hash">{path}</dt>
            <dd>
              {words.was} <del className="hash">{before ?? words.absent}</del>, {words.is}{' '}
              <ins className="hash">{after ?? words.absent}</ins>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
