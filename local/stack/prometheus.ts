import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileOf, generatedFiles } from '@hello/monitoring/generate'
import { filled, type Names } from '@hello/monitoring/names'
import { objectives } from '@hello/monitoring/objectives'
import { prometheusRelabeling } from '@hello/monitoring/relabeling'
import { ruleFiles } from '@hello/monitoring/rules'
import { scaledDuration, scaledObjectives } from '@hello/monitoring/time-scale'
import { stringify } from 'yaml'
import { chartValues } from './chart-values.ts'
import { scrapeJobs } from './scrape-targets.ts'
import type { StackProgram, StackSurroundings } from './stack-program.ts'

/** OpenMetrics first: only it carries exemplars. */
const scrapeProtocols = ['OpenMetricsText1.0.0', 'OpenMetricsText0.0.1', 'PrometheusText0.0.4']

/** What else of time there is in Prometheus' rules, by its flag: the defaults. */
const ruleTimes = {
  'query.lookback-delta': '5m',
  'rules.alert.for-outage-tolerance': '1h',
  'rules.alert.for-grace-period': '10m',
  'rules.alert.resend-delay': '1m',
}

/** The rules that charts/observability ships, or those that it would ship where time runs faster. */
function rules(names: Names, timeScale: number): Record<string, string> {
  if (timeScale !== 1) {
    const files = Object.entries(ruleFiles(names, scaledObjectives(objectives, timeScale)))
    return Object.fromEntries(files.map(([name, content]) => [`rules/${name}.yaml`, stringify(content)]))
  }
  const paths = Object.keys(generatedFiles).filter((path) => path.startsWith('rules/'))
  return Object.fromEntries(paths.map((path) => [path, filled(readFileSync(fileOf(path), 'utf8'), names)]))
}

function configuration({ plan, stack, timeScale }: StackSurroundings): object {
  const { prometheusSpec } = chartValues('kube-prometheus-stack').prometheus
  const { programs, ports } = stack
  return {
    global: {
      scrape_interval: scaledDuration(prometheusSpec.scrapeInterval, timeScale),
      evaluation_interval: scaledDuration(prometheusSpec.evaluationInterval, timeScale),
    },
    storage: { exemplars: { max_exemplars: prometheusSpec.exemplars.maxSize } },
    rule_files: ['rules/*.yaml'],
    ...(programs.alertmanager && {
      alerting: {
        alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${ports.alertmanager.http}`] }] }],
      },
    }),
    scrape_configs: scrapeJobs(plan, stack).map(({ name, targets, metricRelabelings = [] }) => ({
      job_name: name,
      scrape_protocols: scrapeProtocols,
      fallback_scrape_protocol: 'PrometheusText0.0.4',
      static_configs: targets.map(({ address, labels }) => ({ targets: [address], labels })),
      metric_relabel_configs: metricRelabelings.map(prometheusRelabeling),
    })),
  }
}

/** Prometheus with the rules as shipped, and set as in the cluster. */
export function prometheus(surroundings: StackSurroundings): StackProgram {
  const { folder, names, stack, timeScale } = surroundings
  const { prometheusSpec } = chartValues('kube-prometheus-stack').prometheus
  const address = `127.0.0.1:${stack.ports.prometheus.http}`
  return {
    args: [
      `--config.file=${join(folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--storage.tsdb.retention.time=${prometheusSpec.retention}`,
      `--storage.tsdb.retention.size=${prometheusSpec.retentionSize}`,
      `--enable-feature=${prometheusSpec.enableFeatures.join()}`,
      ...(prometheusSpec.enableRemoteWriteReceiver ? ['--web.enable-remote-write-receiver'] : []),
      // Tests whose time is scaled forget what an earlier one has measured.
      ...(timeScale === 1 ? [] : ['--web.enable-admin-api']),
      `--web.listen-address=${address}`,
      `--web.external-url=${names.prometheus.url}`,
      '--log.level=warn',
      ...Object.entries(ruleTimes).map(([flag, time]) => `--${flag}=${scaledDuration(time, timeScale)}`),
    ],
    files: { 'prometheus.yaml': stringify(configuration(surroundings)), ...rules(names, timeScale) },
    readyUrl: `http://${address}/-/ready`,
  }
}
