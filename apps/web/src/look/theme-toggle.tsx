import { text } from '../text/text.ts';
import { chooseTheme, THEME_CHOICES, useThemeChoice } from './theme.ts';

export function ThemeToggle() {
  const chosen = useThemeChoice();
  return (
    <fieldset className="switch">
      <legend className="unseen">{text.app.theme}</legend>
      {THEME_CHOICES.map((choice) => (
        <label key={choice}>
          <input
            type="radio"
            name="theme"
            value={choice}
            checked={choice === chosen}
            onChange={() => chooseTheme(choice)}
          />
          <span>{text.app.themeChoices[choice]}</span>
        </label>
      ))}
    </fieldset>
  );
}
