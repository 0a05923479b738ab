import './books.css';
import { memo } from 'react';
import type { Audit, LedgerHead } from '../api/state.ts';
import { Empty, Section } from '../look/section.tsx';
import { text } from '../text/text.ts';
import { AuditView } from './audit-view.tsx';
import { Entries } from './entries.tsx';
import { LogKey } from './log-key.tsx';

const words = text.books;

export interface BooksProps {
  readonly ledger: LedgerHead;
  readonly audit: Audit | null;
}

export const BooksSection = memo(function BooksSection({ ledger, audit }: BooksProps) {
  return (
    <Section id="books" mark="G" title={words.title} lede={words.lede}>
      {ledger.size === 0 ? (
        <Empty>{words.empty}</Empty>
      ) : (
        <>
          <LogKey ledger={ledger} />
          <h3>{words.entries}</h3>
          <Entries ledger={ledger} />
        </>
      )}
      <h3>{words.auditTitle}</h3>
      <AuditView audit={audit} />
    </Section>
  );
});
