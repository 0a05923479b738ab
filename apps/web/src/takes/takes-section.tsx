import './takes.css';
import { memo, useState } from 'react';
import type { Take } from '../api/state.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Empty, Section } from '../look/section.tsx';
import { text } from '../text/text.ts';
import { TakeView } from './take-view.tsx';

export const TakesSection = memo(function TakesSection({ takes }: { readonly takes: readonly Take[] }) {
  const words = useText(text).takes;
  const format = useFormats();
  const [chosenId, setChosenId] = useState<string | null>(null);
  const take = takes.find((one) => one.id === chosenId) ?? takes[0];
  return (
    <Section id="takes" mark="C" title={words.title} lede={words.lede}>
      {take === undefined ? (
        <Empty>{words.empty}</Empty>
      ) : (
        <>
          <fieldset className="switch take-switch">
            <legend className="unseen">{words.choose}</legend>
            {takes.map((one) => (
              <label key={one.id}>
                <input
                  type="radio"
                  name="take"
                  value={one.id}
                  checked={one === take}
                  onChange={() => setChosenId(one.id)}
                />
                <span>
                  {words.heading(one.player, one.from)} <small>{`${format.number(one.seconds, 1)} s`}</small>
                </span>
              </label>
            ))}
          </fieldset>
          {/* A version that appears later (the repaired one) makes a new player, which loads it too. */}
          <TakeView key={`${take.id} ${take.variants.join()}`} take={take} />
        </>
      )}
    </Section>
  );
});
