import { useAnswer } from '../../api/use-answer.ts';
import { useText } from '../../language/use-text.ts';
import { CsvImport } from './csv-import.tsx';
import { ReceiptForm } from './receipt-form.tsx';
import { fetchProducts } from './revenue-api.ts';
import { revenueText } from './text.ts';

/** Receipts: a file of them, or one. */
export function RevenueView({ canAct }: { readonly canAct: boolean }) {
  const words = useText(revenueText);
  const { asked } = useAnswer(fetchProducts);
  const products = asked.status === 'answered' ? asked.value : [];
  return (
    <>
      <p className="lede">{words.lede}</p>
      {canAct ? (
        <>
          <CsvImport products={products} />
          <ReceiptForm products={products} />
        </>
      ) : (
        <p>
          {words.readOnly} <a href="/books/#epochs">{words.books}</a>
        </p>
      )}
    </>
  );
}
