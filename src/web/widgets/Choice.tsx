interface ChoiceProps<Word extends string> {
  readonly label: string
  /** What can be chosen, in the order it is offered. */
  readonly words: Readonly<Record<Word, string>>
  readonly value: string
  /** What stands for choosing nothing, where that can be chosen: '' is then handed on. */
  readonly none?: string
  /** Keeps its width whatever is offered: for words that are still on their way. */
  readonly steady?: boolean
  readonly onChange: (word: Word | '') => void
}

/** One of several words. */
export function Choice<Word extends string>({ label, words, value, none, steady = false, onChange }: ChoiceProps<Word>) {
  const offered = Object.entries<string>(words)
  return (
    <label>
      {label}{' '}
      <select
        className={steady ? 'steady' : undefined}
        value={value}
        onChange={({ target }) => onChange((Object.keys(words) as Word[]).find((word) => word === target.value) ?? '') /* keys of the record */}
      >
        {none !== undefined && <option value="">{none}</option>}
        {offered.map(([word, shown]) => (
          <option key={word} value={word}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  )
}
