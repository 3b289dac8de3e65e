import { among, is, type Matcher } from './matcher.ts'
import type { Names } from './names.ts'

interface OthersAlerts {
  /** Ours that tell of the same, sooner and with a runbook of this shop. */
  sameAs: string[]
  alerts: string[]
  /** Labels by which both are about the same, besides the namespace. */
  equal: string[]
  /** Which of them, where one of a name is more than ours. */
  only?: Matcher[]
}

/** Ours about a pod that is there and does not run. */
export const podDoesNotRun = ['ShopContainerRestarts', 'ShopContainerOomKilled', 'ShopImagePullFails']

/** Alerts of kube-prometheus-stack 88 about the shop's namespace that are not told while one of ours tells of the same. */
export const othersAlerts = ({ database }: Names): OthersAlerts[] => [
  {
    sameAs: podDoesNotRun,
    alerts: ['KubePodCrashLooping', 'KubePodNotReady', 'KubeContainerWaiting'],
    equal: ['pod'],
  },
  { sameAs: ['ShopCpuThrottled'], alerts: ['CPUThrottlingHigh'], equal: ['pod'] },
  {
    sameAs: ['ShopRolloutStuck'],
    alerts: ['KubeDeploymentRolloutStuck', 'KubeDeploymentReplicasMismatch', 'KubeDeploymentGenerationMismatch'],
    equal: ['deployment'],
  },
  { sameAs: ['ShopAutoscalerAtMaximum'], alerts: ['KubeHpaMaxedOut'], equal: ['horizontalpodautoscaler'] },
  {
    sameAs: ['ShopVolumeFillingUp', 'ShopVolumeNearlyFull'],
    alerts: ['KubePersistentVolumeFillingUp'],
    equal: ['persistentvolumeclaim'],
    // Its critical one is of the last 3 %.
    only: [is('severity', 'warning')],
  },
  { sameAs: ['ShopTargetDown'], alerts: ['TargetDown'], equal: ['job'] },
  {
    sameAs: ['ShopBackupFailed'],
    alerts: ['KubeJobFailed'],
    equal: [],
    only: [among('job_name', [`${database}-backup-.+`])],
  },
]
