/** Path under which the service is reached: '' or '/magnesium'. The service writes it into the page, see src/http/web.ts. */
export const basePath = document.querySelector<HTMLMetaElement>('meta[name="base-path"]')?.content ?? ''

/** The address of a path of the service, beside those of the dashboard's own views, which the router knows. */
export const serviceAddress = (path: string): string => `${basePath}${path}`
