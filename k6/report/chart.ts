export interface Series {
  name: string
  className: string
  /** One for each slot; undefined where there is none. */
  values: (number | undefined)[]
  /** Drawn as a dashed line. */
  limit?: number
}

export interface Chart {
  /** Of a slot. */
  seconds: number
  unit(value: number): string
  logarithmic?: boolean
  series: Series[]
}

const width = 900
const height = 220
const edge = { left: 60, right: 110, top: 10, bottom: 24 }
const inner = { width: width - edge.left - edge.right, height: height - edge.top - edge.bottom }

/** From 0 or, on a logarithmic scale, from a power of ten; each with the values that are marked on it. */
function scaleOf(highest: number, lowest: number, logarithmic: boolean) {
  if (logarithmic) {
    const [from, to] = [Math.floor(Math.log10(lowest)), Math.max(Math.ceil(Math.log10(highest)), 1)]
    return {
      marks: Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index)),
      y: (value: number) => edge.top + inner.height * (1 - (Math.log10(value) - from) / (to - from)),
    }
  }
  const step = 10 ** Math.floor(Math.log10(highest || 1))
  const round = [1, 2, 5, 10].map((factor) => factor * step).find((value) => value >= highest)!
  return {
    marks: [0, round / 2, round],
    y: (value: number) => edge.top + inner.height * (1 - value / round),
  }
}

const at = (x: number, y: number) => `${x.toFixed(1)} ${y.toFixed(1)}`

/** An SVG of lines over time, each named at its end; a slot's value stands over its middle. */
export function drawChart({ seconds, unit, logarithmic = false, series }: Chart): string {
  const shown = series.filter(({ values }) => values.some((value) => value !== undefined))
  const count = Math.max(1, ...shown.map(({ values }) => values.length))
  const all = shown.flatMap(({ values, limit }) => [...values, limit]).filter((value) => value !== undefined)
  const { marks, y } = scaleOf(Math.max(...all), Math.min(...all), logarithmic)
  const x = (slot: number) => edge.left + (inner.width * (slot + 0.5)) / count
  const time = (slot: number) => `${Math.round((slot * seconds * 10) / (count * seconds > 300 ? 60 : 1)) / 10}`
  const timeUnit = count * seconds > 300 ? 'min' : 's'

  const grid = marks.map(
    (value) =>
      `<path class="grid" d="M${at(edge.left, y(value))}H${edge.left + inner.width}"/><text x="${edge.left - 6}" y="${y(value) + 4}" text-anchor="end">${unit(value)}</text>`,
  )
  const times = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const anchor = part === 1 ? 'end' : 'middle'
    return `<text x="${edge.left + inner.width * part}" y="${height - 6}" text-anchor="${anchor}">${time(count * part)} ${timeUnit}</text>`
  })
  // Names that end at nearly the same height would cover each other.
  const places: number[] = []
  const lines = shown.map(({ name, className, values, limit }) => {
    let isBroken = true
    const path = values
      .map((value, slot) => {
        if (value === undefined) {
          isBroken = true
          return ''
        }
        const command = isBroken ? 'M' : 'L'
        isBroken = false
        return `${command}${at(x(slot), y(value))}`
      })
      .join('')
    const last = values.findLast((value) => value !== undefined)!
    let place = y(last) + 4
    while (places.some((other) => Math.abs(other - place) < 13)) place -= 13
    places.push(place)
    const points = values.map((value, slot) =>
      value === undefined
        ? ''
        : `<circle class="${className}" cx="${x(slot).toFixed(1)}" cy="${y(value).toFixed(1)}" r="2"><title>${name}, from ${time(slot)} ${timeUnit}: ${unit(value)}</title></circle>`,
    )
    return `<path class="series ${className}" d="${path}"/>${points.join('')}
<text class="name ${className}" x="${edge.left + inner.width + 6}" y="${place}">${name}</text>
${limit === undefined ? '' : `<path class="limit ${className}" d="M${at(edge.left, y(limit))}H${edge.left + inner.width}"/>`}`
  })
  return `<svg viewBox="0 0 ${width} ${height}" role="img">${[...grid, ...times, ...lines].join('\n')}</svg>`
}
