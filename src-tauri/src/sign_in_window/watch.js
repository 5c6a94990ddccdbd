// Watches one page for the pair of tokens that it sends to its own server, and hands them over once.
// Runs before the page's own scripts, in its top frame, and does nothing on any other origin.
// What it knows stays in this closure: the page can call what is wrapped, not read it.
((origin, handover) => {
  if (window.top !== window || location.origin !== origin) return;
  const { Headers, Request, URL, WeakMap } = window;
  let handedOver = false;

  const offer = (address, read) => {
    if (handedOver || new URL(address, document.baseURI).origin !== origin) return;
    const authorization = read('authorization');
    const accessToken = read('access-token');
    if (!authorization || !accessToken) return;
    handedOver = true;
    const query = new URLSearchParams({ authorization, 'access-token': accessToken });
    location.href = `${handover}?${query}`;
  };
  // The page must go on as if nothing watched it, whatever it sends.
  const quietly = (look) => {
    try {
      look();
    } catch {
      // A request that cannot be read is none that carries tokens.
    }
  };

  const { fetch } = window;
  window.fetch = function (input, options) {
    quietly(() => {
      const given = input instanceof Request ? input : undefined;
      const headers = new Headers(options?.headers ?? given?.headers);
      offer(given?.url ?? String(input), (name) => headers.get(name));
    });
    return fetch.apply(this, arguments);
  };

  const sent = new WeakMap();
  const { open, setRequestHeader } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, address) {
    quietly(() => sent.set(this, { address: String(address), headers: new Headers() }));
    return open.apply(this, arguments);
  };
  XMLHttpRequest.prototype.setRequestHeader = function (name, value) {
    quietly(() => {
      const request = sent.get(this);
      request.headers.append(name, value);
      offer(request.address, (wanted) => request.headers.get(wanted));
    });
    return setRequestHeader.apply(this, arguments);
  };
})
