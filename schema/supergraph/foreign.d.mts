export interface ForeignGraph {
  readonly name: string
  readonly url: string
  readonly sdl: string
  stop(): Promise<void>
}
export function startForeign(name: 'pharmacy' | 'library', port?: number): Promise<ForeignGraph>
