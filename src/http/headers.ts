import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'

/** Tells browsers what they may do with an answer, before anything is known of it. */
export type TellBrowsers = (message: { readonly raw: IncomingMessage }, answer: { readonly raw: ServerResponse }) => void

/**
 * What browsers are told of every answer. Pages and plots say themselves what they may load and who may frame them (src/http/web.ts); everything else is
 * data, which loads nothing and stands in no frame.
 *
 * @param hstsSeconds how long browsers shall come by TLS only; 0 where the service is not behind TLS
 */
export function browserHeaders(hstsSeconds: number): TellBrowsers {
  const tell = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // Who may frame a page is said by its policy; this older header would forbid the pages that are made to be embedded.
    xFrameOptions: false,
    // Anybody's page may show a plot and read an answer.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    strictTransportSecurity: hstsSeconds > 0 && { maxAge: hstsSeconds, includeSubDomains: false },
  })
  return (message, answer) =>
    tell(message.raw, answer.raw, (error) => {
      if (error instanceof Error) throw error
    })
}
