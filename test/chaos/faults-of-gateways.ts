import { setTimeout as delay } from 'node:timers/promises'
import type { Kind } from './scene.ts'

export const FAULTS_OF_GATEWAYS: Record<string, Kind> = {
  'gateway killed': {
    weight: 1, touches: 'gateway',
    run: async ({ gateways }, random) => {
      const gateway = random.pick(gateways)
      await gateway.kill()
      await gateway.start()
    },
  },
  'gateway killed right after a change was sent': {
    weight: 2, touches: 'gateway',
    run: async (scene, random) => {
      const gateway = random.pick(scene.gateways)
      void scene.workload.change(gateway, random.pick(scene.cast.busy))
      await delay(random.between(0, 25))
      await gateway.kill()
      await gateway.start()
    },
  },
  'gateway stopped and started': {
    weight: 1, touches: 'gateway',
    run: async ({ gateways }, random) => {
      const gateway = random.pick(gateways)
      await gateway.stop()
      await gateway.start()
    },
  },
}
