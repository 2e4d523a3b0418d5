/** Light and dark for screens; print in black and greys. */
export type PlotTheme = 'light' | 'dark' | 'print'

/**
 * What a colour means. `benefit` and `harm`: the interval excludes no effect, on this side. `clear`: it does, and nobody said
 * which side is which. `unclear`: it includes no effect. Of the bands, the first is the innermost: p between 0.05 and 0.1.
 */
export type PaintRole = 'background' | 'ink' | 'muted' | 'rule' | 'benefit' | 'harm' | 'clear' | 'unclear' | 'band1' | 'band2'

/** Everything that carries meaning contrasts with the background by 4.5 : 1 (WCAG 2.2, 1.4.3); rules and bands need not. */
export const palettes: Readonly<Record<PlotTheme, Readonly<Record<PaintRole, string>>>> = {
  light: {
    background: '#ffffff',
    ink: '#1b1f24',
    muted: '#57606a',
    rule: '#d0d7de',
    benefit: '#0b5cad',
    harm: '#b2440e',
    clear: '#5b3fa8',
    unclear: '#5f6670',
    band1: '#c9d1d9',
    band2: '#e6eaef',
  },
  dark: {
    background: '#14181d',
    ink: '#e8eaed',
    muted: '#a9b1ba',
    rule: '#3b434c',
    benefit: '#7fb8ff',
    harm: '#ffa366',
    clear: '#c3b1ff',
    unclear: '#a2aab4',
    band1: '#3d4751',
    band2: '#272e36',
  },
  print: {
    background: '#ffffff',
    ink: '#000000',
    muted: '#333333',
    rule: '#bbbbbb',
    benefit: '#000000',
    harm: '#000000',
    clear: '#000000',
    unclear: '#6b6b6b',
    band1: '#c4c4c4',
    band2: '#e4e4e4',
  },
}

/**
 * A colour as a custom property with the theme's own as fallback, so that a page that holds the picture can set
 * `--plot-ink`, `--plot-benefit` and so on.
 */
export function paint(theme: PlotTheme, role: PaintRole): string {
  return `var(--plot-${role}, ${palettes[theme][role]})`
}

/** The same markup with every custom property replaced by its fallback, for programs that read no custom properties. */
export function withoutCustomProperties(svg: string): string {
  return svg.replace(/var\(--plot-[a-z0-9]+, (#[0-9a-f]{6})\)/g, '$1')
}

/** Source Sans 3 is what the PNG is drawn with; the others stand in where a reader has it not. */
export const fontFamily = "'Source Sans 3', 'Source Sans Pro', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
