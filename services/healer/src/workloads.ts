import type { FastifyInstance } from 'fastify'
import { noWorkloads, type Workloads } from './actions.ts'
import type { HealerConfig } from './app.ts'
import { launcherWorkloads } from './launcher.ts'

/** The shop's workloads where they run: processes of the launcher, or nothing that the healer could reach. */
export function openWorkloads(app: FastifyInstance, { LAUNCHER_URL, LAUNCHER_TOKEN }: HealerConfig): Workloads {
  if (LAUNCHER_URL) return launcherWorkloads(app, { url: LAUNCHER_URL, token: LAUNCHER_TOKEN })
  return noWorkloads
}
