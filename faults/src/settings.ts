import { Type } from 'typebox'

/** The setting of a service that can be broken on purpose. */
export const faultSettings = {
  FAULTS_FILE: Type.Optional(
    Type.String({ description: 'flags in flagd’s format that break the service on purpose (docs/en/faults.md)' }),
  ),
}
