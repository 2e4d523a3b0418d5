import { useEditorContext, useExecutionContext } from '@graphiql/react'
import { useEffect, useId, useRef, useState } from 'react'
import { serviceAddress } from '../address.js'
import { useCopy } from '../widgets/useCopy.js'
import { codeOf, languages, type Language, type Operation } from './code.js'
import { addressOf, longestAddress } from './operationAddress.js'

/** An operation to begin from. */
export interface Example {
  readonly name: string
  readonly query: string
  readonly variables?: string
}

interface BarProps {
  readonly examples: readonly Example[]
  /** The operation of the address, if it is to be run as soon as it stands in the editor. */
  readonly toRun: Operation | null
}

/** What is done with the operation as it stands in the editor: another one is found, it is copied as a program, its address is handed on. */
export function Bar({ examples, toRun }: BarProps) {
  const { queryEditor, variableEditor } = useEditorContext({ nonNull: true })
  const { copy, said } = useCopy()
  const [refused, setRefused] = useState('')
  const list = useId()
  useRunAtOnce(toRun)
  const current = (): Operation => ({ query: queryEditor?.getValue() ?? '', variables: variableEditor?.getValue() ?? '' })
  const open = useOpen()
  const copyAs = (language: Language) => {
    try {
      copy(codeOf(language, `${window.location.origin}${serviceAddress('/graphql')}`, current()))
      setRefused('')
    } catch {
      setRefused('The variables are no JSON yet.')
    }
  }
  const copyAddress = () => {
    const address = addressOf(`${window.location.origin}${serviceAddress('/playground')}`, current())
    if (address === null)
      return setRefused(`An address takes ${longestAddress.toLocaleString('en-GB')} characters, and this operation is longer. Copy it as a program.`)
    setRefused('')
    window.history.replaceState(null, '', address)
    copy(address)
  }
  return (
    <div className="bar row small">
      <label>
        Find an operation{' '}
        <input
          type="search"
          list={list}
          placeholder={`${examples.length} examples`}
          onChange={({ target }) => {
            const found = examples.find(({ name }) => titleOf(name) === target.value)
            if (found === undefined) return
            target.value = ''
            open({ query: found.query, variables: found.variables ?? '' })
          }}
        />
      </label>
      <datalist id={list}>
        {examples.map(({ name, query }) => (
          <option key={name} value={titleOf(name)}>
            {/^\s*#\s*(.*)/.exec(query)?.[1] ?? ''}
          </option>
        ))}
      </datalist>
      <span>Copy as</span>
      {languages.map((language) => (
        <button key={language} type="button" onClick={() => copyAs(language)}>
          {language}
        </button>
      ))}
      <button type="button" onClick={copyAddress}>
        Copy address
      </button>
      <span role="status">{refused === '' ? said : refused}</span>
    </div>
  )
}

/** "01-migraine-citrate" as "migraine citrate". */
const titleOf = (name: string) => name.replace(/^\d+-/, '').replaceAll('-', ' ')

/** Opens an operation in a tab of its own. */
function useOpen() {
  const { addTab, queryEditor, variableEditor, tabs, updateActiveTabValues } = useEditorContext({ nonNull: true })
  const waiting = useRef<Operation | null>(null)
  const count = tabs.length
  useEffect(() => {
    if (waiting.current === null) return
    const { query, variables } = waiting.current
    waiting.current = null
    queryEditor?.setValue(query)
    variableEditor?.setValue(variables)
    updateActiveTabValues({ query, variables })
    document.querySelector('.graphiql-tab-active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    // Once the tab is there; what the editors are does not change.
  }, [count])
  return (operation: Operation) => {
    waiting.current = operation
    addTab()
  }
}

/** Runs the operation once it stands in the editor and its name is known. */
function useRunAtOnce(toRun: Operation | null): void {
  const { queryEditor } = useEditorContext({ nonNull: true })
  const { run } = useExecutionContext({ nonNull: true })
  const isDone = useRef(toRun === null)
  useEffect(() => {
    if (isDone.current || toRun === null || queryEditor === null) return
    const start = () => {
      if (isDone.current || queryEditor.getValue() !== toRun.query || queryEditor.operations === null) return
      isDone.current = true
      run()
    }
    start()
    queryEditor.on('update', start)
    return () => queryEditor.off('update', start)
  }, [queryEditor, run, toRun])
}
