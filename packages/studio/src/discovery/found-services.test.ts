import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Announcer } from './announcer.ts';
import { FoundServices, type HeardPacket, RECORDS_READ_MAX, SERVICES_MAX } from './found-services.ts';

const FROM = '192.0.2.9';
const attic = new Announcer({
  name: 'Attic',
  address: '192.0.2.7',
  port: 8441,
  apiUrl: 'http://192.0.2.7:8440',
  version: '0.1.0',
});

function srv(name: string, port = 8441, more: object = {}): object {
  return {
    name: `${name}._jamnet._udp.local`,
    type: 'SRV',
    ttl: 120,
    data: { port, target: 'h.local' },
    ...more,
  };
}

function heard(...packets: HeardPacket[]): FoundServices {
  const found = new FoundServices();
  for (const packet of packets) found.hear(packet, FROM);
  return found;
}

/** Packets that look like answers, with anything in any place. */
const field = (fitting: fc.Arbitrary<unknown>) => fc.oneof(fitting, fc.anything());
const record = fc.record({
  name: field(fc.constantFrom('a._jamnet._udp.local', '._jamnet._udp.local', 'h.local')),
  type: field(fc.constantFrom('SRV', 'TXT', 'A', 'PTR')),
  ttl: field(fc.nat()),
  data: field(
    fc.oneof(
      fc.record({ port: field(fc.nat()), target: field(fc.constant('h.local')) }),
      fc.array(field(fc.uint8Array())),
      fc.string(),
    ),
  ),
});
const hostile = fc.record({
  answers: field(fc.array(field(record))),
  additionals: field(fc.array(field(record))),
});

describe('what is found', () => {
  it('is forgotten when the service says goodbye', () => {
    const found = heard({ answers: attic.hello(0) });
    expect(found.list()).toEqual([attic.service]);

    found.hear({ answers: attic.goodbye() }, FROM);

    expect(found.list()).toEqual([]);
  });

  it('is one service however often and in whichever section it is heard', () => {
    const found = heard({ answers: attic.hello(0) }, { answers: [], additionals: attic.hello(0) });

    expect(found.list()).toHaveLength(1);
  });

  it('has the address of the sender where none was told, or one that is no IPv4 address', () => {
    const told = { name: 'H.local', type: 'A', ttl: 120, data: 'not an address' };

    expect(heard({ answers: [srv('a')] }).list()[0]?.address).toBe(FROM);
    expect(heard({ answers: [srv('a'), told] }).list()[0]?.address).toBe(FROM);
  });

  it('has a name that cannot move the cursor or write backwards', () => {
    const found = heard({ answers: [srv('\u001b[2J\u009bAt\ntic\u202e\u2028')] });

    expect(found.list()[0]?.name).toBe('[2JAttic');
  });

  it.each([
    ['javascript:alert(1)', null],
    ['http://ann:secret@192.0.2.7:8440/x#y', 'http://192.0.2.7:8440'],
    ['\u001b[31mhttp://x', null],
    ['', null],
  ])('reads the API %j as %j', (api, apiUrl) => {
    const text = { name: 'a._jamnet._udp.local', type: 'TXT', ttl: 120, data: [Buffer.from(`api=${api}`)] };

    expect(heard({ answers: [srv('a'), text] }).list()[0]?.apiUrl).toBe(apiUrl);
  });

  it.each([
    ['a port of 0', srv('a', 0)],
    ['a port beyond 65535', srv('a', 65_536)],
    ['a port between ports', srv('a', 1.5)],
    ['no name', srv('\u0007')],
    ['no data', srv('a', 1, { data: null })],
    ['another type of service', { ...srv('a'), name: 'a._ipp._tcp.local' }],
    ['no name of a record', { ...srv('a'), name: 7 }],
  ])('is nothing when the answer has %s', (_, answer) => {
    expect(heard({ answers: [answer] }).list()).toEqual([]);
  });

  it('stays within its limit, counts who is turned away, and still hears those it knows', () => {
    const found = new FoundServices();
    for (let at = 0; at < SERVICES_MAX + 10; at += 1) found.hear({ answers: [srv(`made-up-${at}`)] }, FROM);

    expect(found.list()).toHaveLength(SERVICES_MAX);
    expect(found.turnedAway).toBe(10);
    found.hear({ answers: [srv('made-up-0')] }, FROM);
    expect(found.turnedAway).toBe(10);
  });

  it('reads so many records of a packet and no more', () => {
    const others = Array.from({ length: RECORDS_READ_MAX }, () => ({
      name: 'x',
      type: 'A',
      ttl: 1,
      data: '',
    }));

    expect(heard({ answers: [...others, srv('a')] }).list()).toEqual([]);
    expect(heard({ answers: others, additionals: [srv('a')] }).list()).toEqual([]);
    expect(heard({ answers: [...others.slice(1), srv('a')] }).list()).toHaveLength(1);
  });

  it('never throws, is never more than its limit and always fit to print, whatever arrives', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 5 }), (packets) => {
        const services = heard(...packets).list();

        expect(services.length).toBeLessThanOrEqual(SERVICES_MAX);
        for (const { name, address, apiUrl, version } of services)
          expect([name, address, apiUrl, version].join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
      { numRuns: 1_000 },
    );
  });
});
