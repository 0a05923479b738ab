/** What we use of the WebAssembly API, which `lib: ES2023` does not declare; absent on hosts without it. */
interface Platform {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

declare const WebAssembly: Platform | undefined;

/** The platform's WebAssembly, or `null`: then the plain kernel does the work. */
export function wasmPlatform(): Platform | null {
  return typeof WebAssembly === 'undefined' ? null : WebAssembly;
}
