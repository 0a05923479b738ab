import { ok, type Result, refuse } from '@jamnet/base';
import { repositoryName } from '../dependencies/repository-name.ts';
import { type HookHeaders, type HookSecrets, isSigned } from './signature.ts';

export const FORGES = ['github', 'forgejo', 'gitlab'] as const;

/** Who sends: `forgejo` stands for Gitea too, whose headers it keeps. */
export type Forge = (typeof FORGES)[number];

export type HookCode = 'webhook-not-set-up' | 'webhook-signature-wrong' | 'webhook-malformed';

/** Largest body a forge sends that we read; GitHub's own limit is 25 MB, pushes are far below one. */
export const HOOK_BYTES_MAX = 4 << 20;

/**
 * That something happened in a repository. A hint and no more: who pushed what is read from git, and the address it is
 * fetched from is the operator's, never the sender's.
 */
export interface GitHint {
  readonly forge: Forge;
  readonly deliveryId: string;
  /** `merge`: a request was merged. `other`: nothing to fetch. */
  readonly kind: 'push' | 'merge' | 'other';
  /** `host/owner/name`, or `null` when the event names none. */
  readonly repository: string | null;
  /** Branch, or `null`. */
  readonly branch: string | null;
}

export interface HookRequest extends HookSecrets {
  readonly forge: Forge;
  readonly headers: HookHeaders;
  /** The very bytes that came: signatures are over these. */
  readonly body: Uint8Array;
}

/** Checks the signature before a byte is parsed, then reads the few fields that a hint needs. */
export function readHook(request: HookRequest): Result<GitHint, HookCode> {
  const { forge, headers, body } = request;
  if (request.secrets.length === 0)
    return refuse(
      'webhook-not-set-up',
      'No secret for git webhooks is set: write one to keys/git-webhook.secret.',
    );
  if (!isSigned(request))
    return refuse(
      'webhook-signature-wrong',
      `The ${forge} event does not carry a signature by our secret: set the same secret at the forge.`,
    );
  const deliveryId = deliveryOf(forge, headers);
  const event = parseObject(body);
  if (deliveryId === null || event === null)
    return refuse(
      'webhook-malformed',
      `The ${forge} event has no delivery id or is no JSON object: send content type application/json.`,
    );
  return ok({ forge, deliveryId, ...(forge === 'gitlab' ? readGitLab(event) : readGitHub(headers, event)) });
}

type Fields = Readonly<Record<string, unknown>>;
type Happening = Pick<GitHint, 'kind' | 'repository' | 'branch'>;

function deliveryOf(forge: Forge, headers: HookHeaders): string | null {
  const names = {
    github: ['x-github-delivery'],
    forgejo: ['x-forgejo-delivery', 'x-gitea-delivery'],
    // The same on every attempt (since 17.4); older ones only name the event.
    gitlab: ['idempotency-key', 'webhook-id', 'x-gitlab-event-uuid'],
  }[forge];
  const found = names.map((name) => headers(name)).find((value) => value !== '');
  return found !== undefined && /^[\w.:=+/-]{1,128}$/.test(found) ? found : null;
}

/** GitHub's form, which Forgejo and Gitea keep. */
function readGitHub(headers: HookHeaders, event: Fields): Happening {
  const type = headers('x-forgejo-event') || headers('x-gitea-event') || headers('x-github-event');
  const repository = repositoryName(member(event.repository, 'clone_url'));
  const request = member(event, 'pull_request');
  if (type === 'push') return { kind: 'push', repository, branch: branchOf(event.ref) };
  if (type === 'pull_request' && event.action === 'closed' && member(request, 'merged') === true)
    return { kind: 'merge', repository, branch: text(member(member(request, 'base'), 'ref')) };
  return { kind: 'other', repository, branch: null };
}

function readGitLab(event: Fields): Happening {
  const repository = repositoryName(member(event.project, 'git_http_url'));
  const request = event.object_attributes;
  if (event.object_kind === 'push') return { kind: 'push', repository, branch: branchOf(event.ref) };
  if (event.object_kind === 'merge_request' && member(request, 'action') === 'merge')
    return { kind: 'merge', repository, branch: text(member(request, 'target_branch')) };
  return { kind: 'other', repository, branch: null };
}

function branchOf(ref: unknown): string | null {
  return typeof ref === 'string' && ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function member(value: unknown, name: string): unknown {
  return isFields(value) ? value[name] : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(body: Uint8Array): Fields | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return isFields(value) ? value : null;
  } catch {
    // No JSON, which the caller says.
    return null;
  }
}
