import { useText } from '../language/use-text.ts';
import { text } from './text.ts';
import { chooseTheme, THEME_CHOICES, useThemeChoice } from './theme.ts';

export function ThemeToggle() {
  const chosen = useThemeChoice();
  const words = useText(text);
  return (
    <fieldset className="switch">
      <legend className="unseen">{words.theme}</legend>
      {THEME_CHOICES.map((choice) => (
        <label key={choice}>
          <input
            type="radio"
            name="theme"
            value={choice}
            checked={choice === chosen}
            onChange={() => chooseTheme(choice)}
          />
          <span>{words.themeChoices[choice]}</span>
        </label>
      ))}
    </fieldset>
  );
}
