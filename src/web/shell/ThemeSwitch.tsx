import { useEffect, useState } from 'react'

type Theme = 'system' | 'light' | 'dark'
const themes: readonly Theme[] = ['system', 'light', 'dark']
const names: Readonly<Record<Theme, string>> = { system: 'Auto', light: 'Light', dark: 'Dark' }

/** Light or dark; what is chosen stays in the browser. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(remembered)
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    try {
      localStorage.setItem('theme', theme)
    } catch {
      // A browser that keeps nothing is asked again next time.
    }
  }, [theme])
  return (
    <label className="theme">
      <span className="visually-hidden">Theme</span>
      <select value={theme} onChange={({ target }) => setTheme(themes.find((name) => name === target.value) ?? 'system')}>
        {themes.map((name) => (
          <option key={name} value={name}>
            {names[name]}
          </option>
        ))}
      </select>
    </label>
  )
}

function remembered(): Theme {
  try {
    return themes.find((name) => name === localStorage.getItem('theme')) ?? 'system'
  } catch {
    return 'system'
  }
}
