import { useState } from 'react';
import { useText } from '../../language/use-text.ts';
import { inviteText } from './text.ts';

/** Hands on the link by which this page came: the browser's own sheet where it has one, else the clipboard. */
export function InviteButton({ link = location.href }: { readonly link?: string }) {
  const words = useText(inviteText);
  const [said, setSaid] = useState<'copied' | 'failed' | null>(null);
  const share = async (): Promise<void> => {
    try {
      if (navigator.share !== undefined && matchMedia('(pointer: coarse)').matches)
        await navigator.share({ url: link, title: words.title });
      else {
        await navigator.clipboard.writeText(link);
        setSaid('copied');
      }
    } catch (error) {
      // Who closes the sheet has shared nothing and needs no sentence.
      if (!(error instanceof DOMException && error.name === 'AbortError')) setSaid('failed');
    }
  };
  return (
    <p className="invite">
      <button type="button" onClick={() => void share()}>
        {words.button}
      </button>{' '}
      <span role="status" className="quiet">
        {said !== null && words[said]}
      </span>
    </p>
  );
}
