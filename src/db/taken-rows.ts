import type { Sql } from 'postgres'

/**
 * The same client, of whose queries nobody but the caller holds the rows that came.
 *
 * postgres.js assigns functions to properties of each query, and V8 makes such a function among the old objects: dead, it
 * still keeps its query until the next full collection, and the query what it came to. So the rows are taken out of that.
 */
export function withTakenRows(sql: Sql): Sql {
  const unsafe = (...given: Parameters<Sql['unsafe']>) => {
    const query = sql.unsafe(...given)
    const values = query.values.bind(query)
    return Object.assign(query, { values: async () => (await values()).splice(0) })
  }
  return new Proxy(sql, { get: (target, name, receiver) => (name === 'unsafe' ? unsafe : Reflect.get(target, name, receiver)) })
}
