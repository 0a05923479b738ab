import { FORGES, HOOK_BYTES_MAX } from '@jamnet/attribution';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { codeFilePage } from '../reports/code-file-page.ts';
import { codeIndexPage, codePage } from '../reports/code-page.ts';
import { codePersonPage } from '../reports/code-person-page.ts';
import { CODE_TEXTS } from '../reports/code-texts.ts';
import { noticePage } from '../reports/layout.ts';
import { type ReportLanguage, reportLanguageOf } from '../reports/report-language.ts';
import { sendPage } from './economy/send.ts';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';

const closed = { additionalProperties: false } as const;
const Slug = Type.String({ pattern: '^[a-z0-9._-]{1,300}$' });
const ForgeParams = Type.Object({ forge: Type.Enum(FORGES) }, closed);
const CodeParams = Type.Object({ slug: Slug }, closed);
const FileQuery = Type.Object({ path: Type.String({ minLength: 1, maxLength: 4096 }) }, closed);
const PersonParams = Type.Object({ slug: Slug, person: Type.String({ pattern: '^[0-9a-f]{32}$' }) }, closed);

/** Pages of code with owners and heat, and the door for events of forges. */
export function addCodeRoutes(server: FastifyInstance, services: StudioServices): void {
  addPages(server, services);
  addHook(server, services);
}

function addPages(server: FastifyInstance, { code }: StudioServices): void {
  server.get('/reports/code', (request, reply) =>
    sendPage(spoken(reply), codeIndexPage(code.summaries(), languageOf(request))),
  );
  server.get<{ Params: Static<typeof CodeParams> }>(
    '/reports/code/:slug',
    { schema: { params: CodeParams } },
    (request, reply) => {
      const { slug } = request.params;
      const summary = code.summary(slug);
      return summary === null
        ? sendNoCode(request, reply)
        : sendPage(spoken(reply), codePage(slug, summary, languageOf(request)));
    },
  );
  server.get<{ Params: Static<typeof CodeParams>; Querystring: Static<typeof FileQuery> }>(
    '/reports/code/:slug/file',
    { schema: { params: CodeParams, querystring: FileQuery } },
    (request, reply) => {
      const { params, query } = request;
      const { slug } = params;
      const [summary, file] = [code.summary(slug), code.file(slug, query.path)];
      return summary === null || file === null
        ? sendNoCode(request, reply)
        : sendPage(spoken(reply), codeFilePage(slug, summary, file, languageOf(request)));
    },
  );
  server.get<{ Params: Static<typeof PersonParams> }>(
    '/reports/code/:slug/people/:person',
    { schema: { params: PersonParams } },
    (request, reply) => {
      const { slug, person: id } = request.params;
      const [summary, person] = [code.summary(slug), code.person(slug, id)];
      return summary === null || person === null
        ? sendNoCode(request, reply)
        : sendPage(spoken(reply), codePersonPage(slug, summary, person, languageOf(request)));
    },
  );
}

/** In whichever of our languages the browser would rather have. */
function languageOf({ headers }: Pick<FastifyRequest, 'headers'>): ReportLanguage {
  return reportLanguageOf(headers['accept-language']);
}

/** Whoever keeps a copy keeps one for each language (RFC 9110 §12.5.5). */
function spoken(reply: FastifyReply): FastifyReply {
  return reply.header('vary', 'accept-language');
}

function sendNoCode(request: Pick<FastifyRequest, 'headers'>, reply: FastifyReply): FastifyReply {
  const language = languageOf(request);
  const { noCode, noCodeText } = CODE_TEXTS[language];
  return sendPage(spoken(reply), noticePage(noCode, noCodeText, language), 404);
}

/** The bytes are checked as they came; the signature is the only thing that lets a sender in. */
function addHook(server: FastifyInstance, { code }: StudioServices): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post<{ Params: Static<typeof ForgeParams> }>(
      '/api/webhooks/git/:forge',
      { bodyLimit: HOOK_BYTES_MAX, schema: { params: ForgeParams } },
      (request, reply) => {
        const body = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
        const header = (name: string): string => {
          const value = request.headers[name];
          return typeof value === 'string' ? value : '';
        };
        const answer = code.gitEvent({ forge: request.params.forge, body, header });
        if (answer.ok) return reply.code(202).send(answer.value);
        return sendRefusal(reply, answer, statusOf(answer.code));
      },
    );
  });
}

function statusOf(code: string): number {
  if (code === 'webhook-malformed') return 400;
  if (code === 'webhook-signature-wrong') return 401;
  return 503;
}
