/** A receiver of spans in a process of its own; answers each message of its parent with how many it has received. */
import { startSpanReceiver } from '../span-receiver.ts'

const { received } = await startSpanReceiver(Number(process.env.PORT))
process.on('message', () => process.send!(received.spans))
process.on('disconnect', () => process.exit())
process.send!('listening')
