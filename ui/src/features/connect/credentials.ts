/** From what was typed to what the host takes, with the checks that need no server. */
import { HostError, type Field, type SignInMethod, type SignInRequest } from '$ui/ipc';

import type { CredentialDraft } from './draft.svelte';

function required(field: Field): HostError {
  return new HostError({ code: 'required', field });
}

/** The fields of a method that are still empty, the first one first. */
export function firstMissing(
  method: SignInMethod,
  draft: CredentialDraft,
  secondToken: boolean,
): HostError | null {
  if (method === 'password') {
    if (!draft.loginName.trim()) return required('loginName');
    if (!draft.password) return required('password');
    if (draft.asksForCode && !draft.code.trim()) return required('code');
  } else if (method === 'apiKey') {
    if (!draft.apiKey.trim()) return required('apiKey');
  } else if (!isComplete(draft, secondToken)) {
    if (!draft.authorization.trim()) return required('authorization');
    if (secondToken && !draft.accessToken.trim()) return required('accessToken');
  }
  return null;
}

/** Whether the pasted request carried every token that the server asks for. */
export function isComplete({ pasted }: CredentialDraft, secondToken: boolean): boolean {
  return !!pasted?.hasAuthorization && (pasted.hasAccessToken || !secondToken);
}

export function signInRequest(
  method: SignInMethod,
  draft: CredentialDraft,
  secondToken: boolean,
): SignInRequest {
  if (method === 'password') {
    const { loginName, password, code, remember } = draft;
    return { method, loginName: loginName.trim(), password, code: code.trim(), remember };
  }
  if (method === 'apiKey') return { method, key: draft.apiKey.trim() };
  if (draft.pasted && isComplete(draft, secondToken))
    return { method: 'pasted', handle: draft.pasted.handle };
  return {
    method,
    authorization: draft.authorization.trim(),
    accessToken: draft.accessToken.trim(),
  };
}
