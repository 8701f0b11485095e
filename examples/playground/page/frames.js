// The hidden frames, one for each origin. The playground sends them messages.

// A browser that does not resolve names under `localhost` never loads the frame.
const LOAD_TIMEOUT = 5_000;

export class Frame {
  #element;
  #waiting = new Map();
  #next = 0;

  // `onSettled` is called when the frame has loaded, and when it has not loaded in time. It may still load later.
  constructor(caller, parent, onSettled) {
    this.caller = caller;
    this.state = "loading";
    this.#element = document.createElement("iframe");
    this.#element.title = caller.origin;
    if (caller.is_sandboxed) {
      this.#element.sandbox = "allow-scripts";
    }
    addEventListener("message", (event) => {
      if (event.source === this.#element.contentWindow && event.origin === caller.origin) {
        this.#receive(event.data, onSettled);
      }
    });
    setTimeout(() => {
      if (this.state === "loading") {
        this.state = "unreachable";
        onSettled(this);
      }
    }, LOAD_TIMEOUT);
    this.#element.src = caller.page;
    parent.append(this.#element);
  }

  send(url, init, reads) {
    const id = this.#next++;
    const { origin, is_sandboxed } = this.caller;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      // A message cannot be addressed to an opaque origin.
      const target = is_sandboxed ? "*" : origin;
      this.#element.contentWindow.postMessage({ id, url, init, reads }, target);
    });
  }

  #receive(message, onSettled) {
    if (message.ready) {
      this.state = "loaded";
      onSettled(this);
      return;
    }
    this.#waiting.get(message.id)?.(message.result);
    this.#waiting.delete(message.id);
  }
}
