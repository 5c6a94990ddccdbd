/** The real host: the generated commands, with results become values or a {@link HostError}. */
import { commands, events } from './bindings';
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

export const tauriHost = {
  ...Object.fromEntries(
    Object.entries(commands).map(([name, command]) => [name, method(command as Command)]),
  ),
  onClipboardChanged: (handler) => {
    const listening = events.clipboardChanged.listen(({ payload }) => handler(payload));
    return () => void listening.then((unlisten) => unlisten());
  },
  onCloseRequested: (handler) => {
    const listening = events.closeRequested.listen(() => handler());
    return () => void listening.then((unlisten) => unlisten());
  },
} as Host;
