/** What we use of the WebAssembly API, which `lib: ES2023` does not declare; absent on hosts without it. */
interface Platform {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

declare const WebAssembly: Platform | undefined;

/** The platform's WebAssembly, or `null`: then the plain kernel does the work. */
export function wasmPlatform(): Platform | null {
  return typeof WebAssembly === 'undefined' ? null : WebAssembly;
}

/** Compiles the first of the modules that the host understands; `null` when there is none or a policy forbids it. */
export function compileFirst(modules: readonly Uint8Array<ArrayBuffer>[]): object | null {
  const platform = wasmPlatform();
  if (platform === null) return null;
  try {
    for (const bytes of modules) if (platform.validate(bytes)) return new platform.Module(bytes);
  } catch {
    return null;
  }
  return null;
}
