import { join } from 'node:path'
import type { TiedOptions } from '@hello/processes/tied-process'

type TakeLine = (name: string, line: string) => void

interface OutputOptions {
  /** Folder of the files. */
  folder: string
  /** Gets each line of each process. */
  onLine: TakeLine | undefined
  /** Whether the signals keep the lines, too. */
  kept: boolean
}

/** Where the lines of the shop's processes go: to a listener, to the signals, or where there is neither to a file for each. */
export function createShopOutput({ folder, onLine, kept }: OutputOptions) {
  let early: Parameters<TakeLine>[] = []
  let keep: TakeLine = (name, line) => early.push([name, line])
  const fileOf = (name: string) => join(folder, `${name}.log`)

  return {
    inFiles: !onLine && !kept,
    fileOf,
    /** What to do with the output of a process. */
    of(name: string): TiedOptions['output'] {
      if (!onLine && !kept) return { file: fileOf(name) }
      return (line) => {
        if (kept) keep(name, line)
        onLine?.(name, line)
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
