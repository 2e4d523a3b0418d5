import { useId, type ReactNode } from 'react'
import { serviceAddress } from '../address.js'
import { Failed, Loading } from './states.js'
import type { Asked } from './useOperation.js'
import './widget.css'

/** A file of what the widget shows. */
export interface Download {
  readonly name: string
  readonly href: string
}

interface WidgetProps<Data> {
  readonly title: string
  /** What is asked, and its answer. */
  readonly asked: Asked<Data>
  /** Lines of the grey shape that stands in for what comes. */
  readonly lines?: number
  /** What a reader must know to read it, before the numbers. */
  readonly note?: ReactNode
  readonly downloads?: readonly Download[]
  readonly children: (data: Data) => ReactNode
}

/** A part of a view that one operation answers: its states are designed here, and its operation can be opened. */
export function Widget<Data>({ title, asked, lines = 5, note, downloads = [], children }: WidgetProps<Data>) {
  const heading = useId()
  const { data, error, fetching, retry, operation } = asked
  return (
    <section className="widget" aria-labelledby={heading} aria-busy={fetching}>
      <h2 id={heading}>{title}</h2>
      {note !== undefined && <div className="small muted">{note}</div>}
      {error !== undefined && data == null ? (
        <Failed error={error} retry={retry} />
      ) : data == null ? (
        <Loading lines={lines} />
      ) : (
        <div className={fetching ? 'stale' : ''}>{children(data)}</div>
      )}
      {(data != null || error !== undefined) && (
        <p className="widget-foot small no-print">
          {downloads.map(({ name, href }) => (
            <a key={name} href={href}>
              {name}
            </a>
          ))}
          <a href={playgroundUrl(operation)}>Open in the playground</a>
        </p>
      )}
    </section>
  )
}

/** Where an operation can be run, read and changed. */
export function playgroundUrl({ query, variables }: Asked<unknown>['operation']): string {
  const parameters = new URLSearchParams({ query, run: 'true' })
  if (variables && Object.keys(variables).length > 0) parameters.set('variables', JSON.stringify(variables, undefined, 2))
  return serviceAddress(`/playground?${parameters.toString()}`)
}
