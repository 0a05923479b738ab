import { ok, type Result, refuse } from '@jamnet/base';
import { Type } from 'typebox';
import { Value } from 'typebox/value';

const Port = Type.Integer({ minimum: 0, maximum: 65535 });
const GatewayOptions = Type.Object({
  /** Loopback: what the studio asks and passes on comes in here. */
  host: Type.String({ minLength: 1 }),
  /** Where datagrams of pages come in. */
  publicHost: Type.String({ minLength: 1 }),
  /** UDP port of WebTransport: the page's own TCP port number, so that the page's policy counts both as itself. */
  port: Port,
  relay: Type.Object({ host: Type.String({ minLength: 1 }), port: Port }),
  /** Name under which the studio tells of its own relays, which are on this machine at the address of `relay`. */
  homeName: Type.Optional(Type.String({ minLength: 1 })),
  /** URL where the studio says on which relay a room lives. */
  door: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
  tokenKeyHex: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Lower-case origins of the studio's own pages. */
  pageOrigins: Type.Array(Type.String(), { maxItems: 16 }),
});
export type GatewayOptions = Type.Static<typeof GatewayOptions>;

export function parseGatewayOptions(text: string | undefined): Result<GatewayOptions, 'options-malformed'> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (Value.Check(GatewayOptions, value)) return ok(value);
  } catch {
    // Not JSON: the same answer.
  }
  return refuse(
    'options-malformed',
    'Give host, port, relay, tokenKeyHex and pageOrigins as one JSON object.',
  );
}
