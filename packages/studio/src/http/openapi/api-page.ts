import { type Html, html } from '../../reports/html.ts';
import { page } from '../../reports/layout.ts';
import { type AreaContract, CONTRACTS, CONTRACTS_BY_AREA } from '../contracts/all.ts';
import { DOOR_CODES } from '../contracts/codes.ts';
import { DOORS } from '../contracts/doors.ts';
import { scopeOf } from '../contracts/scopes.ts';

/** The API for reading: each route with what it is for, who may ask and why it refuses. */
export function apiPage(): string {
  const areas = Object.keys(CONTRACTS_BY_AREA);
  return page({
    title: 'The API',
    lede: html`What a program can ask of this studio. The same, with every shape, for programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1). Make a token for a program of yours on <a href="/account/">your account page</a> and send it as <code>Authorization: Bearer jamnet_…</code>. Amounts and moments are whole numbers as text; a refusal is <code>application/problem+json</code> with one of the codes below and a sentence that says what to do.`,
    body: html`<nav aria-label="Areas"><ul>${areas.map((area) => html`<li><a href="#${area}">${area}</a></li>`)}</ul></nav>${areas.map(areaPart)}`,
  });
}

function areaPart(area: string): Html {
  const routes = [...CONTRACTS].filter(([, contract]) => contract.area === area);
  return html`<section id="${area}"><h2>${area}</h2>${routes.map(([route, contract]) => routePart(route, contract))}</section>`;
}

function routePart(route: string, contract: AreaContract): Html {
  const [method = ''] = route.split(' ');
  const scope = scopeOf(method, contract);
  const door = DOORS[contract.letsIn];
  const isOpen = (door.letsIn as readonly string[]).includes('nobody');
  const codes = [...DOOR_CODES[contract.letsIn], ...(contract.codes ?? [])];
  const who = isOpen ? 'anybody' : door.letsIn.join(', ');
  return html`<h3><code>${route}</code></h3><p>${contract.summary}.</p><p>Lets in: ${who}${isOpen || scope === null ? null : html`; token with <code>${scope}</code>`}.${'note' in door ? ` ${door.note}` : null}${codes.length === 0 ? null : html` Refuses with: ${codes.map((code) => html`<code>${code}</code> `)}`}</p>`;
}
