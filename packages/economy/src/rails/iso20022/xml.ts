import { ok, type Result, refuse } from '@jamnet/base';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export type XmlCode = 'xml-malformed' | 'xml-too-large' | 'xml-with-doctype';

/** An element: attributes begin with `@`, every child is a list, text of its own is `#`. */
export interface Element {
  readonly [name: string]: unknown;
}

/** Largest file that is read: a report on 100,000 payments is below it. */
const XML_BYTES_MAX = 256 * 1024 * 1024;
const PARSER = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  // Not removeNSPrefix: that forgets the namespace, which tells the version.
  transformTagName: (name) => name.slice(name.indexOf(':') + 1),
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  alwaysCreateTextNode: true,
  processEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
});

/** A document from outside. Definitions of types and entities are refused: no bank sends them, and they are how XML is attacked. */
export function parseXml(text: string, bytesMax = XML_BYTES_MAX): Result<Element, XmlCode> {
  if (text.length > bytesMax)
    return refuse('xml-too-large', `The file has more than ${bytesMax} characters.`);
  if (/<!DOCTYPE|<!ENTITY/i.test(text))
    return refuse('xml-with-doctype', 'The file defines a document type.');
  const valid = XMLValidator.validate(text);
  if (valid !== true)
    return refuse('xml-malformed', `The file is no XML: ${valid.err.msg} (line ${valid.err.line}).`);
  try {
    const parsed: unknown = PARSER.parse(text);
    return isElement(parsed) ? ok(parsed) : refuse('xml-malformed', 'The file has no element.');
  } catch (cause) {
    return refuse(
      'xml-malformed',
      `The file is no XML: ${cause instanceof Error ? cause.message : 'unreadable'}.`,
    );
  }
}

function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All elements at a path of names, each level as often as it is there. */
export function all(from: Element, ...path: readonly string[]): Element[] {
  let found: Element[] = [from];
  for (const name of path) {
    found = found.flatMap((element) => {
      const children = element[name];
      return Array.isArray(children) ? children.filter(isElement) : [];
    });
  }
  return found;
}

/** Text of the first element at a path, or `null`. */
export function textAt(from: Element, ...path: readonly string[]): string | null {
  const own = all(from, ...path)[0]?.['#'];
  return typeof own === 'string' && own !== '' ? own : null;
}

export function attributeOf(element: Element, name: string): string | null {
  const value = element[`@${name}`];
  return typeof value === 'string' ? value : null;
}
