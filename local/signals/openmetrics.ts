/** One sample of an exposition: `name{labels} value`, with its exemplar where it has one. */
export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
  exemplar: Exemplar | undefined
}

export interface Exemplar {
  labels: Record<string, string>
  value: number
  /** Milliseconds since the epoch; undefined when the exposition does not say. */
  time: number | undefined
}

const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\.)*)"/
const labelSet = new RegExp(`\\{(?:${label.source},?)*\\}`).source.replace(/\((?!\?)/g, '(?:')
const sampleLine = new RegExp(
  `^([a-zA-Z_:][a-zA-Z0-9_:]*)(${labelSet})? (\\S+)(?: (-?[0-9.eE+]+))?(?: # (${labelSet}) (\\S+)(?: (\\S+))?)?$`,
)
const everyLabel = new RegExp(label, 'g')
const escapes: Record<string, string> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' }

function labelsOf(source: string | undefined): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const [, name, value] of (source ?? '').matchAll(everyLabel)) {
    labels[name!] = value!.replace(/\\[n"\\]/g, (sequence) => escapes[sequence]!)
  }
  return labels
}

function numberOf(text: string, line: number): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  const value = Number(text)
  if (Number.isNaN(value) && text !== 'NaN') throw new SyntaxError(`line ${line} has the value "${text}", not a number`)
  return value
}

/**
 * Reads the samples of an OpenMetrics or Prometheus text exposition, exemplars included. The parsers on npm know no
 * exemplars.
 *
 * Grammar: https://prometheus.io/docs/specs/om/open_metrics_spec/#text-format
 *
 * @throws SyntaxError naming the line that is no sample
 */
export function parseOpenMetrics(text: string): Sample[] {
  const samples: Sample[] = []
  text.split('\n').forEach((line, index) => {
    if (line === '' || line.startsWith('#')) return
    const match = sampleLine.exec(line.trimEnd())
    if (!match) throw new SyntaxError(`line ${index + 1} is no sample: "${line.slice(0, 120)}"`)
    const [, name, labels, value, , exemplarLabels, exemplarValue, exemplarTime] = match
    samples.push({
      name: name!,
      labels: labelsOf(labels),
      value: numberOf(value!, index + 1),
      exemplar: exemplarLabels
        ? {
            labels: labelsOf(exemplarLabels),
            value: numberOf(exemplarValue!, index + 1),
            time: exemplarTime ? numberOf(exemplarTime, index + 1) * 1000 : undefined,
          }
        : undefined,
    })
  })
  return samples
}
