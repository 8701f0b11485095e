// The origins: each is a hidden frame, which is asked by messages.

// A browser that does not resolve a name under `localhost` never loads its frame.
const PATIENCE = 5_000;

export class Frame {
  #element;
  #waiting = new Map();
  #next = 0;

  // `onSettled` is called when the frame is loaded, or is given up: it may still load later.
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
        this.#hear(event.data, onSettled);
      }
    });
    setTimeout(() => {
      if (this.state === "loading") {
        this.state = "unreached";
        onSettled(this);
      }
    }, PATIENCE);
    this.#element.src = caller.page;
    parent.append(this.#element);
  }

  ask(url, init, reads) {
    const id = this.#next++;
    const { origin, is_sandboxed } = this.caller;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      // An opaque origin cannot be named.
      const target = is_sandboxed ? "*" : origin;
      this.#element.contentWindow.postMessage({ id, url, init, reads }, target);
    });
  }

  #hear(message, onSettled) {
    if (message.ready) {
      this.state = "reached";
      onSettled(this);
      return;
    }
    this.#waiting.get(message.id)?.(message.result);
    this.#waiting.delete(message.id);
  }
}
