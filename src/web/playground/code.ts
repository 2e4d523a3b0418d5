/** An operation as the editor holds it. */
export interface Operation {
  readonly query: string
  /** JSON as it was typed; empty without variables. */
  readonly variables: string
}

/** Languages that an operation can be taken to. */
export const languages = ['curl', 'JavaScript', 'R', 'Python'] as const
export type Language = (typeof languages)[number]

/**
 * A program that asks an operation and prints its answer.
 *
 * @param api address of the API
 * @throws {SyntaxError} if the variables are no JSON
 */
export function codeOf(language: Language, api: string, { query, variables }: Operation): string {
  const given: unknown = variables.trim() === '' ? {} : JSON.parse(variables)
  switch (language) {
    case 'curl':
      return `curl ${inShell(api)} \\\n  --header 'content-type: application/json' \\\n  --data-raw ${inShell(JSON.stringify({ query, variables: given }))}\n`
    case 'JavaScript':
      return [
        `const query = ${literal(query)}`,
        `const variables = ${JSON.stringify(given, undefined, 2)}`,
        `const response = await fetch(${literal(api)}, {`,
        "  method: 'POST',",
        "  headers: { 'content-type': 'application/json' },",
        '  body: JSON.stringify({ query, variables }),',
        '})',
        'console.log(JSON.stringify(await response.json(), null, 2))',
        '',
      ].join('\n')
    case 'R':
      return [
        '# install.packages("httr2") once',
        'library(httr2)',
        `body <- ${literal(JSON.stringify({ query, variables: given }))}`,
        `answer <- request(${literal(api)}) |>`,
        '  req_body_raw(body, type = "application/json") |>',
        '  req_perform() |>',
        '  resp_body_json()',
        'str(answer, max.level = 4)',
        '',
      ].join('\n')
    case 'Python':
      return [
        'import json',
        'from urllib.request import Request, urlopen',
        '',
        `query = ${inPython(query)}`,
        `variables = json.loads(${literal(JSON.stringify(given))})`,
        'body = json.dumps({"query": query, "variables": variables}).encode()',
        `with urlopen(Request(${literal(api)}, data=body, headers={"content-type": "application/json"})) as response:`,
        '    print(json.dumps(json.load(response), indent=2, ensure_ascii=False))',
        '',
      ].join('\n')
  }
}

/** A word of a POSIX shell: nothing within single quotes means anything but themselves. */
const inShell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** A string of JSON, which JavaScript, Python and R read alike: what is not ASCII's printable part is escaped by no more than they all know. */
const literal = (text: string) => JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')

/** Over several lines where nothing in the text would end them or be read as an escape. */
const inPython = (text: string) => (/"""|\\|"$|\r|\0/.test(text) ? literal(text) : `"""${text}"""`)
