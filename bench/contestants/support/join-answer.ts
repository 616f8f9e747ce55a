/** `{"data":{"<alias>":<document>,…}}`, the documents as they are. */
export function joinAnswer(aliases: readonly string[], documents: readonly Buffer[]): Buffer {
  const parts = documents.flatMap((document, i) => [Buffer.from(`${i === 0 ? '{"data":{' : ','}"${aliases[i]}":`), document])
  return Buffer.concat([...parts, Buffer.from('}}')])
}
