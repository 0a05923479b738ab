import { setLanguage, useLanguage } from './language.ts';
import { LANGUAGE_NAMES, LANGUAGES } from './languages.ts';
import { text } from './text.ts';
import { useText } from './use-text.ts';

/** English or German, remembered on this device. */
export function LanguageSwitch() {
  const chosen = useLanguage();
  return (
    <fieldset className="switch">
      <legend className="unseen">{useText(text).language}</legend>
      {LANGUAGES.map((language) => (
        <label key={language} lang={language} title={LANGUAGE_NAMES[language]}>
          <input
            type="radio"
            name="language"
            value={language}
            aria-label={LANGUAGE_NAMES[language]}
            checked={language === chosen}
            onChange={() => setLanguage(language)}
          />
          <span>{language.toUpperCase()}</span>
        </label>
      ))}
    </fieldset>
  );
}
