/**
 * One sign-in sheet for any number of requests that failed because a session ended. Whoever fails
 * asks here; the sheet opens once, and after it succeeds the instance's data is asked for again.
 * What the person had typed stays in its draft.
 */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';

import { asksForSignIn } from '$ui/errors';
import type { InstanceId, SignInMethod } from '$ui/ipc';

interface Sheet {
  /** Another way to sign in than the instance's own, where something needs it. */
  method: SignInMethod | null;
  waiting: ((signedIn: boolean) => void)[];
}

const sheets = new SvelteMap<InstanceId, Sheet>();
/** "Not now": the sheet does not come back by itself, only when the person does something. */
const putOff = new SvelteSet<InstanceId>();

/**
 * Asks the person to sign in again on this instance, `by` a certain method where something needs
 * it. Resolves to whether they did. Calls while the sheet is open join it.
 */
export function requestSignIn(instance: InstanceId, by: SignInMethod | null = null) {
  return new Promise<boolean>((resolve) => {
    const open = sheets.get(instance);
    sheets.set(instance, {
      method: by ?? open?.method ?? null,
      waiting: [...(open?.waiting ?? []), resolve],
    });
  });
}

/** Opens the sheet because data could not be read, unless the person has put it off. */
export function offerSignIn(instance: InstanceId): void {
  if (!putOff.has(instance)) void requestSignIn(instance);
}

/** The sheet that is wanted for this instance. */
export function wantedSignIn(instance: InstanceId): { method: SignInMethod | null } | undefined {
  return sheets.get(instance);
}

/** Ends the sheet: signed in, or put off by the person. */
export function endSignIn(instance: InstanceId, signedIn: boolean): void {
  const waiting = sheets.get(instance)?.waiting ?? [];
  if (signedIn) putOff.delete(instance);
  else if (sheets.has(instance)) putOff.add(instance);
  sheets.delete(instance);
  for (const resolve of waiting) resolve(signedIn);
}

/** Forgets the sheet of an account that is gone or was signed out. */
export function forgetSignIn(instance: InstanceId): void {
  endSignIn(instance, false);
  putOff.delete(instance);
}

/**
 * Runs a request that is safe to repeat (it only reads, or only copies): after the person has
 * signed in again it is repeated by itself.
 */
export async function repeated<T>(instance: InstanceId, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (failure) {
    if (asksForSignIn(failure) && (await requestSignIn(instance))) return request();
    throw failure;
  }
}
