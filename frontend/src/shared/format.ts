/** How numbers and times are written in one language. */
export type Format = ReturnType<typeof createFormat>

/** @param locale a BCP 47 tag, such as `ko` */
export function createFormat(locale: string) {
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' })
  const count = new Intl.NumberFormat(locale)
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' })
  return {
    /** Dollars, as the API sends them. */
    money: (dollars: number) => money.format(dollars),
    count: (value: number) => count.format(value),
    /** The time of day to the second; with the date when it is not today. */
    time: (at: Date) => {
      const today = at.toDateString() === new Date().toDateString()
      return today ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`
    },
  }
}
