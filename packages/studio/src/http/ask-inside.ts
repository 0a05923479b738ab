import { createServer } from './server.ts';
import type { StudioServices } from './services.ts';

/** A question as a route takes it. */
export interface InsideQuestion {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** Asks a studio that does not listen by its own routes, as its operator: what a command gets is the same as from one that runs. */
export async function askInside(
  services: StudioServices,
  { method, path, body }: InsideQuestion,
): Promise<{ readonly status: number; readonly text: string }> {
  const server = createServer(services);
  try {
    const answer = await server.inject({
      method,
      url: path,
      headers: {
        host: '127.0.0.1',
        authorization: `Bearer ${services.operatorToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, text: answer.body };
  } finally {
    await server.close();
  }
}
