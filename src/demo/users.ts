/** Somebody with pets; signed in by the demo's token or by the device's header. */
export const DEMO_USER_ID = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a01'
export const DEMO_DEVICE_UID = 'demo-device'
/** Has no pets; the admin's role is in the token, not here. */
export const DEMO_ADMIN_ID = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a02'
/** Somebody else, whose pets the demo user must not see. */
export const DEMO_NEIGHBOUR_ID = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a03'

export const DEMO_USERS: readonly { id: string; deviceUid: string | null }[] = [
  { id: DEMO_USER_ID, deviceUid: DEMO_DEVICE_UID },
  { id: DEMO_ADMIN_ID, deviceUid: null },
  { id: DEMO_NEIGHBOUR_ID, deviceUid: 'demo-neighbour' },
]
