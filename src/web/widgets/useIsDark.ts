import { useSyncExternalStore } from 'react'

/** Whether the page is dark: as the reader chose, else as the system has it. */
export const useIsDark = (): boolean => useSyncExternalStore(subscribe, isDark)

const system = () => window.matchMedia('(prefers-color-scheme: dark)')

function isDark(): boolean {
  const chosen = document.documentElement.dataset['theme']
  return chosen === undefined ? system().matches : chosen === 'dark'
}

function subscribe(onChange: () => void): () => void {
  const chosen = new MutationObserver(onChange)
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  const query = system()
  query.addEventListener('change', onChange)
  return () => {
    chosen.disconnect()
    query.removeEventListener('change', onChange)
  }
}
