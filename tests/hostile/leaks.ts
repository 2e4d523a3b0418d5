/** What an answer must not tell of the service's inside: each with the pattern that shows it. */
const insides: readonly (readonly [string, RegExp])[] = [
  ['a stack trace', /\bat (?:async )?(?:[^\s()]+ \()?(?:file:\/\/|node:|\/)[^\s()]*:\d+:\d+|stacktrace/],
  ['a path of a file', /\/(?:src|dist|node_modules|home|root|work|tmp)\/[\w.-]+\/?/],
  ['a statement', /\bSELECT\b[^"]*\bFROM\b|\bINSERT INTO\b|\$\d+::/],
  ['a table or a setting of Postgres', /\b(?:evidence_row|data_revision|pg_catalog|pg_stat_\w+)\b|relation \\?"|column \\?"|syntax error at or near/],
  ['a library', /\b(?:[Pp]risma|PrismaClient\w*|[Ff]astify|apollo-server|node-postgres|type-graphql)\b/],
  ['an address of the database', /postgres(?:ql)?:\/\//],
]

/** A public web address of a source: its path is the publisher's, such as `/home/article/view/185`. */
const webAddress = /https?:\/\/(?!localhost|127\.|\[)[^\s"\\]+/g

/** What of the inside an answer tells; empty where it tells nothing. What it repeats of the question is no leak: such words are not in the questions that tests ask. */
export const leaks = (text: string): string[] => {
  const own = text.replace(webAddress, '')
  return insides.filter(([, pattern]) => pattern.test(own)).map(([what]) => `tells ${what}`)
}
