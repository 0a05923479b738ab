import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { schemaPath } from './xmllint.ts';

const FOLDER = schemaPath('ocf-v1.2.0/schema');
const BASE = 'https://schema.opencaptablecoalition.com/v/1.2.0';

/** The published schemas of Open Cap Format v1.2.0, where they lie beside the repository; else `null`. */
export function ocfValidator(): ((schema: string) => ValidateFunction) | null {
  if (!existsSync(FOLDER)) return null;
  // The schemas carry keywords of their own ("deprecated" as text), which the validator is to pass over.
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false });
  formats.default(ajv);
  for (const file of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.schema.json')) continue;
    const { $schema: _draft, ...schema } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
    ajv.addSchema(schema);
  }
  return (schema) => {
    const validate = ajv.getSchema(`${BASE}/${schema}.schema.json`);
    if (!validate) throw new Error(`there is no schema ${schema}`);
    return validate;
  };
}
