// The editor of the policy. It sends the text to the server, which applies it.

import { element } from "./matrix.js";

// How long to wait after the last key.
const TYPING_DELAY = 400;

const byId = (id) => document.getElementById(id);

export class Editor {
  #area = byId("policy");
  #presets;
  #ownText = null;
  #timer;
  #isSending = false;
  #next = null;
  #current;
  #errors = [];
  // Whether the section "How the policy is read" was open before there were errors.
  #wasOpen = false;

  // `onApplied` is called after each attempt, with the current policy and whether to send all requests again even if the
  // policy is the same. `onServerDown` is called if the server does not respond.
  constructor(presets, current, onApplied, onServerDown) {
    this.onApplied = onApplied;
    this.onServerDown = onServerDown;
    this.#presets = [...presets, { name: "Your text", text: null }].map((preset) => {
      const button = element("button", { type: "button" }, preset.name);
      button.hidden = preset.text === null;
      button.addEventListener("click", () => this.#replaceText(preset.text ?? this.#ownText));
      byId("presets").append(button);
      return { button, text: preset.text };
    });
    this.#area.addEventListener("input", () => {
      this.#ownText = this.#area.value;
      this.#markPreset();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#apply(false), TYPING_DELAY);
    });
    this.#area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#apply(true);
      }
    });
    byId("restore").addEventListener("click", () => {
      this.#replaceText(this.#current.text);
      this.#area.focus();
    });
    this.#area.value = current.text;
    this.show(current, []);
  }

  // Another page of the playground has changed the policy. A text that is being edited here stays as it is.
  adopt(current) {
    if (this.#area.value === this.#current.text) {
      this.#area.value = current.text;
    }
    this.show(current, this.#errors);
  }

  show(current, errors) {
    this.#fold(this.#errors.length > 0, errors.length > 0);
    this.#current = current;
    this.#errors = errors;
    this.#markPreset();
    const count = errors.length;
    const isGood = count === 0;
    const applied = byId("applied");
    applied.dataset.good = isGood;
    applied.textContent = isGood
      ? `Applied (revision ${current.revision}).`
      : `Not applied: ${count === 1 ? "1 error" : `${count} errors`}. The table still shows revision ` +
        `${current.revision}, the last good policy.`;
    this.#area.ariaInvalid = isGood ? "false" : "true";
    byId("restore").hidden = isGood;
    list(byId("errors"), errors.map((error) => this.#error(error)));
    // Warnings belong to the current policy. If the text has errors, that is another policy.
    list(byId("warnings"), isGood ? current.warnings.map((text) => message("warning", text)) : []);
    byId("understood").replaceChildren(...facts(current.policy));
  }

  // Closes the section "How the policy is read" while there are errors: they need the space, and the section would show
  // another policy than the text.
  #fold(hadErrors, hasErrors) {
    const understanding = byId("understanding");
    if (hasErrors && !hadErrors) {
      this.#wasOpen = understanding.open;
      understanding.open = false;
    } else if (hadErrors && !hasErrors) {
      understanding.open ||= this.#wasOpen;
    }
  }

  #error({ message: text, line }) {
    if (line === null) {
      return message("error", text);
    }
    const button = element("button", { type: "button", title: `Select line ${line}` }, text);
    button.addEventListener("click", () => {
      const lines = this.#area.value.split("\n");
      const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
      this.#area.focus();
      this.#area.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
    });
    return message("error", button);
  }

  #replaceText(text) {
    this.#area.value = text;
    this.#markPreset();
    this.#apply(true);
  }

  // Marks the button of the text that is in the editor.
  #markPreset() {
    const known = this.#presets.some(({ text }) => text === this.#area.value);
    for (const { button, text } of this.#presets) {
      const isOwn = text === null;
      button.hidden = isOwn && this.#ownText === null;
      button.ariaPressed = String(isOwn ? !known && this.#ownText === this.#area.value : text === this.#area.value);
    }
  }

  async #apply(isForced) {
    clearTimeout(this.#timer);
    // One request at a time, so that the last text is applied last.
    this.#next = { text: this.#area.value, isForced: isForced || this.#next?.isForced };
    if (this.#isSending) {
      return;
    }
    this.#isSending = true;
    // The server may need a while to check a regex.
    const progress = setTimeout(() => (byId("applied").textContent = "Applying …"), TYPING_DELAY);
    try {
      while (this.#next) {
        const { text, isForced } = this.#next;
        this.#next = null;
        const sent = fetch("control/policy", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ text }),
        });
        const response = await sent.catch(() => undefined);
        if (!response) {
          this.#next = null;
          const command = element("code", {}, "cargo run --example playground");
          this.#fail("the server does not respond. Is ", command, " still running?");
          this.onServerDown();
          return;
        }
        if (!response.ok) {
          throw new Error(`the server responds ${response.status}: ${await response.text()}`);
        }
        const { current, errors } = await response.json();
        if (!this.#next) {
          this.show(current, errors);
        }
        this.onApplied(current, isForced && errors.length === 0);
      }
    } catch (error) {
      this.#fail(error.message);
    } finally {
      clearTimeout(progress);
      this.#isSending = false;
    }
  }

  #fail(...why) {
    const applied = byId("applied");
    applied.dataset.good = false;
    applied.replaceChildren("Not applied: ", ...why);
  }
}

function message(kind, content) {
  const item = element("li", {}, content);
  item.dataset.kind = kind;
  return item;
}

function list(target, items) {
  target.hidden = items.length === 0;
  target.replaceChildren(...items);
}

// A policy as text: each line has a name and a value. A line without a name continues the value above it.
function facts(policy) {
  const NAME = 24;
  const items = [];
  for (const line of policy.split("\n")) {
    const [name, value] = [line.slice(0, NAME).trim(), line.slice(NAME)];
    if (name) {
      items.push(element("dt", {}, name), element("dd", {}, value));
    } else {
      items.at(-1).append("\n", value);
    }
  }
  return items;
}
