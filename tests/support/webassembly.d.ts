// The part of WebAssembly that migrate.ts needs: Node has it, but TypeScript declares it only together with a browser's DOM.
declare namespace WebAssembly {
  function instantiate(
    bytes: Uint8Array,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, (() => void) | undefined>> } }>
}
