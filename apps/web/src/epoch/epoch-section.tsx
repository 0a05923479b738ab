import './epoch.css';
import { memo } from 'react';
import type { Epoch } from '../api/state.ts';
import { perMille } from '../format/numbers.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Empty, Section } from '../look/section.tsx';
import { text } from '../text/text.ts';
import { Pie } from './pie.tsx';
import { Wallets } from './wallets.tsx';

export const EpochSection = memo(function EpochSection({ epoch }: { readonly epoch: Epoch | null }) {
  const words = useText(text).epoch;
  return (
    <Section id="epoch" mark="F" title={words.title} lede={words.lede}>
      {epoch === null ? <Empty>{words.empty}</Empty> : <EpochView epoch={epoch} />}
    </Section>
  );
});

function EpochView({ epoch }: { readonly epoch: Epoch }) {
  const words = useText(text).epoch;
  const format = useFormats();
  const share = perMille(BigInt(epoch.contributorShareCents), BigInt(epoch.revenueCents)) / 1000;
  return (
    <>
      <p className="tempo">
        <strong>{words.heading(epoch.id, words.states[epoch.state])}</strong>
      </p>
      {epoch.asOfUs !== null && (
        <p className="as-of">{words.asOf(format.moment(Number(BigInt(epoch.asOfUs) / 1000n)))}</p>
      )}
      <ol className="flow">
        <li>
          <span>{words.revenue}</span>
          <strong>{format.dollars(epoch.revenueCents)}</strong>
        </li>
        <li>
          <span>{words.share}</span>
          <strong>{format.dollars(epoch.contributorShareCents)}</strong>
          <small>{words.sharePart(format.percent(share))}</small>
        </li>
        <li>
          <span>{words.issued}</span>
          <strong>{format.jam(epoch.issuedMicroJam)}</strong>
          <small>
            {words.unitPrice}: <span lang="en">{epoch.unitPriceText}</span>
          </small>
        </li>
      </ol>
      <div className="halves halves-pie">
        <div>
          <h3>{words.pieTitle}</h3>
          {epoch.byKind.length === 0 ? <Empty>{words.pieEmpty}</Empty> : <Pie byKind={epoch.byKind} />}
        </div>
        <div>
          <h3>{words.walletsTitle}</h3>
          {epoch.wallets.length === 0 ? (
            <Empty>{words.walletsEmpty}</Empty>
          ) : (
            <Wallets wallets={epoch.wallets} />
          )}
        </div>
      </div>
    </>
  );
}
