import { useLanguage } from '../../shared/language.tsx'
import { en } from './fault-messages-en.ts'
import { ko } from './fault-messages-ko.ts'

const messages = { en, ko }

/** What the Faults view says in the chosen language, and how it writes a strength. */
export function useFaultMessages() {
  const { language } = useLanguage()
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 })
  return {
    language,
    t: messages[language],
    /** @param ratio 0 to 1 */
    percent: (ratio: number) => percent.format(ratio),
  }
}
