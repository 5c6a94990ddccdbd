/** Bad input: each ends in words beside the field or above it, and nothing typed is lost. */
import { afterEach, describe, expect } from 'vitest';

import { ANSWERS, faulty, type FaultyServer } from '../harness/faults';
import { KINDS, Person } from '../harness/person';
import { signedIn, throughAGateway } from '../harness/signed-in';
import { someone, story } from '../harness/story';

describe('addresses', () => {
  story('that are none are explained beside the field', async ({ desk }) => {
    const { screen } = desk;
    await new Person(screen).chooses(KINDS.selfHosted);
    const cases: [string, RegExp][] = [
      ['ftp://idmp.example.com', /begins with https:\/\/ or http:\/\//],
      ['https://ada:secret@idmp.example.com', /Leave the user name and password out/],
      ['https://idmp example com', /not the address of a server/],
      ['https://', /not the address of a server/],
      ['https://idmp.example.com:99999', /not the address of a server/],
      ['http://idmp.example.com', /not encrypted/],
      ['https://p\u0430ypal.example', /mixes look-alike letters/], // a Cyrillic a
      ['https://xn--pypal-4ve.example', /mixes look-alike letters/], // the same, in punycode
    ];
    for (const [address, explanation] of cases) {
      await screen.paste('Server address', address);
      await screen.click('button', 'Check');
      await screen.see(explanation);
      expect(await screen.valueOf('Server address'), 'what was typed stays').toBe(address);
    }
  });

  story('with a path in front of the server keep it', ({ desk, serve }) =>
    throughAGateway({ desk, serve }, ({ person }) => person.createsKey('below a path'), {
      base: '/plant-7/idmp',
    }),
  );

  story('without a scheme mean https', async ({ desk, serve }) => {
    const { screen } = desk;
    const server = await serve();
    await new Person(screen).chooses(KINDS.selfHosted);
    await screen.type('Server address', `127.0.0.1:${server.port}`);
    await screen.click('button', 'Check');
    // It speaks no TLS, and Keydesk does not fall back to plain HTTP on its own.
    await screen.see('No encrypted connection could be made.');
    await screen.type('Server address', server.url);
    await screen.click('button', 'Check');
    await screen.see(/answers at 127\.0\.0\.1/);
  });
});

describe('what answers', () => {
  let server: FaultyServer | undefined;
  afterEach(async () => {
    await server?.close();
  });

  const cases: [keyof typeof ANSWERS, string][] = [
    ['page', 'What answers at this address is not the kind of server you chose.'],
    ['portal', 'This network wants you to sign in first.'],
    ['half', 'The server could not be reached.'],
    ['nothing', 'The server could not be reached.'],
    ['redirect', 'What answers at this address sends requests elsewhere.'],
  ];
  for (const [answer, explanation] of cases) {
    story(`${answer}: is explained, and no password is sent`, async ({ desk }) => {
      const { screen } = desk;
      server = await faulty(ANSWERS[answer]);
      const ada = someone();
      const person = new Person(screen);
      await person.chooses(KINDS.selfHosted);
      await screen.type('Server address', server.url);
      await screen.click('button', 'Check');
      await screen.see(explanation, { patience: 40_000 });
      expect(server.received()).not.toContain(ada.password);
      await screen.type('User name', ada.email);
      await screen.type('Password', ada.password);
      await screen.click('button', 'Sign in');
      await screen.see(explanation, { patience: 40_000 });
      expect(await screen.valueOf('User name'), 'what was typed stays').toBe(ada.email);
    });
  }

  story('nothing listens: says so, and signs nobody out', async ({ desk, serve }) => {
    const { screen } = desk;
    const { server: real } = await signedIn({ desk, serve });
    await screen.click('button', 'Edit');
    await screen.type('Position', 'Patient');
    await real.stop();
    await screen.click('button', 'Save');
    await screen.see('Nothing is listening at this address.');
    expect(await screen.valueOf('Position')).toBe('Patient');

    const again = await real.again();
    try {
      await screen.click('button', 'Save');
      await screen.get('button', 'Edit');
      await screen.see('Patient');
    } finally {
      await again.stop();
    }
  });
});

describe('names and titles', () => {
  story(
    'of 10,000 characters, and with characters that reverse or hide, are refused',
    async ({ desk, serve }) => {
      const { screen } = desk;
      const { person } = await signedIn({ desk, serve });

      await screen.click('button', 'Edit');
      const cases: [string, RegExp][] = [
        ['A'.repeat(10_000), /longer than the server takes/],
        ['Ada\u202Egnirts', /control characters or characters that reverse/],
        ['Ada\u0007', /control characters or characters that reverse/],
        ['', /This is needed/],
      ];
      for (const [name, explanation] of cases) {
        await screen.paste('First Name', name === '' ? ' ' : name);
        await screen.click('button', 'Save');
        await screen.see(explanation);
        expect(await screen.valueOf('First Name'), 'what was typed stays').toBe(name || ' ');
      }
      await screen.paste('First Name', 'עדה');
      await screen.click('button', 'Save');
      await screen.get('button', 'Edit');
      await screen.see('עדה');

      await person.createsKey('Release');
      await person.fillsNewKey('release');
      const alike = 'This looks the same as “Release”, which exists already.';
      await screen.see(alike);
      for (const title of ['Rele\u200Base', 'Ｒelease', ' RELEASE ']) {
        await screen.paste('Title', title);
        await screen.click('button', 'Create');
        await screen.get('dialog', 'Add New API Key'); // it did not go away
        await screen.see(alike);
        expect(await screen.valueOf('Title')).toBe(title);
      }
    },
  );
});
