import { useCallback, useState } from 'react';
import { useAnswer } from '../../api/use-answer.ts';
import { More } from '../../books/more.tsx';
import { usePages } from '../../books/use-pages.ts';
import { useText } from '../../language/use-text.ts';
import { Empty } from '../../look/section.tsx';
import { fetchProducts } from '../revenue/revenue-api.ts';
import { ClaimCodes } from './claim-codes.tsx';
import { hardware, type Placed } from './hardware-api.ts';
import { OrderForm } from './order-form.tsx';
import { OrderRow } from './order-row.tsx';
import { hardwareText } from './text.ts';

const fetchDevices = () => fetchProducts('hardware');

/** Orders of devices with their claim codes; refunds and a new order for operators. */
export function HardwareView({ canAct }: { readonly canAct: boolean }) {
  const words = useText(hardwareText);
  const [version, setVersion] = useState(0);
  const [told, setTold] = useState<{ readonly placed: Placed; readonly sentence: string } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version asks anew.
  const load = useCallback((after: string | null) => hardware.page(after), [version]);
  const pages = usePages(load);
  const products = useAnswer(fetchDevices).asked;
  const tell = (placed: Placed, sentence: string): void => {
    setTold({ placed, sentence });
    setVersion((number) => number + 1);
  };
  return (
    <>
      <p className="lede">{words.lede}</p>
      {told !== null && <ClaimCodes placed={told.placed} sentence={told.sentence} />}
      {pages.status === 'answered' && pages.rows.length === 0 && <Empty>{words.none}</Empty>}
      <ul className="rows" data-part="orders">
        {pages.rows.map((order) => (
          <OrderRow
            key={order.id}
            order={order}
            canAct={canAct}
            onCodes={(placed) => tell(placed, words.replaced(placed.order))}
            onChanged={() => setVersion((number) => number + 1)}
          />
        ))}
      </ul>
      <More pages={pages} />
      {canAct && products.status === 'answered' && (
        <OrderForm
          products={products.value}
          onPlaced={(placed) =>
            tell(placed, placed.repeated ? words.repeated(placed.order) : words.placed(placed.order))
          }
        />
      )}
    </>
  );
}
