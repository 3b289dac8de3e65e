import { useLanguage } from '../../shared/language.tsx'
import { en } from './lab-messages-en.ts'
import { ko } from './lab-messages-ko.ts'

const messages = { en, ko }

/** What the Lab view says in the chosen language. */
export function useLabMessages() {
  const { language, format } = useLanguage()
  return { language, t: messages[language], count: format.count }
}
