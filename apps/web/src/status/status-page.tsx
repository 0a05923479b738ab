import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { PageFrame } from '../look/page-frame.tsx';
import { ChecksView } from './checks-view.tsx';
import { FiguresView } from './figures-view.tsx';
import type { Status } from './status-api.ts';
import { text } from './text.ts';
import { useStatus } from './use-status.ts';
import { VersionsView } from './versions-view.tsx';

/** How the studio is, for whoever wants to know: health, versions, queues. */
export function StatusPage() {
  const words = useText(text);
  const { status, complaint, again } = useStatus();
  return (
    <PageFrame title={words.title} lede={words.lede} home={words.home} className="status">
      {complaint !== null && <Complaint message={words.unreachable} again={again} />}
      {status === null && complaint === null && <p role="status">{words.looking}</p>}
      {status !== null && <Inside status={status} />}
    </PageFrame>
  );
}

function Inside({ status }: { readonly status: Status }) {
  const words = useText(text);
  const format = useFormats();
  const { state, checks, atUs, relays, figures } = status;
  return (
    <>
      <section className="status-part" aria-labelledby="health">
        <h3 id="health">{words.health}</h3>
        {/* Said when it changes, not at each look. */}
        <p className="verdict" data-state={state} role="status">
          {words.states[state]}
        </p>
        <ChecksView checks={checks} />
        <p className="quiet">{words.seen(format.moment(Number(atUs) / 1000))}</p>
      </section>
      <FiguresView figures={figures} relays={relays} />
      <VersionsView status={status} />
    </>
  );
}
