/** The real host: the generated commands, with results become values or a {@link HostError}. */
import { Channel } from '@tauri-apps/api/core';

import { type ApiKey, commands, events, type KeyListView } from './bindings';
import { type Host, HostError, type WireError } from './host';

type Command = (...args: unknown[]) => Promise<unknown>;

function isWireError(failure: unknown): failure is WireError {
  return typeof failure === 'object' && failure !== null && 'code' in failure;
}

function hostError(failure: unknown): HostError {
  if (isWireError(failure)) return new HostError(failure);
  // Not a refusal by a command: the boundary itself failed, which is a defect.
  return new HostError({ code: 'internal', message: String(failure) });
}

/** A typed result is marked by its status; commands that cannot fail answer with the value. */
function unwrap(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('status' in answer)) return answer;
  if (answer.status === 'ok' && 'data' in answer) return answer.data;
  if (answer.status === 'error' && 'error' in answer) throw hostError(answer.error);
  return answer;
}

function method(command: Command): Command {
  return async (...args) => {
    let answer: unknown;
    try {
      answer = await command(...args);
    } catch (failure) {
      throw hostError(failure);
    }
    return unwrap(answer);
  };
}

/** Puts together a list that comes in parts: reading a long one at once would cost a frame. */
const apiKeys: Host['apiKeys'] = async (instance, organization) => {
  const rest: ApiKey[] = [];
  let arrived: () => void = () => undefined;
  const parts = new Channel<ApiKey[]>((part) => {
    rest.push(...part);
    arrived();
  });
  const answer = await method(commands.apiKeys as Command)(instance, organization, parts);
  const { keys, more, ...list } = answer as KeyListView;
  await new Promise<void>((resolve) => {
    arrived = () => {
      if (rest.length >= more) resolve();
    };
    arrived();
  });
  return { ...list, keys: [...keys, ...rest] };
};

export const tauriHost = {
  ...Object.fromEntries(
    Object.entries(commands).map(([name, command]) => [name, method(command as Command)]),
  ),
  apiKeys,
  onClipboardChanged: (handler) => {
    const listening = events.clipboardChanged.listen(({ payload }) => handler(payload));
    return () => void listening.then((unlisten) => unlisten());
  },
  onCloseRequested: (handler) => {
    const listening = events.closeRequested.listen(() => handler());
    return () => void listening.then((unlisten) => unlisten());
  },
} as Host;
