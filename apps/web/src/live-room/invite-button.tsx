import { useState } from 'react';
import { roomText } from './text.ts';

const words = roomText.invite;

/** Hands on the link by which this page came: the browser's own sheet where it has one, else the clipboard. */
export function InviteButton({ link = location.href }: { readonly link?: string }) {
  const [said, setSaid] = useState('');
  const share = async (): Promise<void> => {
    try {
      if (navigator.share !== undefined && matchMedia('(pointer: coarse)').matches)
        await navigator.share({ url: link, title: words.title });
      else {
        await navigator.clipboard.writeText(link);
        setSaid(words.copied);
      }
    } catch (error) {
      // Who closes the sheet has shared nothing and needs no sentence.
      if (!(error instanceof DOMException && error.name === 'AbortError')) setSaid(words.failed);
    }
  };
  return (
    <p className="invite">
      <button type="button" onClick={() => void share()}>
        {words.button}
      </button>{' '}
      <span role="status" className="quiet">
        {said}
      </span>
    </p>
  );
}
