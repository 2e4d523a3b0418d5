import { useState, type RefObject } from 'react'
import { csvOf, pngOf, save, svgOf } from './picture.js'

interface SavePlotProps {
  /** What is drawn. */
  readonly part: RefObject<HTMLElement | null>
  /** Name of the files, without their endings. */
  readonly name: string
  /** The numbers behind the drawing, headings first. */
  readonly rows: () => readonly (readonly (string | number | null | undefined)[])[]
}

/** The plot as a file: a drawing, a picture, or its numbers, as they stand at the moment. */
export function SavePlot({ part, name, rows }: SavePlotProps) {
  const [failure, setFailure] = useState<string | null>(null)
  const picture = async (kind: 'svg' | 'png') => {
    if (part.current === null) return
    const svg = svgOf(part.current)
    save(kind === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await pngOf(svg), `${name}.${kind}`)
  }
  const tried = (kind: 'svg' | 'png') => () =>
    void picture(kind).then(
      () => setFailure(null),
      (error: unknown) => setFailure(String(error)),
    )
  return (
    <div className="save row small no-print">
      <span className="muted">This plot as</span>
      <button type="button" onClick={tried('svg')}>
        SVG
      </button>
      <button type="button" onClick={tried('png')}>
        PNG
      </button>
      <button type="button" onClick={() => save(new Blob([csvOf(rows())], { type: 'text/csv' }), `${name}.csv`)}>
        CSV
      </button>
      {failure !== null && <span role="alert">{failure}</span>}
    </div>
  )
}
