import { writeFileSync } from 'node:fs';
import { fitUpscaler } from './fit-upscaler.ts';

/** `node make-upscaler-main.ts FILE`: writes the example model `image.upscale`, fitted from its seed. */
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: make-upscaler-main.ts FILE');
writeFileSync(file, fitUpscaler('image.upscale 1'));
