import { createContext, type ReactNode, use, useLayoutEffect } from 'react'
import { createFormat, type Format } from './format.ts'
import { en } from './messages-en.ts'
import { ko } from './messages-ko.ts'
import { useStoredChoice } from './stored-choice.ts'

const messages = { en, ko }
const languages = ['en', 'ko'] as const
export type Language = (typeof languages)[number]

type LanguageValue = {
  language: Language
  setLanguage: (language: Language) => void
  /** What the page says, in the chosen language. */
  t: typeof en
  format: Format
}

const LanguageContext = createContext<LanguageValue | null>(null)

/** Gives the page its language: the remembered choice, else the browser's first preference among English and Korean. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useStoredChoice<Language>('language', languages, preferredLanguage())
  useLayoutEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const value = { language, setLanguage, t: messages[language], format: createFormat(language) }
  return <LanguageContext value={value}>{children}</LanguageContext>
}

export function useLanguage(): LanguageValue {
  const value = use(LanguageContext)
  if (!value) throw new Error('useLanguage needs a LanguageProvider above it')
  return value
}

function preferredLanguage(): Language {
  const preferred = navigator.languages.map((tag) => tag.slice(0, 2))
  return languages.find((language) => language === preferred.find((tag) => tag === 'en' || tag === 'ko')) ?? 'en'
}
