import { useState } from 'react'

/** The choice kept under `key` in this browser, or null; storage may be forbidden or hold another version's value. */
export function readChoice<T extends string>(key: string, allowed: readonly T[]): T | null {
  try {
    return allowed.find((choice) => choice === localStorage.getItem(key)) ?? null
  } catch {
    return null
  }
}

/** State like `useState`, remembered in this browser. */
export function useStoredChoice<T extends string>(key: string, allowed: readonly T[], fallback: T) {
  const [choice, setChoice] = useState<T>(() => readChoice(key, allowed) ?? fallback)
  const choose = (next: T) => {
    setChoice(next)
    try {
      localStorage.setItem(key, next)
    } catch {
      // A browser that forbids storage still switches, for this visit.
    }
  }
  return [choice, choose] as const
}
