/** Where a story begins that happens between a person and their server. */
import { Gateway } from './gateway';
import { Person } from './person';
import type { Account, Server } from './server';
import { someone, type Stage } from './story';

/** Everybody who has a part in it. */
export interface Scene {
  person: Person;
  ada: Account;
  server: Server;
  gateway: Gateway;
}

/**
 * Somebody who is signed in to their server through a gateway. `prepare` says what the gateway does
 * from the start on.
 */
export async function throughAGateway(
  { desk, serve }: Stage,
  play: (scene: Scene) => Promise<void>,
  prepare: (gateway: Gateway, server: Server) => Promise<void> | void = () => undefined,
): Promise<void> {
  const server = await serve();
  const ada = someone();
  await server.addUser(ada);
  const gateway = await Gateway.before(server);
  try {
    await prepare(gateway, server);
    const person = new Person(desk.screen);
    await person.signIn(gateway, ada);
    await person.seesProfileOf(ada);
    await play({ person, ada, server, gateway });
  } finally {
    await gateway.remove();
  }
}
