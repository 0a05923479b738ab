import './books.css';
import { memo } from 'react';
import type { Audit, LedgerHead } from '../api/state.ts';
import { useText } from '../language/use-text.ts';
import { Empty, Section } from '../look/section.tsx';
import { AuditView } from './audit-view.tsx';
import { Entries } from './entries.tsx';
import { LogKey } from './log-key.tsx';
import { text } from './text.ts';

export interface BooksProps {
  readonly ledger: LedgerHead;
  readonly audit: Audit | null;
}

export const BooksSection = memo(function BooksSection({ ledger, audit }: BooksProps) {
  const words = useText(text);
  return (
    <Section id="books" mark="G" title={words.title} lede={words.lede}>
      {ledger.size === 0 ? (
        <Empty>{words.empty}</Empty>
      ) : (
        <>
          <LogKey ledger={ledger} />
          <h3>{words.entries}</h3>
          <Entries ledger={ledger} />
          <p className="whole">
            <a href="/books/">{words.whole}</a>
          </p>
        </>
      )}
      <h3>{words.auditTitle}</h3>
      <AuditView audit={audit} />
    </Section>
  );
});
