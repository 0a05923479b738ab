import { canonicalJson, seededChance, toHex } from '@jamnet/base';

console.log(toHex(new Uint8Array([seededChance('x').below(256)])), canonicalJson({ a: 1 }));
