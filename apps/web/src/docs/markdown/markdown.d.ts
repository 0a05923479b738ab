/** A Markdown file, rendered when the page is built: see `documentFiles` in vite.config.ts. */
declare module '*.md' {
  const rendered: import('./render-markdown.ts').RenderedDocument;
  export default rendered;
}
