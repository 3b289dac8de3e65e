import { join } from 'node:path'
import { addresses } from '@hello/cluster/addresses'
import { flagsInCluster } from '@hello/cluster/kubectl-flags'
import { flagsInFile } from '@hello/faults/flags-file'
import { isLauncherRunning, readRunFile } from '@hello/local/launcher/run-file'
import { signalsInCluster } from './cluster-signals.ts'
import { type LabShop, UnfitShop } from './lab-run.ts'
import { signalsOf } from './signals.ts'

/** Where a lab takes place. */
export interface Place {
  shop: LabShop
  /** The addresses at which a learner looks around. */
  look: string
  /** Of this machine, at which the page's server finds the lab; undefined where no page shows one. */
  labPort: number | undefined
  /** Whether it is known to have ended. */
  isGone(): boolean
}

/**
 * The shop of `make local` that keeps its data in a folder.
 *
 * @throws UnfitShop where none runs
 */
export async function localPlace(dataDir: string): Promise<Place> {
  const run = await readRunFile(dataDir)
  if (!run || !isLauncherRunning(run))
    throw new UnfitShop(`No shop runs on ${dataDir}: make local, in another terminal`)
  const { frontend, shelves, prometheus, labPort } = run
  return {
    shop: {
      frontend,
      shelves,
      faults: flagsInFile(join(dataDir, 'faults.json')),
      signals: signalsOf(frontend, prometheus),
    },
    look: `${frontend}/signals/lab`,
    labPort,
    isGone: () => !isLauncherRunning(run),
  }
}

const addressOf = (name: string) => addresses.find((one) => one.name === name)!.url

/**
 * The shop of `make up`, at the addresses that its cluster has on this machine.
 *
 * @param context of kubectl's configuration
 */
export function clusterPlace(context: string): Place {
  const api = `${addressOf('Gateway')}/api`
  return {
    shop: {
      frontend: addressOf('Shop'),
      shelves: { product: api, inventory: api },
      faults: flagsInCluster(context),
      signals: signalsInCluster({
        prometheus: addressOf('Prometheus'),
        loki: addressOf('Loki'),
        jaeger: addressOf('Jaeger'),
      }),
    },
    look: `${addressOf('Grafana')}, ${addressOf('Jaeger')}`,
    labPort: undefined,
    isGone: () => false,
  }
}
