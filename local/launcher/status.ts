import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findProcess } from '@hello/processes/process-info'
import { describeExit } from '@hello/processes/running'
import type { ProcessState } from '@hello/signals-api/process'
import { checkout } from '../processes/checkout.ts'
import { isLauncherRunning, readRunFile } from './run-file.ts'

const help = `Shows the processes of a shop that make local runs: which runs, how often it was started again, why, and when it is
started next.

Usage: node local/launcher/status.ts [options]

  --data DIR  the shop that keeps its data in DIR (default .local in the checkout)
  --help      show this

Exit codes: 0 every process runs, 1 one does not, 2 unusable options, 3 no shop runs.`

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string', default: join(checkout, '.local') },
        help: { type: 'boolean', default: false },
      },
    })
    return { ...values, dataDir: resolve(values.data) }
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`)
    process.exit(2)
  }
}

const seconds = (milliseconds: number) => `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s`

/** Whether the process runs, also when its launcher is too busy to know. */
const runs = ({ state, pid }: ProcessState) => state === 'running' && pid !== null && findProcess(pid) !== undefined

function row(process: ProcessState): string[] {
  const { name, state, pid, restarts, lastExit, nextStart } = process
  const now = Date.now()
  const ended = lastExit && (lastExit.error ? 'could not be started' : describeExit(lastExit))
  return [
    name,
    state === 'running' && !runs(process) ? 'gone' : state,
    pid === null ? '' : String(pid),
    String(restarts),
    lastExit ? `${ended} ${seconds(now - lastExit.time)} ago` : '',
    nextStart === null ? '' : `in ${seconds(nextStart - now)}`,
  ]
}

function printTable(rows: string[][]) {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)))
  for (const cells of rows)
    console.log(
      cells
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
}

const { dataDir, help: wantsHelp } = readOptions()
if (wantsHelp) {
  console.log(help)
  process.exit(0)
}
const run = await readRunFile(dataDir)
if (!run || !isLauncherRunning(run)) {
  console.log(`No shop runs with the data in ${dataDir}. Start it with: make local`)
  process.exit(3)
}
const processes = Object.values(run.processes)
console.log(`${run.frontend}, started by process ${run.pid}\n`)
printTable([['NAME', 'STATE', 'PID', 'RESTARTS', 'LAST EXIT', 'NEXT START'], ...processes.map(row)])
process.exitCode = processes.length > 0 && processes.every(runs) ? 0 : 1
