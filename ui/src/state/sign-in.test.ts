import { afterEach, expect, it, vi } from 'vitest';

import { HostError } from '$ui/ipc';

import {
  endSignIn,
  forgetSignIn,
  offerSignIn,
  repeated,
  requestSignIn,
  wantedSignIn,
} from './sign-in.svelte';

const ended = new HostError({ code: 'signed-out' });
const ID = 'plant';

afterEach(() => forgetSignIn(ID));

it('answers everyone who asked, with one sheet', async () => {
  const asked = [requestSignIn(ID), requestSignIn(ID, 'password'), requestSignIn(ID)];
  expect(wantedSignIn(ID)).toMatchObject({ method: 'password' });
  endSignIn(ID, true);
  expect(await Promise.all(asked)).toEqual([true, true, true]);
  expect(wantedSignIn(ID)).toBeUndefined();
});

it('that was put off is offered again only after the person has signed in', () => {
  offerSignIn(ID);
  endSignIn(ID, false);
  offerSignIn(ID);
  expect(wantedSignIn(ID)).toBeUndefined();
  void requestSignIn(ID);
  endSignIn(ID, true);
  offerSignIn(ID);
  expect(wantedSignIn(ID)).toBeDefined();
});

it('repeats what only reads after a sign-in, once, and not where it was put off', async () => {
  const request = vi.fn<() => Promise<string>>();
  request.mockRejectedValueOnce(ended).mockResolvedValueOnce('read');
  const answer = repeated(ID, request);
  await vi.waitFor(() => expect(wantedSignIn(ID)).toBeDefined());
  endSignIn(ID, true);
  expect(await answer).toBe('read');
  expect(request).toHaveBeenCalledTimes(2);

  request.mockRejectedValueOnce(ended);
  const refused = repeated(ID, request);
  await vi.waitFor(() => expect(wantedSignIn(ID)).toBeDefined());
  endSignIn(ID, false);
  await expect(refused).rejects.toBe(ended);
  expect(request).toHaveBeenCalledTimes(3);
});
