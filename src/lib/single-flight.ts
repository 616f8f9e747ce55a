/**
 * Callers with the same key share one run of `work` while it lasts. Nothing is kept afterwards, not even a failure.
 * The key must name everything the result depends on: whoever joins gets what was started before they came.
 */
export function createSingleFlight<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const flights = new Map<string, Promise<T>>()
  return (key, work) => {
    const running = flights.get(key)
    if (running !== undefined) return running
    const flight = work().finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }
}
