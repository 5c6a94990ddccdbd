/** A change of password that was asked for on another tab: the Profile tab goes on with it. */
import type { InstanceId } from '$ui/ipc';

const wanted = new Set<InstanceId>();

/** Asks for the fields of a new password; the Profile tab is about to open. */
export function wantPasswordChange(instance: InstanceId): void {
  wanted.add(instance);
}

/** Whether they were asked for. Told once. */
export function takePasswordChange(instance: InstanceId): boolean {
  return wanted.delete(instance);
}
