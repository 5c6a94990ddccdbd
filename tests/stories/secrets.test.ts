/** Secrets go in and do not come out: looked for wherever the app could have dropped them. */
import { randomBytes } from 'node:crypto';
import { describe, expect } from 'vitest';

import { Authenticator } from '../harness/authenticator';
import { searchEverywhere, searchFolder, type Finding } from '../harness/canary';
import { readClipboard } from '../harness/clipboard';
import { mayReadMemory, nameOf, searchMemory } from '../harness/memory';
import { Person } from '../harness/person';
import { throughAGateway } from '../harness/signed-in';
import { someone, story } from '../harness/story';
import { until } from '../harness/wait';

describe('secrets', () => {
  story(
    'no password, token or key in files, logs, the page, arguments or environments',
    async ({ desk, serve }) => {
      const [own, cloud] = [await serve(), await serve({ cloud: true })];
      const [ada, grace] = [someone(), someone('Grace', 'Hopper')];
      await own.addUser(ada);
      await cloud.addUser(grace);
      const tokens = await cloud.session(grace.email);
      const local = someone('Local', 'Person');
      const person = new Person(desk.screen);

      const wrong = { ...ada, password: `Wrong-${randomBytes(12).toString('hex')}` };
      await person.signIn(own, wrong);
      await desk.screen.see('User name or password is not right.');
      await person.retypesPassword(ada.password);
      await person.seesProfileOf(ada);
      const ownKey = await person.createsKey('own');

      await person.connectsAnother();
      await person.signInToCloud(cloud, tokens);
      await person.seesProfileOf(grace);
      const cloudKey = await person.createsKey('cloud');

      await person.connectsAnother();
      await person.tryOnThisComputer(local);
      const localKey = await person.createsKey('local');
      await desk.screen.click('button', 'Copy local');
      await until('the key is copied', async () => (await readClipboard()) === localKey);

      const secrets = {
        'wrong password': wrong.password,
        'password of the self-hosted account': ada.password,
        'password of the local account': local.password,
        Authorization: tokens.authorization,
        'Access-token': tokens.accessToken,
        'key of the self-hosted account': ownKey,
        'key of the cloud account': cloudKey,
        'key of the local account': localKey,
      };
      // What stands in a key before the dot is its name, not a secret.
      const parts = Object.fromEntries(
        Object.entries(secrets).map(([name, value]) => [
          `${name} (its secret part)`,
          value.startsWith('api_') ? (value.split('.').at(-1) ?? value) : value,
        ]),
      );
      expect(await searchEverywhere(desk, { ...secrets, ...parts })).toEqual([]);

      await desk.quit();
      for (const folder of [desk.home.path, own.data, cloud.data]) {
        expect(searchFolder(folder, { ...secrets, ...parts })).toEqual([]);
      }
    },
  );

  story(
    'nor a kept key, the key of an authenticator app or a recovery code',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const server = await serve();
      const ada = someone();
      await server.addUser(ada);
      await server.addOrganization('Analytical Engines', [{ email: ada.email, role: 'owner' }]);
      const first = await server.firstKey(ada.email, ['APIKey', 'Authentication']);
      const person = new Person(screen);
      await person.signInToPortal(server, ada);
      await person.seesFieldsOf(ada);
      const kept = await person.createsPortalKey('Description', 'kept');

      await person.opens('Security');
      await screen.click('button', 'Enable MFA');
      await screen.type('Password', ada.password);
      await screen.click('button', 'Continue');
      const appKey = await person.copiesAuthenticatorKey();
      await screen.type('Code', await new Authenticator(appKey).code());
      await screen.click('button', 'Confirm');
      const codes = await person.storesRecoveryCodes();

      await person.connectsAnother();
      await person.signInToAimms(server, first);
      await screen.get('tab', 'Directory');

      const secrets = {
        password: ada.password,
        'kept key': kept,
        'kept key (its secret part)': kept.split('.').at(-1) ?? kept,
        'key of the authenticator app': appKey.replace(/\s/g, ''),
        'first recovery code': codes[0] ?? '',
        'last recovery code': codes.at(-1) ?? '',
        'key of the service': first.split('.').at(-1) ?? first,
      };
      expect(await searchEverywhere(desk, secrets)).toEqual([]);
      await desk.quit();
      for (const folder of [desk.home.path, server.data]) {
        expect(searchFolder(folder, secrets)).toEqual([]);
      }
    },
  );

  story.runIf(mayReadMemory)(
    'nor in the memory of the app, once the account is signed out',
    { timeout: 180_000 },
    ({ desk, serve }) =>
      throughAGateway(
        { desk, serve },
        async ({ person, ada, gateway }) => {
          const [token = ''] = gateway.tokens;
          const secrets = { password: ada.password, token };
          const found = (name: RegExp): Finding[] =>
            desk.processes
              .filter((pid) => name.test(nameOf(pid)))
              .flatMap((pid) => searchMemory(pid, secrets));
          const said = (findings: Finding[]): string[] => [
            ...new Set(findings.map(({ secret, place }) => `${secret} in ${place}`)),
          ];
          expect(said(found(/^keydesk/)), 'it is held while it is needed').toContain(
            'token in the memory of keydesk-desktop',
          );

          await person.signsOut();
          // An idle connection is kept for a few seconds, and with it what was last sent.
          await until(
            () =>
              Promise.resolve(`nothing is left; there is ${said(found(/^keydesk/)).join(', ')}`),
            () => Promise.resolve(found(/^keydesk/).length === 0),
            40_000,
          );
          // What was typed into a field WebKit forgets when it likes; tokens never go there.
          expect(said(found(/^WebKit(Web|Network)Pr/))).not.toContain(
            'token in the memory of WebKitWebProces',
          );
        },
        { remember: true },
      ),
  );
});
