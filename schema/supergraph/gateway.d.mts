export interface Graph {
  readonly name: string
  readonly url: string
  readonly sdl: string
}
export function compose(graphs: readonly Graph[]): string
export function startSupergraph(
  evidenceUrl: string,
  ports?: { readonly port: number; readonly pharmacyPort: number; readonly libraryPort: number },
): Promise<{ url: string; supergraphSdl: string; stop(): Promise<unknown> }>
export function questions(): Promise<string>
// Whatever the operation asked.
export function ask(url: string, query: string): Promise<{ data?: any; errors?: readonly { message: string }[] }>
