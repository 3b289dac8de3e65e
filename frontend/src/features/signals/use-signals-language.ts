import { useLanguage } from '../../shared/language.tsx'
import { en } from './messages-en.ts'
import { ko } from './messages-ko.ts'

const messages = { en, ko }

/** What the Signals page says and how it writes figures, in the chosen language. */
export function useSignalsLanguage() {
  const { language, format } = useLanguage()
  const figure = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 })
  const hundredths = new Intl.NumberFormat(language, { maximumFractionDigits: 2 })
  const clock = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const precise = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'always' })
  return {
    language,
    t: messages[language],
    count: format.count,
    figure: (value: number) => figure.format(value),
    money: format.money,
    /** With the date when it is not today. */
    time: format.time,
    /** @param perSecond a rate */
    rate: (perSecond: number) =>
      perSecond > 0 && perSecond < 0.01 ? `<${figure.format(0.01)}` : hundredths.format(perSecond),
    /** @param microseconds a length of time */
    duration: (microseconds: number) => {
      if (microseconds < 1000) return `${figure.format(microseconds)}\u00a0µs`
      if (microseconds < 1_000_000) return `${figure.format(microseconds / 1000)}\u00a0ms`
      return `${figure.format(microseconds / 1_000_000)}\u00a0s`
    },
    /** How long ago that was, in the greatest unit that fits. @param milliseconds since the epoch */
    ago: (milliseconds: number) => {
      const minutes = Math.max(0, (Date.now() - milliseconds) / 60_000)
      if (minutes < 60) return relative.format(-Math.floor(minutes), 'minute')
      if (minutes < 48 * 60) return relative.format(-Math.floor(minutes / 60), 'hour')
      return relative.format(-Math.floor(minutes / 60 / 24), 'day')
    },
    /** @param milliseconds since the epoch */
    clock: (milliseconds: number) => clock.format(milliseconds),
    /** To the millisecond. @param milliseconds since the epoch */
    preciseClock: (milliseconds: number) => precise.format(milliseconds),
  }
}
