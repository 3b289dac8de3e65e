import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'

/** Bytes after which a file is put aside, in the place of the one before: as much as a kubelet lets it grow to. */
const maxBytes = 10 * 1024 * 1024

/** Folder of a pod's lines, within Promtail's. */
export const logFolder = (folder: string, pod: string) => join(folder, 'pods', pod)

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/**
 * Writes lines into a file for each pod as containerd does, for Promtail to read:
 * https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
 *
 * @param folder Promtail's
 */
export function createLogFiles(folder: string) {
  const files = new Map<string, { stream: WriteStream; bytes: number }>()

  function open(pod: string) {
    const path = join(logFolder(folder, pod), '0.log')
    mkdirSync(logFolder(folder, pod), { recursive: true })
    const file = { stream: createWriteStream(path, { flags: 'a' }), bytes: sizeOf(path) }
    file.stream.on('error', () => {}) // a full disk is for those to tell who keep their data on it
    files.set(pod, file)
    return file
  }

  function rotate(pod: string) {
    const path = join(logFolder(folder, pod), '0.log')
    files.get(pod)!.stream.end()
    renameSync(path, `${path}.old`)
    return open(pod)
  }

  return {
    write(pod: string, line: string) {
      let file = files.get(pod) ?? open(pod)
      if (file.bytes > maxBytes) file = rotate(pod)
      const entry = `${new Date().toISOString()} stdout F ${line}\n`
      file.bytes += Buffer.byteLength(entry)
      file.stream.write(entry)
    },
    close() {
      for (const { stream } of files.values()) stream.end()
    },
  }
}
