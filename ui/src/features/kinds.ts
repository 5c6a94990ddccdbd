/**
 * A kind of server's name and icon. Nothing else in the interface may depend on the kind: what a
 * server can do is in its capabilities.
 */
import type { Component } from 'svelte';
import Cloud from '@lucide/svelte/icons/cloud';
import Laptop from '@lucide/svelte/icons/laptop';
import Server from '@lucide/svelte/icons/server';

import { type MessageKey, t } from '$ui/i18n/index.svelte';
import type { InstanceView, ServerKind, SignInMethod } from '$ui/ipc';

interface KindWords {
  name: MessageKey;
  about: MessageKey;
  icon: Component;
}

export const kindWords: Record<ServerKind, KindWords> = {
  'idmp-self-hosted': {
    name: 'kind.idmp-self-hosted',
    about: 'kind.idmp-self-hosted.about',
    icon: Server,
  },
  'idmp-cloud': { name: 'kind.idmp-cloud', about: 'kind.idmp-cloud.about', icon: Cloud },
  'this-computer': { name: 'kind.this-computer', about: 'connect.try.about', icon: Laptop },
};

/** The order in which kinds stand on the connect screen; the embedded server stands first. */
export const kindOrder: readonly ServerKind[] = ['idmp-self-hosted', 'idmp-cloud'];

export const methodWords: Record<SignInMethod, MessageKey> = {
  password: 'connect.with-password',
  apiKey: 'connect.with-api-key',
  cloudTokens: 'connect.with-tokens',
};

/** Whether requests of this instance can be read on the way. */
export function isExposed(instance: InstanceView): boolean {
  return instance.plainHttp && !instance.loopback;
}

/** The person's name as last known, or what stands in for it. */
export function personName(instance: InstanceView): string {
  return instance.displayName || instance.email || instance.loginName || nameOf(instance);
}

/**
 * What an account's server is called. The host names the embedded server after its loopback
 * address until the person gives it a name, and that says nothing to anyone.
 */
export function nameOf(instance: InstanceView): string {
  const unnamed = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(instance.name);
  if (instance.kind === 'this-computer' && unnamed) return t(kindWords[instance.kind].name);
  return instance.name;
}
