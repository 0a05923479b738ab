import type { NamedChange } from './named-changes.ts';
import { useRuleValue } from './rule-value.ts';
import { useRuleWords } from './rule-words.ts';

/** Words around what differs, in the language and from the point of view of the page. */
interface ChangeWords {
  readonly same: string;
  readonly changes: (changes: number) => string;
  readonly was: string;
  readonly is: string;
}

/** What differs between two policies, member by member, each by its name with its place in the document. */
export function PolicyChanges({
  changes,
  words,
}: {
  readonly changes: readonly NamedChange[];
  readonly words: ChangeWords;
}) {
  const { place } = useRuleWords();
  const shown = useRuleValue();
  if (changes.length === 0) return <p>{words.same}</p>;
  return (
    <>
      <p>{words.changes(changes.length)}</p>
      <dl className="policy-changes">
        {changes.map(({ pointer, path, field, before, after }) => (
          <div key={pointer} data-change={pointer}>
            <dt>{place(path)}</dt>
            <dd>
              {words.was} <del>{shown(before, field)}</del>, {words.is} <ins>{shown(after, field)}</ins>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
