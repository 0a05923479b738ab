import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelSha256, standardCatalogue } from '@jamnet/jamnode';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { SPECIFICATIONS } from './src/docs/chapters.ts';
import { renderFile } from './src/docs/markdown/document-files.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SPECIFICATION_FILES = new Map(
  Object.entries(SPECIFICATIONS).map(([chapter, path]) => [
    `virtual:specification/${chapter}`,
    join(ROOT, path),
  ]),
);

/** What the page may load: its own files and its own server, nothing else. Written into the built page so that it holds behind any server. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** Only in builds: the development server injects an inline preamble that this policy would refuse. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'jamnet-content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** The repository's Markdown as the documentation shows it: rendered here, so that the page brings no parser and can never differ. */
function documentFiles(): Plugin {
  return {
    name: 'jamnet-document-files',
    resolveId: (id) => SPECIFICATION_FILES.get(id) ?? null,
    load(id) {
      if (!id.endsWith('.md')) return null;
      this.addWatchFile(id);
      const path = relative(ROOT, id).replaceAll('\\', '/');
      const rendered = renderFile(path, readFileSync(id, 'utf8'));
      return { code: `export default ${JSON.stringify(rendered)};`, moduleType: 'js' };
    },
  };
}

/** The kernels in the page are those of this build: a studio of another build does not give it their tasks. */
const KERNELS = Object.fromEntries(standardCatalogue().map(({ kind }) => [kind, kernelSha256(kind)]));

export default defineConfig({
  define: { __KERNEL_SHA256__: JSON.stringify(KERNELS) },
  plugins: [react(), documentFiles(), contentSecurityPolicy()],
  build: {
    // `light-dark()` and `@property` carry the two themes; these are the first browsers that know both.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // A data: address would be refused by the policy above.
    assetsInlineLimit: 0,
    // The second page is what `jamnet bench browser` opens.
    rolldownOptions: {
      input: [
        'index.html',
        'account/index.html',
        'books/index.html',
        'code/index.html',
        'curate/index.html',
        'docs/index.html',
        'network/index.html',
        'node/index.html',
        'nodes/index.html',
        'status/index.html',
        'studio/index.html',
        'wallet/index.html',
        'bench.html',
      ],
    },
  },
  // The room's worker and its sound processor are modules, as the page is.
  worker: { format: 'es' },
  server: {
    proxy: {
      '/mesh': { target: 'ws://127.0.0.1:8440', ws: true },
      '/api': 'http://127.0.0.1:8440',
      '/room': { target: 'ws://127.0.0.1:8440', ws: true },
    },
  },
});
