import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Announcer } from './announcer.ts';
import { FoundServices } from './found-services.ts';
import { asLabel, type LanService } from './lan-service.ts';
import { SERVICE_TYPE } from './service-records.ts';

const ATTIC: LanService = {
  name: 'Attic',
  address: '192.0.2.7',
  port: 8441,
  apiUrl: 'http://192.0.2.7:8440',
  version: '0.1.0',
};
const WHO_IS_THERE = [{ name: SERVICE_TYPE, type: 'PTR' }];

const service: fc.Arbitrary<LanService> = fc.record({
  name: fc.string({ unit: 'binary', maxLength: 100 }),
  address: fc.ipV4(),
  port: fc.integer({ min: 1, max: 65_535 }),
  apiUrl: fc.option(fc.webUrl()),
  version: fc.string({ maxLength: 20 }),
});

describe('the announcer', () => {
  it('is understood by whoever asks, whatever its service is called', () => {
    fc.assert(
      fc.property(service, (announced) => {
        const announcer = new Announcer(announced);
        const found = new FoundServices();

        found.hear({ answers: announcer.hear(0, WHO_IS_THERE) }, '192.0.2.99');

        expect(found.list()).toEqual([announcer.service]);
      }),
    );
  });

  it('tells of the API only the origin: no user, password, path, query or fragment', () => {
    const announcer = new Announcer({
      ...ATTIC,
      apiUrl: 'http://ann:s3cret@192.0.2.7:8440/room?token=s3cret#join=s3cret',
    });

    const said = JSON.stringify(announcer.hello(0));

    expect(said).toContain('api=http://192.0.2.7:8440"');
    expect(said).not.toContain('s3cret');
  });

  it('leaves out an API on loopback when the relay is reached from elsewhere', () => {
    const apiUrl = 'http://127.0.0.1:8440';

    expect(new Announcer({ ...ATTIC, apiUrl }).service.apiUrl).toBeNull();
    expect(new Announcer({ ...ATTIC, address: '127.0.0.1', apiUrl }).service.apiUrl).toBe(apiUrl);
  });

  it('answers in whatever case it is asked, and not to questions about others', () => {
    const announcer = new Announcer(ATTIC);

    expect(announcer.hear(0, [{ name: '_ipp._tcp.local', type: 'PTR' }])).toEqual([]);
    expect(announcer.hear(0, [{ name: '_JAMNET._udp.LOCAL', type: 'PTR' }])).toHaveLength(4);
    expect(announcer.hear(1_000, [{ name: 'attic._jamnet._udp.local', type: 'SRV' }])).toHaveLength(4);
    expect(announcer.hear(2_000, [{ name: '_services._dns-sd._udp.local', type: 'PTR' }])).toEqual([
      expect.objectContaining({ type: 'PTR', data: SERVICE_TYPE }),
    ]);
  });

  it('answers a flood of queries once a second', () => {
    const announcer = new Announcer(ATTIC);
    announcer.hello(0);

    const answered = Array.from({ length: 3_000 }, (_, ms) => announcer.hear(ms, WHO_IS_THERE)).filter(
      (records) => records.length > 0,
    );

    expect(answered).toHaveLength(2);
  });

  it('takes anything for questions', () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.anything()), (one, many) => {
        expect(new Announcer(ATTIC).hear(0, one)).toEqual([]);
        expect(new Announcer(ATTIC).hear(0, many)).toEqual([]);
      }),
    );
  });
});

describe('a name as a label', () => {
  it('has 1 to 63 bytes, no dots and no control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const label = asLabel(name);
        expect(Buffer.byteLength(label)).toBeGreaterThanOrEqual(1);
        expect(Buffer.byteLength(label)).toBeLessThanOrEqual(63);
        expect(label).not.toMatch(/[.\p{Cc}\p{Cf}]/u);
      }),
    );
  });

  it('is a plain word when nothing of the name can be seen', () => {
    expect(asLabel('\u001b\u202e ')).toBe('jamnet');
  });
});
