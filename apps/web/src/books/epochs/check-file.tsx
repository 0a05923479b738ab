import { toHex } from '@jamnet/base';
import { useState } from 'react';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import type { EpochSheet } from '../books-api.ts';
import { addressOf } from '../place.ts';
import { text } from '../text.ts';

type Finding =
  | { readonly status: 'unasked' | 'hashing' }
  | { readonly status: 'failed'; readonly message: string }
  | { readonly status: 'hashed'; readonly sha256: string; readonly bytes: number };

/** The epoch's public file, hashed in this browser and held against what the log fixed. */
export function CheckFile({ sheet }: { readonly sheet: EpochSheet }) {
  const words = useText(text).epochs;
  const [finding, setFinding] = useState<Finding>({ status: 'unasked' });
  const check = async (): Promise<void> => {
    setFinding({ status: 'hashing' });
    setFinding(await hashOf(sheet.file));
  };
  return (
    <section>
      <h4>{words.check}</h4>
      <p>
        <a href={sheet.file}>{words.file}</a>,{' '}
        <a href={addressOf('entries', sheet.statementLeaf)}>{words.fixed(sheet.statementLeaf)}</a>
      </p>
      <p className="hash">{sheet.sha256}</p>
      <p className="books-buttons">
        <button type="button" disabled={finding.status === 'hashing'} onClick={() => void check()}>
          {finding.status === 'hashing' ? words.hashing : words.hashThis}
        </button>
        <a href={`/reports/epochs/${encodeURIComponent(sheet.epoch)}`}>{words.statement}</a>
      </p>
      <div aria-live="polite">
        <Found finding={finding} sheet={sheet} again={() => void check()} />
      </div>
    </section>
  );
}

function Found({
  finding,
  sheet,
  again,
}: {
  readonly finding: Finding;
  readonly sheet: EpochSheet;
  readonly again: () => void;
}) {
  const words = useText(text).epochs;
  const format = useFormats();
  if (finding.status === 'failed') return <Complaint message={finding.message} again={again} />;
  if (finding.status !== 'hashed') return null;
  const holds = finding.sha256 === sheet.sha256;
  return (
    <div
      className={`proof ${holds ? 'proof-holds' : 'proof-fails'}`}
      data-verdict={holds ? 'holds' : 'fails'}
    >
      <p className="proof-verdict">
        {holds ? words.hashSame(format.bytes(finding.bytes)) : words.hashOther(finding.sha256)}
      </p>
    </div>
  );
}

async function hashOf(file: string): Promise<Finding> {
  try {
    const answer = await fetch(file);
    if (!answer.ok) return { status: 'failed', message: `${file}: HTTP ${answer.status}` };
    const bytes = await answer.arrayBuffer();
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    return { status: 'hashed', sha256: toHex(new Uint8Array(digest)), bytes: bytes.byteLength };
  } catch (error) {
    return { status: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
