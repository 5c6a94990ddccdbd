/** What is trusted for an account that exists: read, changed, and asked for anew. */
import { host, type InstanceView, type ServerTarget, type Trust } from '$ui/ipc';
import { refresh } from '$ui/state/query';

/** The server of an account, as the connect screen would name it. */
export async function targetOf(instance: InstanceView): Promise<ServerTarget> {
  const { trust } = await host.connectionDetails(instance.id);
  const { kind, address, plainHttp } = instance;
  return { kind, address, plainHttpChosen: plainHttp, trust };
}

/** Changes what is trusted and asks the server for everything again. */
export async function changeTrust(instance: InstanceView, trust: Trust): Promise<void> {
  await host.setTrust(instance.id, trust);
  void refresh(instance.id);
}
