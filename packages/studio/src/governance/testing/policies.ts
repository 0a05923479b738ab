import { type Policy, samplePolicy, templatePolicy } from '@jamnet/economy';

/** A policy that could be published, another for each number. */
export function testPolicy(version: number): Policy {
  return { ...samplePolicy({ epochId: `sample-next-${version}` }), version };
}

/** Rules of a real month, with markup where names are. */
export function hostilePolicy(): Policy {
  return { ...templatePolicy(), name: '<img src=x onerror=alert(1)>' };
}
