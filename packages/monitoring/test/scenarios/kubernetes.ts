import { counter, gauge, hours, minutes, type Scenario, silent } from '../scenario.ts'

const interval = '15s'
const ofContainer = (pod: string, reason = '') => `{namespace="shop", pod="${pod}", container="order"${reason}}`
const inPod = (pod: string) => ({ app: 'order', container: 'order', pod })

const restartsOf = (pod: string, values: string) => ({
  [`kube_pod_container_status_restarts_total${ofContainer(pod)}`]: values,
})

const restarts: Scenario[] = [
  {
    alert: 'ShopContainerRestarts',
    title: 'fires at the third restart in 20 minutes, and ends when one of them is further back',
    interval,
    series: restartsOf('order-a', gauge([80, 0], [4, 1], [8, 2], [160, 3])),
    expect: [
      silent(1365, 'below'),
      {
        at: 1380,
        fires: [inPod('order-a')],
        description: 'order in order-a restarted 3 times in 20m.',
      },
      { at: 2370, fires: [inPod('order-a')] },
      silent(2400),
    ],
  },
  {
    alert: 'ShopContainerRestarts',
    title: 'keeps on while the back-off between two restarts is five minutes',
    interval,
    series: restartsOf('order-a', gauge(...Array.from({ length: 12 }, (_, n): [number, number] => [21, n]))),
    expect: [1500, 2000, 2500, 3000, 3500].map((at) => ({ at, fires: [inPod('order-a')] })),
  },
  {
    alert: 'ShopContainerRestarts',
    title: 'is silent while a rollout replaces three pods that never restarted',
    interval,
    series: {
      ...restartsOf('order-a', '0x20 stale'),
      ...restartsOf('order-b', '_x18 0x20 stale'),
      ...restartsOf('order-c', '_x36 0x40'),
    },
    expect: [silent(300, 'below'), silent(600, 'below'), silent(1100, 'below')],
  },
]

const lastEnded = (pod: string, reason: string, values: string) => ({
  [`kube_pod_container_status_last_terminated_reason${ofContainer(pod, `, reason="${reason}"`)}`]: values,
})

const oomKilled: Scenario[] = [
  {
    alert: 'ShopContainerOomKilled',
    title: 'fires when a container was killed for its memory, and ends a quarter of an hour later',
    interval,
    series: {
      ...restartsOf('order-a', gauge([40, 0], [100, 1])),
      ...lastEnded('order-a', 'OOMKilled', '_x39 1x100'),
    },
    expect: [
      silent(585),
      {
        at: 600,
        fires: [inPod('order-a')],
        description: 'order in order-a reached its memory limit and was killed.',
      },
      { at: 1470, fires: [inPod('order-a')] },
      silent(1500),
    ],
  },
  {
    alert: 'ShopContainerOomKilled',
    title: 'is silent about a container that ended by an error, and when the pod is gone',
    interval,
    series: {
      ...restartsOf('order-a', gauge([40, 0], [100, 1])),
      ...lastEnded('order-a', 'Error', '_x39 1x100'),
      ...restartsOf('order-b', `${gauge([40, 0], [2, 1])} stale`),
      ...lastEnded('order-b', 'OOMKilled', '_x39 1x2 stale'),
    },
    expect: [silent(700, 'below')],
  },
]

/** Periods of a tenth of a second each 15 seconds, and those of them in which it was held back, by stretches of [samples, of them]. */
const throttling = (pod: string, ...stretches: [number, number][]) => ({
  [`container_cpu_cfs_periods_total${ofContainer(pod)}`]: counter(
    ...stretches.map(([samples]): [number, number] => [samples, 150]),
  ),
  [`container_cpu_cfs_throttled_periods_total${ofContainer(pod)}`]: counter(...stretches),
})

const throttled: Scenario[] = [
  {
    alert: 'ShopCpuThrottled',
    title: 'fires when it was held back in 30 % of the periods for minutes, and ends when it is not',
    interval,
    series: throttling('order-a', [40, 0], [80, 45], [60, 0]),
    expect: [
      silent(1400),
      {
        at: 1500,
        fires: [inPod('order-a')],
        description: 'order in order-a was held back in 30% of the periods in which it ran.',
      },
      { at: 1800, fires: [inPod('order-a')] },
      silent(1950),
    ],
  },
  {
    alert: 'ShopCpuThrottled',
    title: 'is silent at 20 %, and about a pod that is held back for the minute in which it starts',
    interval,
    series: { ...throttling('order-a', [160, 30]), ...throttling('order-b', [6, 150], [30, 5], [124, 0]) },
    expect: [silent(hours(0.25), 'below'), silent(hours(0.6), 'below')],
  },
]

