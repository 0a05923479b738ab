import { type ReactElement, useState } from 'react';
import { useAct } from '../account/use-act.ts';
import { useText } from '../language/use-text.ts';
import { Outcome } from '../look/outcome.tsx';
import { SelectField } from '../look/select-field.tsx';
import { TextField } from '../look/text-field.tsx';
import { EMPTY_PAYEE, type PayeeFields, payeeDocumentOf } from './payee-document.ts';
import { walletText } from './text.ts';
import { ACCOUNT_KINDS, money } from './wallet-api.ts';

const DAY = '(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}';
const TAX_FORMS = ['W-9', 'W-8BEN', 'W-8BEN-E', 'DAC7'] as const;

/** Who one is, where the money goes, one's word on taxes. Lives in this page only: personal data is no draft. */
export function PayeeForm({ onHanded }: { readonly onHanded: () => void }) {
  const words = useText(walletText).payee;
  const [fields, setFields] = useState(EMPTY_PAYEE);
  const [isEmpty, setEmpty] = useState(false);
  const { isBusy, complaint, act } = useAct();
  const write = (changed: Partial<PayeeFields>): void => setFields({ ...fields, ...changed });
  const hand = async (): Promise<void> => {
    const document = payeeDocumentOf(fields);
    setEmpty(document === null);
    if (document === null || !(await act(money.handIn(document)))) return;
    setFields(EMPTY_PAYEE);
    onHanded();
  };
  const field: Field = (name, label, hint, pattern) => (
    <TextField
      name={name}
      label={label}
      hint={hint}
      value={fields[name]}
      maxLength={140}
      autoComplete="off"
      spellCheck={false}
      isOptional
      {...(pattern === undefined ? {} : { pattern })}
      onText={(text) => write({ [name]: text })}
    />
  );
  return (
    <form
      className="payee-form"
      onSubmit={(event) => {
        event.preventDefault();
        void hand();
      }}
    >
      <p className="quiet">{words.formHint}</p>
      <fieldset>
        <legend>{words.person}</legend>
        {field('legalName', words.legalName, words.legalNameHint)}
        {field('birthDate', words.birthDate, words.birthDateHint, DAY)}
        {field('email', words.email, words.emailHint)}
        {field('streetName', words.street, words.streetHint)}
        {field('buildingNumber', words.building, words.buildingHint)}
        {field('postCode', words.postCode, words.postCodeHint)}
        {field('townName', words.town, words.townHint)}
        {field('country', words.country, words.countryHint, '[A-Za-z]{2}')}
      </fieldset>
      <fieldset>
        <legend>{words.bank}</legend>
        <SelectField
          name="kind"
          label={words.kind}
          hint={words.kindHint}
          value={fields.kind}
          choices={ACCOUNT_KINDS.map((kind) => [kind, words.accounts[kind]] as const)}
          onText={(kind) => write({ kind })}
        />
        {field('accountName', words.accountName, words.accountNameHint)}
        <AccountFields fields={fields} field={field} write={write} />
      </fieldset>
      <fieldset>
        <legend>{words.tax}</legend>
        <SelectField
          name="form"
          label={words.form}
          hint={words.formHintTax}
          value={fields.form}
          choices={[['', words.noForm], ...TAX_FORMS.map((form) => [form, form] as const)]}
          onText={(form) => write({ form })}
        />
        {fields.form !== '' && (
          <>
            {field('taxCountry', words.taxCountry, words.countryHint, '[A-Za-z]{2}')}
            {field('taxId', words.taxId, words.taxIdHint)}
            {field('signedOn', words.signedOn, words.signedOnHint, DAY)}
          </>
        )}
      </fieldset>
      <Outcome complaint={isEmpty ? words.nothing : complaint} />
      <button type="submit" className="primary" disabled={isBusy}>
        {words.hand}
      </button>
    </form>
  );
}

type Field = (name: keyof PayeeFields, label: string, hint: string, pattern?: string) => ReactElement;

interface AccountFieldsProps {
  readonly fields: PayeeFields;
  readonly field: Field;
  readonly write: (changed: Partial<PayeeFields>) => void;
}

/** The numbers that an account of this kind has. */
function AccountFields({ fields, field, write }: AccountFieldsProps) {
  const words = useText(walletText).payee;
  if (fields.kind === 'stripe') return field('accountId', words.stripe, words.stripeHint);
  if (fields.kind === 'us')
    return (
      <>
        {field('routingNumber', words.routing, words.routingHint, '[0-9]{9}')}
        {field('accountNumber', words.accountNumber, words.accountNumberHint)}
        <SelectField
          name="type"
          label={words.usKind}
          value={fields.type}
          choices={[
            ['checking', words.usKinds.checking],
            ['savings', words.usKinds.savings],
          ]}
          onText={(type) => write({ type })}
        />
      </>
    );
  return (
    <>
      {field('iban', words.iban, words.ibanHint)}
      {field('bic', words.bic, words.bicHint)}
    </>
  );
}
