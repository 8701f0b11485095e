'use strict';

// Executes a call and returns everything that a script can see of the result.
const actions = {
  async fetch(call) {
    const { method, headers, body, mode, credentials, redirect } = call;
    const response = await fetch(call.url, {
      method,
      headers,
      body: body ?? undefined,
      mode,
      credentials,
      redirect,
      referrerPolicy: 'strict-origin-when-cross-origin',
    });
    return {
      outcome: response.type,
      status: response.status,
      redirected: response.redirected,
      url: response.url,
      headers: [...response.headers],
      body: await response.text(),
    };
  },

  // The listener on `upload` makes a preflight necessary.
  xhr: (call) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(call.method, call.url);
      for (const [name, value] of call.headers) request.setRequestHeader(name, value);
      request.withCredentials = call.credentials === 'include';
      request.upload.onprogress = () => {};
      request.onerror = () => reject(new TypeError('the request failed'));
      request.onload = () =>
        resolve({
          outcome: 'cors',
          status: request.status,
          redirected: request.responseURL !== call.url,
          url: request.responseURL,
          headers: request
            .getAllResponseHeaders()
            .split('\r\n')
            .filter(Boolean)
            .map((line) => line.split(/: (.*)/s).slice(0, 2)),
          body: request.responseText,
        });
      request.send(call.body);
    }),

  module: (call) => load(Object.assign(document.createElement('script'), { type: 'module', crossOrigin: crossOrigin(call), src: call.url })),
  script: (call) => load(Object.assign(document.createElement('script'), { crossOrigin: crossOrigin(call), src: call.url })),
  image: (call) => load(Object.assign(new Image(), { crossOrigin: crossOrigin(call), src: call.url })),

  async import(call) {
    await import(call.url);
    return { outcome: 'loaded' };
  },

  async importInAttribute(call) {
    const button = document.createElement('button');
    button.dataset.url = call.url;
    button.setAttribute('onclick', 'this.imported = import(this.dataset.url)');
    button.click();
    await button.imported;
    return { outcome: 'loaded' };
  },

  async font(call) {
    const style = document.createElement('style');
    style.textContent = `@font-face { font-family: Square; src: url(${JSON.stringify(call.url)}) }`;
    document.head.append(style);
    try {
      await document.fonts.load('16px Square');
      return { outcome: 'loaded' };
    } finally {
      style.remove();
    }
  },

  async fontFace(call) {
    await new FontFace('Square', `url(${JSON.stringify(call.url)})`).load();
    return { outcome: 'loaded' };
  },

  events: (call) =>
    new Promise((resolve, reject) => {
      const source = new EventSource(call.url, { withCredentials: call.credentials === 'include' });
      source.onmessage = (event) => {
        source.close();
        resolve({ outcome: 'loaded', body: event.data });
      };
      source.onerror = () => {
        source.close();
        reject(new TypeError('the source failed'));
      };
    }),

  socket: (call) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(call.url);
      socket.onerror = () => reject(new TypeError('the socket failed'));
      socket.onmessage = (event) => {
        socket.onerror = null;
        socket.close();
        resolve({ outcome: 'loaded', body: event.data });
      };
    }),
};

// The value of `crossorigin` for the mode and the credentials mode.
function crossOrigin(call) {
  if (call.mode === 'no-cors') return null;
  return call.credentials === 'include' ? 'use-credentials' : 'anonymous';
}

function load(element) {
  return new Promise((resolve, reject) => {
    element.onload = () => resolve({ outcome: 'loaded' });
    element.onerror = () => reject(new TypeError('the element failed'));
    document.body.append(element);
  });
}

async function perform(call) {
  try {
    return await actions[call.kind](call);
  } catch (error) {
    return { outcome: 'error', error: `${error}` };
  }
}
