import type { IncomingMessage } from 'node:http'

/** The pets that a GraphQL request asks for, by the names of its variables. */
export async function readPetIds(request: IncomingMessage): Promise<[name: string, petId: string][]> {
  const body = await new Promise<string>((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString()))
    request.on('error', reject)
  })
  const { variables } = JSON.parse(body) as { variables: Record<string, unknown> }
  return Object.entries(variables).filter((one): one is [string, string] => typeof one[1] === 'string')
}
