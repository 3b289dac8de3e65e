import { implied } from '../proofs.ts'
import type { Scenario } from '../scenario.ts'
import { backupScenarios } from './backup.ts'
import { burnScenarios } from './burn.ts'
import { businessScenarios } from './business.ts'
import { causeScenarios } from './causes.ts'
import { checkpointScenarios } from './checkpoints.ts'
import { collectorScenarios } from './collector.ts'
import { correlationScenarios } from './correlation.ts'
import { databaseScenarios } from './database.ts'
import { edgeScenarios } from './edge.ts'
import { budgetScenarios, fewRequestsScenarios } from './few-requests.ts'
import { kubernetesScenarios } from './kubernetes.ts'
import { latencyScenarios } from './latency.ts'
import { logScenarios } from './logs.ts'
import { orderBurnScenarios } from './orders.ts'
import { postgresLoadScenarios } from './postgres-load.ts'
import { runtimeScenarios } from './runtime.ts'
import { salesScenarios } from './sales.ts'
import { serviceScenarios } from './services.ts'
import { targetScenarios } from './targets.ts'
import { volumeScenarios } from './volumes.ts'

const written: Scenario[] = [
  ...burnScenarios,
  ...latencyScenarios,
  ...orderBurnScenarios,
  ...fewRequestsScenarios,
  ...budgetScenarios,
  ...serviceScenarios,
  ...databaseScenarios,
  ...postgresLoadScenarios,
  ...checkpointScenarios,
  ...causeScenarios,
  ...runtimeScenarios,
  ...edgeScenarios,
  ...kubernetesScenarios,
  ...volumeScenarios,
  ...targetScenarios,
  ...collectorScenarios,
  ...correlationScenarios,
  ...logScenarios,
  ...backupScenarios,
  ...salesScenarios,
  ...businessScenarios,
]

/** Every scenario of every alert. */
export const scenarios: Scenario[] = [...written, ...implied(written)]
