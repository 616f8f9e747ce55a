export type RawAnswer = { status: number; headers: Headers; text: string; data: unknown; codes: string[]; message: string | undefined }

type Body = { data?: unknown; errors?: { message: string; extensions: { code: string } }[] }

/** A POST of `body` as JSON, or of the string as it stands; with `params` a GET. */
export async function rawRequest(
  { url }: { url: string },
  { body, params, headers = {}, method }: { body?: object | string; params?: Record<string, string>; headers?: Record<string, string>; method?: string },
): Promise<RawAnswer> {
  const response = await fetch(`${url}/graphql${params === undefined ? '' : `?${new URLSearchParams(params)}`}`, {
    method: method ?? (params === undefined ? 'POST' : 'GET'),
    headers: { ...(params === undefined ? { 'content-type': 'application/json' } : {}), accept: 'application/graphql-response+json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  const { data, errors = [] }: Body = isJson ? JSON.parse(text) : {}
  return { status: response.status, headers: response.headers, text, data, codes: errors.map(({ extensions }) => extensions.code), message: errors[0]?.message }
}
