/**
 * An address without the base path, if it has it. A proxy may strip the path or pass it on, and checks of health come without it: all find the same routes.
 *
 * @param basePath '' or '/magnesium'
 */
export function withoutBasePath(url: string, basePath: string): string {
  if (basePath === '' || !url.startsWith(basePath)) return url
  const rest = url.slice(basePath.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : url
}
