/** A text that a spreadsheet would take for a formula gets an apostrophe before it, which spreadsheets hide. */
export function inert(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}
