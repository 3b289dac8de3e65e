import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

export interface ProcessInfo {
  pid: number
  parent: number
  /** Resident memory in bytes. */
  memory: number
  command: string
}

/** proc(5) where there is one (Linux, also without ps), ps elsewhere. */
const hasProc = existsSync('/proc/self/stat')

function fromProc(pid: number): ProcessInfo | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    // A zombie has no command: it has ended.
    return command === '' ? undefined : { pid, parent: field('PPid'), memory: field('VmRSS') * 1024, command }
  } catch {
    return undefined
  }
}

function fromPs(selection: string[]): ProcessInfo[] {
  let output: string
  try {
    output = execFileSync('ps', [...selection, '-o', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' })
  } catch {
    return [] // ps fails when no process matches
  }
  return [...output.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/gm)].map(([, pid, parent, kilobytes, command]) => ({
    pid: Number(pid),
    parent: Number(parent),
    memory: Number(kilobytes) * 1024,
    command: command!,
  }))
}

function allProcesses(): ProcessInfo[] {
  if (!hasProc) return fromPs(['-A'])
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => fromProc(Number(pid)) ?? [])
}

/** A running process, or undefined when it has ended. */
export function findProcess(pid: number): ProcessInfo | undefined {
  return hasProc ? fromProc(pid) : fromPs(['-p', String(pid)])[0]
}

function withDescendants(pids: number[]): ProcessInfo[] {
  const wanted = new Set(pids)
  const processes = allProcesses()
  for (let known = 0; known < wanted.size; ) {
    known = wanted.size
    for (const { pid, parent } of processes) if (wanted.has(parent)) wanted.add(pid)
  }
  return processes.filter(({ pid }) => wanted.has(pid))
}

/** Proportional set size in bytes (proc(5), smaps_rollup): of a page that n processes share, one n-th. */
function proportionalMemory(pid: number): number | undefined {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1]) * 1024
  } catch {
    return undefined // no such file, or another user's
  }
}

/**
 * Bytes that processes and all their descendants take: proportional set size where the kernel tells, so that a sum counts each page
 * once; else resident memory, which counts what they share once for each.
 */
export function memoryTaken(pids: number[]): number {
  return withDescendants(pids).reduce((sum, { pid, memory }) => sum + (proportionalMemory(pid) ?? memory), 0)
}

/**
 * Stops a process and all its descendants, as they are at this moment (SIGSTOP): the process first, so that it starts no more of
 * them meanwhile.
 *
 * @returns lets go on (SIGCONT) those that still are; also where the process itself has ended and left them behind
 * @throws Error when the process has ended
 */
export function freezeTree(pid: number): () => void {
  process.kill(pid, 'SIGSTOP')
  const stopped = withDescendants([pid]).map((one) => one.pid)
  const signalAll = (signal: NodeJS.Signals) => {
    for (const one of stopped) {
      try {
        process.kill(one, signal)
      } catch {
        // it has ended meanwhile
      }
    }
  }
  signalAll('SIGSTOP')
  return () => signalAll('SIGCONT')
}

/** Inodes of the sockets that listen on a port. The state is 0A (TCP_LISTEN), the tenth column the inode. */
function listeningInodes(port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return ['/proc/net/tcp', '/proc/net/tcp6'].filter(existsSync).flatMap((table) => {
    const rows = readFileSync(table, 'utf8').split('\n').slice(1)
    const columns = rows.map((row) => row.trim().split(/\s+/))
    return columns.filter(([, local, , state]) => local?.endsWith(suffix) && state === '0A').map((column) => column[9]!)
  })
}

function holdsSocket(pid: string, sockets: Set<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`))
      } catch {
        return false // closed meanwhile
      }
    })
  } catch {
    return false // another user's
  }
}

/** The process that listens on a TCP port; undefined where there is none or where it is another user's. */
export function findListener(port: number): ProcessInfo | undefined {
  if (hasProc) {
    const sockets = new Set(listeningInodes(port).map((inode) => `socket:[${inode}]`))
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsSocket(name, sockets))
    return pid === undefined ? undefined : findProcess(Number(pid))
  }
  try {
    const args = ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN']
    return findProcess(Number(execFileSync('lsof', args, { encoding: 'utf8' }).split('\n')[0]))
  } catch {
    return undefined
  }
}

/** Ends a process that is not this one's child: each next signal after three seconds. Resolves when it is gone. */
export async function endProcess(pid: number, signals: NodeJS.Signals[]) {
  for (const signal of signals) {
    if (!findProcess(pid)) return
    process.kill(pid, signal)
    for (const deadline = Date.now() + 3000; findProcess(pid) && Date.now() < deadline; ) await delay(20)
  }
}
