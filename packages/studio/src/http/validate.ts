import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Check, Convert, Default, Errors } from 'typebox/value';

/**
 * Checks requests against their TypeBox schemas. Path and query are text, so numbers in them are converted and defaults filled in;
 * a body must fit as it stands. Members that no schema names are refused where the schema says so.
 */
export const validateRequest: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  return (data: unknown) => {
    const value = httpPart === 'body' ? data : Convert(schema, Default(schema, data));
    if (Check(schema, value)) return { value };
    const [first] = Errors(schema, value);
    const where = `${httpPart ?? 'request'}${first?.instancePath ?? ''}`;
    return { error: new Error(`${where} ${first?.message ?? 'does not fit'}`) };
  };
};
