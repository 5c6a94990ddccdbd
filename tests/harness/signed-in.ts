/** Where most stories begin: somebody is signed in to their server and sees their profile. */
import { Gateway } from './gateway';
import { Person } from './person';
import type { Account, Server } from './server';
import { someone, type Stage } from './story';

/** Everybody who has a part in it. */
export interface Scene {
  person: Person;
  ada: Account;
  server: Server;
}

/** A server on which somebody has an account. */
export async function withAnAccount({
  serve,
}: Pick<Stage, 'serve'>): Promise<{ ada: Account; server: Server }> {
  const server = await serve();
  const ada = someone();
  await server.addUser(ada);
  return { ada, server };
}

/** Somebody who is signed in to their server. */
export async function signedIn(
  { desk, serve }: Stage,
  options: { remember?: boolean } = {},
): Promise<Scene> {
  const { ada, server } = await withAnAccount({ serve });
  const person = new Person(desk.screen);
  await person.signIn(server, ada, options);
  await person.seesProfileOf(ada);
  return { person, ada, server };
}

interface Way {
  /** Where the server lies behind the gateway. */
  base?: string;
  /** What the gateway does from the start on. */
  prepare?: (gateway: Gateway, server: Server) => Promise<void> | void;
  remember?: boolean;
}

/** Somebody who is signed in to their server through a gateway. */
export async function throughAGateway(
  { desk, serve }: Stage,
  play: (scene: Scene & { gateway: Gateway }) => Promise<unknown>,
  { base = '', prepare, ...options }: Way = {},
): Promise<void> {
  const { ada, server } = await withAnAccount({ serve });
  const gateway = await Gateway.before(server, base);
  try {
    await prepare?.(gateway, server);
    const person = new Person(desk.screen);
    await person.signIn(gateway, ada, options);
    await person.seesProfileOf(ada);
    await play({ person, ada, server, gateway });
  } finally {
    await gateway.remove();
  }
}
