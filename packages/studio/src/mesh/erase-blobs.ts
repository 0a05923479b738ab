import type { MeshSocket } from './mesh-socket.ts';

/** An erasure waits no longer than this for the trusted host; what it had not come to by then is not paid (`judgeCheck`). */
const LOOK_MS_MAX = 20_000;

/** Erases inputs, and results, of tasks: first a last look at what is held for them, while that can be had. */
export async function eraseBlobs(
  keys: readonly string[],
  {
    mesh,
    store,
    nowMs,
  }: {
    /** `null` while no hosts are connected. */
    readonly mesh: Pick<MeshSocket, 'lookBeforeErasing'> | null;
    readonly store: { readonly forget: (keys: readonly string[]) => Promise<void> };
    readonly nowMs: () => number;
  },
): Promise<void> {
  await mesh?.lookBeforeErasing(keys, { nowMs, untilMs: nowMs() + LOOK_MS_MAX });
  await store.forget(keys);
}
