import { useLayoutEffect } from 'react'
import { useStoredChoice } from './stored-choice.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** The chosen theme; `system` leaves the decision to `prefers-color-scheme`. The colours follow `data-theme` in tokens.css. */
export function useTheme() {
  const [theme, setTheme] = useStoredChoice<Theme>('theme', themes, 'system')
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  return [theme, setTheme] as const
}
