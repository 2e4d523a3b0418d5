/** Codes that `import-tables --json` prints; docs/importing-tables.md lists them, held to this by a test. */
export const tablesErrorCodes = {
  NOT_AN_ARTICLE: 'what was named is neither a PMCID nor a file',
  UNREADABLE_FILE: 'the file cannot be opened',
  TOO_LARGE: 'the full text, or a table, is larger than is read',
  WEB_PAGE: 'a page of the web came in the place of XML',
  NOT_XML: 'the text is not XML, or breaks off',
  NOT_JATS: 'the XML is no article of JATS',
  NO_TABLES: 'the article has no tables, or none as text',
  UNKNOWN_PMCID: 'Europe PMC has no article of the PMCID',
  NOT_OPEN_ACCESS: 'Europe PMC has the article, and its full text is not open access',
  UNREACHABLE: 'Europe PMC cannot be asked, or does not answer',
  UNKNOWN_CHOICE: 'an option names a table, an arm or a row that the article does not have',
  BAD_PLAN: 'the plan does not fit its format',
  NOTHING_TO_KEEP: 'nothing is left that can be kept, or a question is open',
} as const
export type TablesErrorCode = keyof typeof tablesErrorCodes

/** Why the tables of an article cannot be taken, in one sentence for the curator. */
export class TablesError extends Error {
  constructor(
    readonly code: TablesErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'TablesError'
  }
}
