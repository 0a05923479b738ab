import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { text } from './text.ts';
import type { Pages } from './use-pages.ts';

/** What stands below a list: that it is coming, why it is not, or the button for more of it. */
export function More({ pages }: { readonly pages: Pages<unknown> }) {
  const words = useText(text);
  if (pages.status === 'refused') return <Complaint message={pages.message} again={pages.more} />;
  if (pages.status === 'asking') return <p role="status">{words.asking}</p>;
  if (!pages.hasMore) return null;
  return (
    <button type="button" onClick={pages.more}>
      {words.more}
    </button>
  );
}
