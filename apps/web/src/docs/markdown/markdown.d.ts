/** A Markdown file, rendered when the page is built: see `documentFiles` in vite.config.ts. */
declare module '*.md' {
  const rendered: import('./render-markdown.ts').RenderedDocument;
  export default rendered;
}

/** A chapter of SPECIFICATIONS: that file of a package, rendered alike. */
declare module 'virtual:specification/*' {
  const rendered: import('./render-markdown.ts').RenderedDocument;
  export default rendered;
}