const waiting = (reason: string, values: string) => ({
  [`kube_pod_container_status_waiting_reason${ofContainer('order-b', `, reason="${reason}"`)}`]: values,
})

const imagePull: Scenario[] = [
  {
    alert: 'ShopImagePullFails',
    title: 'fires when an image could not be had for two minutes, and ends when it can',
    interval,
    series: waiting('ImagePullBackOff', '_x4 1x20 stale'),
    expect: [
      silent(165),
      { at: 180, fires: [inPod('order-b')], description: 'order in order-b waits for its image.' },
      silent(390),
    ],
  },
  {
    alert: 'ShopImagePullFails',
    title: 'counts the tries and the times between them as one',
    interval,
    series: {
      ...waiting('ErrImagePull', '1 1 stale _ _ '.repeat(6).trim()),
      ...waiting('ImagePullBackOff', `_ _ 1 1 1 ${'stale _ 1 1 1 '.repeat(5).trim()}`),
    },
    expect: [{ at: 180, fires: [inPod('order-b')] }],
  },
  {
    alert: 'ShopImagePullFails',
    title: 'is silent while a container is made, and when the second try succeeds',
    interval,
    series: { ...waiting('ContainerCreating', '1x40'), ...waiting('ErrImagePull', '_x4 1x6 stale') },
    expect: [silent(150, 'below'), silent(300, 'below')],
  },
]

const deployment = (unavailable: string, updated: string) => ({
  'kube_deployment_status_replicas_unavailable{namespace="shop", deployment="order"}': unavailable,
  'kube_deployment_status_replicas_updated{namespace="shop", deployment="order"}': updated,
})

const rollout: Scenario[] = [
  {
    alert: 'ShopRolloutStuck',
    title: 'fires when no pod has come for seven minutes, and ends when all are there',
    interval,
    series: deployment(gauge([40, 0], [40, 1], [20, 0]), gauge([40, 2], [40, 1], [20, 2])),
    expect: [
      silent(990),
      {
        at: 1020,
        fires: [{ app: 'order', deployment: 'order' }],
        description: '1 pods of order are not available, and no further one becomes so.',
      },
      silent(1200),
    ],
  },
  {
    alert: 'ShopRolloutStuck',
    title: 'is silent while each pod of a rollout takes six minutes, and after a scale-in',
    interval,
    series: deployment(
      gauge([20, 0], [96, 1], [60, 0]),
      gauge([20, 4], [24, 1], [24, 2], [24, 3], [24, 4], [20, 4], [40, 2]),
    ),
    expect: [655, 1015, 1375, 1735, 2600].map((at) => silent(at, 'below')),
  },
]

/** An autoscaler that may make four pods. */
const autoscaler = (desired: string, limited: string) => ({
  'kube_horizontalpodautoscaler_status_desired_replicas{namespace="shop", horizontalpodautoscaler="order"}': desired,
  'kube_horizontalpodautoscaler_spec_max_replicas{namespace="shop", horizontalpodautoscaler="order"}': '4x200',
  'kube_horizontalpodautoscaler_status_condition{namespace="shop", horizontalpodautoscaler="order", condition="ScalingLimited", status="true"}':
    limited,
})

const atMaximum: Scenario[] = [
  {
    alert: 'ShopAutoscalerAtMaximum',
    title: 'fires when more than the most pods were asked for for ten minutes, and ends when they are not',
    interval,
    series: autoscaler(gauge([4, 2], [60, 4], [40, 3]), gauge([4, 0], [60, 1], [40, 0])),
    expect: [
      silent(645),
      {
        at: 660,
        fires: [{ app: 'order', horizontalpodautoscaler: 'order' }],
        description: 'order has 4 pods, as many as it may have, and its load asks for more.',
      },
      silent(975),
    ],
  },
  {
    alert: 'ShopAutoscalerAtMaximum',
    title: 'is silent where the most pods are enough',
    interval,
    series: autoscaler('4x160', '0x160'),
    expect: [silent(minutes(30), 'below')],
  },
  {
    alert: 'ShopAutoscalerAtMaximum',
    title: 'is silent where fewer than the fewest pods were asked for',
    interval,
    series: autoscaler('1x160', '1x160'),
    expect: [silent(minutes(30), 'below')],
  },
]

export const kubernetesScenarios: Scenario[] = [
  ...restarts,
  ...oomKilled,
  ...throttled,
  ...imagePull,
  ...rollout,
  ...atMaximum,
]
