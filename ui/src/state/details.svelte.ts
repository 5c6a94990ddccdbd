/** "Connection details" of an account, opened from where something is missing because of them. */
import type { InstanceId } from '$ui/ipc';

let wanted = $state<InstanceId | null>(null);

export const details = {
  /** The account whose details are wanted, until they are closed. */
  get wanted(): InstanceId | null {
    return wanted;
  },
  open(instance: InstanceId): void {
    wanted = instance;
  },
  close(): void {
    wanted = null;
  },
};
