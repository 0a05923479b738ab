import { CURRENCIES, STREAMS } from '@jamnet/economy/page';
import { useText } from '../../language/use-text.ts';
import { SelectField } from '../../look/select-field.tsx';
import { type Mapping, MEMBERS } from './mapping.ts';
import type { Products } from './revenue-api.ts';
import { revenueText } from './text.ts';

interface MappingFieldsProps {
  readonly columns: readonly string[];
  readonly products: Products;
  readonly mapping: Mapping;
  readonly onMapping: (changed: Partial<Mapping>) => void;
}

/** Which column is what; what is the same in all lines may be said instead. */
export function MappingFields({ columns, products, mapping, onMapping }: MappingFieldsProps) {
  const words = useText(revenueText);
  const fixed: Readonly<Partial<Record<keyof Mapping, readonly string[]>>> = {
    currency: CURRENCIES,
    stream: STREAMS,
    product: products.map(([key]) => key),
  };
  return MEMBERS.map((member) => (
    <SelectField
      key={member}
      name={member}
      label={words.members[member]}
      value={mapping[member]}
      choices={[
        ['', words.file.none],
        ...columns.map((column) => [column, column] as const),
        ...(fixed[member] ?? []).map((value) => [`=${value}`, words.file.always(value)] as const),
      ]}
      onText={(column) => onMapping({ [member]: column })}
    />
  ));
}
