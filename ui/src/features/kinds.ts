/**
 * A kind of server's name and icon. Nothing else in the interface may depend on the kind: what a
 * server can do is in its capabilities.
 */
import type { Component } from 'svelte';
import Building from '@lucide/svelte/icons/building-2';
import Cloud from '@lucide/svelte/icons/cloud';
import CloudCog from '@lucide/svelte/icons/cloud-cog';
import Laptop from '@lucide/svelte/icons/laptop';
import Server from '@lucide/svelte/icons/server';

import { type MessageKey, t } from '$ui/i18n/index.svelte';
import type { InstanceView, ServerKind, ServerKindInfo, SignInMethod } from '$ui/ipc';
import { instances } from '$ui/state/instances.svelte';

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
  'aimms-cloud': { name: 'kind.aimms-cloud', about: 'kind.aimms-cloud.about', icon: CloudCog },
  keydesk: { name: 'kind.keydesk', about: 'kind.keydesk.about', icon: Building },
  'this-computer': { name: 'kind.this-computer', about: 'connect.try.about', icon: Laptop },
};

export const methodWords: Record<SignInMethod, MessageKey> = {
  password: 'connect.with-password',
  apiKey: 'connect.with-api-key',
  cloudTokens: 'connect.with-tokens',
};

/** A kind of which this build's host says nothing signs in as most do. */
const UNKNOWN: Omit<ServerKindInfo, 'kind'> = {
  methods: ['password'],
  loginByEmail: false,
  remembersPassword: false,
  embedded: false,
  addressExample: '',
  secondToken: false,
  signInPage: false,
  resetMail: false,
};

/** How one signs in on a kind of server, and whether it runs inside Keydesk. */
export function kindInfo(kind: ServerKind): ServerKindInfo {
  return instances.kinds.find((info) => info.kind === kind) ?? { kind, ...UNKNOWN };
}

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
  if (unnamed && kindInfo(instance.kind).embedded) return t(kindWords[instance.kind].name);
  return instance.name;
}
