type Json = Readonly<Record<string, unknown>>;

/** JSON Schema as OpenAPI 3.1 has it; shapes with a title are kept once, under their name, and referred to. */
export class ApiSchemas {
  readonly #named = new Map<string, Json>();

  /** `schema` as plain JSON with references in place of named shapes. */
  add(schema: unknown): unknown {
    // What TypeBox keeps beside the JSON Schema is not enumerable.
    return this.#walk(JSON.parse(JSON.stringify(schema)));
  }

  get named(): Json {
    return Object.fromEntries([...this.#named].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #walk(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#walk(each));
    if (typeof value !== 'object' || value === null) return value;
    const walked = asOf2020(Object.entries(value).map(([key, each]) => [key, this.#walk(each)]));
    const { title } = walked;
    if (typeof title !== 'string' || walked.type !== 'object') return walked;
    this.#named.set(title, walked);
    return { $ref: `#/components/schemas/${title}` };
  }
}

/** Tuples are written `prefixItems` since JSON Schema 2020-12; TypeBox writes them as before. */
function asOf2020(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const schema: Record<string, unknown> = Object.fromEntries(entries);
  const { items, additionalItems, ...rest } = schema;
  return Array.isArray(items) ? { ...rest, prefixItems: items, items: additionalItems ?? {} } : schema;
}
