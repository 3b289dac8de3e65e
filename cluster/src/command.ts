import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface CommandResult {
  /** 0 is success; 127 when the program does not exist. */
  code: number
  /** Standard output and standard error in the order in which they arrived. */
  output: string
  stdout: string
}

export interface CommandOptions {
  input?: string
  environment?: Record<string, string>
  /** Called with every line of either stream as it arrives. */
  onLine?: (line: string) => void
  /** Lets the program end what it does when Ctrl-C ends this one: it is in a process group of its own. */
  detached?: boolean
  /** Ends the program by SIGTERM. */
  signal?: AbortSignal
}

/** Runs a program to its end and never throws: a missing program is code 127, as in a shell. */
export function run(program: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    const { detached = false } = options
    const child = spawn(program, args, { env: { ...process.env, ...options.environment }, detached })
    const end = () => child.kill('SIGTERM')
    options.signal?.addEventListener('abort', end)
    child.once('exit', () => options.signal?.removeEventListener('abort', end))
    const all: string[] = []
    const out: string[] = []
    for (const [stream, lines] of [
      [child.stdout, [out, all]],
      [child.stderr, [all]],
    ] as const) {
      createInterface({ input: stream }).on('line', (line) => {
        for (const list of lines) list.push(line)
        options.onLine?.(line)
      })
    }
    child.on('error', (error) => resolve({ code: 127, output: `${program}: ${error.message}`, stdout: '' }))
    child.on('close', (code, signal) =>
      resolve({ code: code ?? (signal ? 128 : 1), output: all.join('\n'), stdout: out.join('\n') }),
    )
    child.stdin.on('error', () => {}) // a program that ends without reading its input
    child.stdin.end(options.input)
  })
}

/** Runs a program and returns its standard output. Throws with the program's last words when it fails. */
export async function read(program: string, args: string[], options: CommandOptions = {}): Promise<string> {
  const { code, output, stdout } = await run(program, args, options)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output.slice(-2000)}`)
  return stdout
}
