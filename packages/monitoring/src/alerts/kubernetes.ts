import { type AlertRule, alertRule, appLabel } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/** Gives series that are named for a service the label by which all others are: its container, Deployment and autoscaler have its name. */
const ofApp = (label: string, expr: string) => `label_replace(${expr}, "app", "$1", "${label}", "(.+)")`

/** What Kubernetes makes of the shop's pods. All are silent where nobody exports Kubernetes' state. */
export function kubernetesAlerts(names: Names, { kubernetes }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  const { restarts, oomKilled, throttled, imagePull, rollout, autoscaler } = kubernetes
  const byContainer = 'by (pod, container)'
  const restarted = (window: string) =>
    `sum ${byContainer} (increase(kube_pod_container_status_restarts_total{${here}}[${window}]))`
  const periods = (kind: string) =>
    `sum ${byContainer} (increase(container_cpu_cfs_${kind}periods_total{${here}, container!=""}[${throttled.window}]))`
  const scaler = (metric: string, matchers = '') =>
    `max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_${metric}{${here}${matchers}})`
  const about = { severity: 'warning', app: appLabel, dashboard: 'kubernetes' } as const
  return [
    alertRule(names, {
      ...about,
      name: 'ShopContainerRestarts',
      // The back-off between two restarts grows to five minutes, of which the window holds three.
      expr: ofApp('container', `${restarted(restarts.window)} >= ${restarts.times}`),
      summary: 'A container restarts again and again.',
      description: `{{ $labels.container }} in {{ $labels.pod }} restarted {{ $value | printf "%.0f" }} times in ${restarts.window}.`,
    }),
    alertRule(names, {
      ...about,
      name: 'ShopContainerOomKilled',
      expr: ofApp(
        'container',
        `${restarted(oomKilled.window)} > 0 and max ${byContainer} (kube_pod_container_status_last_terminated_reason{${here}, reason="OOMKilled"}) == 1`,
      ),
      summary: 'The kernel killed a container that needed more memory than its limit.',
      description: '{{ $labels.container }} in {{ $labels.pod }} reached its memory limit and was killed.',
    }),
    alertRule(names, {
      ...about,
      name: 'ShopCpuThrottled',
      // A pod that starts is throttled for a moment, which the window holds for less long than the wait.
      expr: ofApp('container', `${periods('throttled_')} / ${periods('')} > ${throttled.share}`),
      for: throttled.for,
      summary: 'A container gets less processor than it could use.',
      description:
        '{{ $labels.container }} in {{ $labels.pod }} was held back in {{ $value | humanizePercentage }} of the periods in which it ran.',
    }),
    alertRule(names, {
      ...about,
      name: 'ShopImagePullFails',
      expr: ofApp(
        'container',
        `max ${byContainer} (kube_pod_container_status_waiting_reason{${here}, reason=~"ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName"}) == 1`,
      ),
      for: imagePull.for,
      summary: 'The image of a container cannot be had.',
      description: '{{ $labels.container }} in {{ $labels.pod }} waits for its image.',
    }),
    alertRule(names, {
      ...about,
      name: 'ShopRolloutStuck',
      // Each further pod is progress, so that a rollout may take as long as it has pods.
      expr: ofApp(
        'deployment',
        `max by (deployment) (kube_deployment_status_replicas_unavailable{${here}}) > 0 and max by (deployment) (changes(kube_deployment_status_replicas_updated{${here}}[${rollout.window}])) == 0`,
      ),
      for: rollout.for,
      summary: 'A Deployment does not get the pods that it is to have.',
      description: '{{ $value }} pods of {{ $labels.deployment }} are not available, and no further one becomes so.',
    }),
    alertRule(names, {
      ...about,
      name: 'ShopAutoscalerAtMaximum',
      // Limited at its maximum: it would have more pods if it might.
      expr: ofApp(
        'horizontalpodautoscaler',
        `${scaler('status_desired_replicas')} >= ${scaler('spec_max_replicas')} and ${scaler('status_condition', ', condition="ScalingLimited", status="true"')} == 1`,
      ),
      for: autoscaler.for,
      summary: 'A service needs more pods than it may have.',
      description: '{{ $labels.app }} has {{ $value }} pods, as many as it may have, and its load asks for more.',
    }),
  ]
}
