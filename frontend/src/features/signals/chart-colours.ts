import { useSyncExternalStore } from 'react'

const dark = window.matchMedia('(prefers-color-scheme: dark)')

function subscribe(changed: () => void) {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  dark.addEventListener('change', changed)
  return () => {
    observer.disconnect()
    dark.removeEventListener('change', changed)
  }
}

/** Names the theme that is shown, so that what is drawn on a canvas is drawn again when it changes. */
export const useShownTheme = () =>
  useSyncExternalStore(subscribe, () => `${document.documentElement.dataset.theme} ${dark.matches}`)

/** What a CSS colour, such as `var(--ink)`, is at an element: a canvas knows no custom properties. */
export function resolveColour(element: HTMLElement, colour: string): string {
  const probe = document.createElement('span')
  probe.style.color = colour
  element.append(probe)
  const resolved = getComputedStyle(probe).color
  probe.remove()
  return resolved
}
