import type { Plan } from './plan.ts'
import type { ShopOutput } from './shop-output.ts'
import type { ShopWatch } from './shop-watch.ts'

/** Starts what receives, keeps and shows the signals of the planned processes; undefined where there shall be none. */
export async function startShopSignals({ replicas, signals, stack }: Plan, watch: ShopWatch, output: ShopOutput) {
  if (!signals) return undefined
  const { startSignals } = await import('../signals/signals.ts')
  const names = ['postgres', ...replicas.map(({ name }) => name)]
  const targets = replicas.map(({ name, managementUrl }) => ({ service: name, url: `${managementUrl}/metrics` }))
  const jaeger = stack?.programs['jaeger-all-in-one'] && stack.ports['jaeger-all-in-one']
  const { addresses, log, close } = await startSignals({
    targets,
    processes: () => watch.statesOf(names),
    forwardTo: jaeger && `http://127.0.0.1:${jaeger.otlpHttp}`,
    ...signals,
  })
  output.keepIn(log)
  return { addresses, stop: close }
}
