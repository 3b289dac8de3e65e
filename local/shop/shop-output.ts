import { join } from 'node:path'
import type { TiedOptions } from '@hello/processes/tied-process'

export type TakeLine = (name: string, line: string) => void

interface OutputOptions {
  /** Folder of the files. */
  folder: string
  /** Each gets each line of each process. */
  listeners: TakeLine[]
  /** Whether the signals keep the lines, too. */
  kept: boolean
}

/** Where the lines of the shop's processes go: to listeners, to the signals, or where there is neither to a file for each. */
export function createShopOutput({ folder, listeners, kept }: OutputOptions) {
  let early: Parameters<TakeLine>[] = []
  let keep: TakeLine = (name, line) => early.push([name, line])
  const inFiles = listeners.length === 0 && !kept
  const tell: TakeLine = (name, line) => {
    for (const listener of listeners) listener(name, line)
  }
  const fileOf = (name: string) => join(folder, `${name}.log`)

  return {
    inFiles,
    fileOf,
    /** Gives a line to the listeners. */
    tell,
    /** What to do with the output of a process. */
    of(name: string): TiedOptions['output'] {
      if (inFiles) return { file: fileOf(name) }
      return (line) => {
        if (kept) keep(name, line)
        tell(name, line)
      }
    },
    /** From now on the lines are kept by `take`, which first gets those that came before. */
    keepIn(take: TakeLine) {
      for (const [name, line] of early) take(name, line)
      early = []
      keep = take
    },
  }
}

export type ShopOutput = ReturnType<typeof createShopOutput>
