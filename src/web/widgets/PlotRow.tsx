import { useIsDark } from './useIsDark.js'
import { useCopy } from './useCopy.js'

interface PlotRowProps {
  /** Address of the plot as SVG, which carries every choice. */
  readonly url: string
  /** What the plot is of, in words. */
  readonly title: string
  /** Further files of the same. */
  readonly files?: readonly { readonly name: string; readonly href: string }[]
}

/** Under a plot: the same as files of the service, its address, and the code that shows it on another page. */
export function PlotRow({ url, title, files = [] }: PlotRowProps) {
  const { copy, said } = useCopy()
  const absolute = new URL(url, window.location.href).href
  const embed = absolute.replace(/\/plots\/(\w+)\.svg/, '/embed/plot/$1')
  const all = [...['svg', 'png'].map((ending) => ({ name: ending.toUpperCase(), href: url.replace('.svg?', `.${ending}?`) })), ...files]
  return (
    <p className="row small no-print plot-row">
      <span className="muted">This plot as</span>
      {all.map(({ name, href }) => (
        <a key={name} href={href}>
          {name}
        </a>
      ))}
      <button type="button" onClick={() => copy(absolute)}>
        Copy address
      </button>
      <button
        type="button"
        onClick={() =>
          copy(
            `<iframe src="${embed.replaceAll('&', '&amp;')}" title="${title.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}" width="100%" height="480" loading="lazy"></iframe>`,
          )
        }
      >
        Copy embed code
      </button>
      <span role="status">{said}</span>
    </p>
  )
}

/** A plot of the service in the reader's colours. */
export function Plot({ url, alt, width, height }: { readonly url: string; readonly alt: string; readonly width: number; readonly height: number }) {
  const isDark = useIsDark()
  return <img className="plot" src={isDark ? `${url}&theme=dark` : url} alt={alt} width={width} height={height} />
}
