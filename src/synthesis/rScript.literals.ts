// Values as R's own notation writes them. Labels are strangers' text: nothing of it may end the string it stands in, or be read as R.

/** A string, in ASCII whatever it holds, so that the script means the same in every locale. */
export function rString(text: string): string {
  const written = [...text].map((character) => {
    const code = character.codePointAt(0) ?? 0
    if (character === '"' || character === '\\') return `\\${character}`
    if (code >= 0x20 && code < 0x7f) return character
    // R has no string with a null character, and none with half of a surrogate pair.
    const known = code === 0 || (code >= 0xd800 && code <= 0xdfff) ? 0xfffd : code
    return known > 0xffff ? `\\U${known.toString(16).padStart(8, '0')}` : `\\u${known.toString(16).padStart(4, '0')}`
  })
  return `"${written.join('')}"`
}

/** A number in the shortest notation that gives back the same double; NA where there is none. */
export function rNumber(value: number | null): string {
  return value === null || !Number.isFinite(value) ? 'NA' : String(value + 0)
}

/** A vector, on as many lines as it needs. */
export function rVector(values: readonly string[], indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const [index, value] of values.entries()) {
    const next = index === values.length - 1 ? value : `${value},`
    if (line !== '' && line.length + next.length > 110) {
      lines.push(line)
      line = next
    } else line = line === '' ? next : `${line} ${next}`
  }
  lines.push(line)
  return lines.length === 1 ? `c(${line})` : `c(\n${lines.map((part) => `${indent}  ${part}`).join('\n')}\n${indent})`
}

/** Names for columns that can stand in a formula, whatever the moderators are called. */
export function columnNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    const plain = `mod_${name.replace(/[^A-Za-z0-9]+/g, '_')}`
    let unique = plain
    for (let count = 2; taken.has(unique.toLowerCase()); count += 1) unique = `${plain}_${count}`
    taken.add(unique.toLowerCase())
    return unique
  })
}
