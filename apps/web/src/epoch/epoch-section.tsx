import './epoch.css';
import { memo } from 'react';
import type { Epoch } from '../api/state.ts';
import { dollarsText, jamText } from '../format/amounts.ts';
import { perMille } from '../format/numbers.ts';
import { Empty, Section } from '../look/section.tsx';
import { text } from '../text/text.ts';
import { Pie } from './pie.tsx';
import { Wallets } from './wallets.tsx';

const words = text.epoch;

export const EpochSection = memo(function EpochSection({ epoch }: { readonly epoch: Epoch | null }) {
  return (
    <Section id="epoch" mark="F" title={words.title} lede={words.lede}>
      {epoch === null ? <Empty>{words.empty}</Empty> : <EpochView epoch={epoch} />}
    </Section>
  );
});

function EpochView({ epoch }: { readonly epoch: Epoch }) {
  const share = perMille(BigInt(epoch.contributorShareCents), BigInt(epoch.revenueCents)) / 10;
  return (
    <>
      <p className="tempo">
        <strong>{words.heading(epoch.id, words.states[epoch.state])}</strong>
      </p>
      <ol className="flow">
        <li>
          <span>{words.revenue}</span>
          <strong>{dollarsText(epoch.revenueCents)}</strong>
        </li>
        <li>
          <span>{words.share}</span>
          <strong>{dollarsText(epoch.contributorShareCents)}</strong>
          <small>{words.sharePart(`${share.toFixed(1)} %`)}</small>
        </li>
        <li>
          <span>{words.issued}</span>
          <strong>{jamText(epoch.issuedMicroJam)} JAM</strong>
          <small>
            {words.unitPrice}: {epoch.unitPriceText}
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
