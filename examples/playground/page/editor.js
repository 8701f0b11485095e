// The text of the policy: what is typed is applied by the server, one text after the other.

import { element } from "./matrix.js";

// After the last key.
const PAUSE = 400;

const byId = (id) => document.getElementById(id);

export class Editor {
  #area = byId("policy");
  #presets;
  #own = null;
  #timer;
  #isSending = false;
  #next = null;
  #inForce;
  #mistakes = [];
  // Whether the policy's reading was unfolded before there were mistakes.
  #wasOpen = false;

  // `onApplied` gets what is in force after each attempt, and whether the matrix is to be asked anew in any case;
  // `onSilence` is called when the server does not answer.
  constructor(presets, inForce, onApplied, onSilence) {
    this.onApplied = onApplied;
    this.onSilence = onSilence;
    this.#presets = [...presets, { name: "Your text", text: null }].map((preset) => {
      const button = element("button", { type: "button" }, preset.name);
      button.hidden = preset.text === null;
      button.addEventListener("click", () => this.#take(preset.text ?? this.#own));
      byId("presets").append(button);
      return { button, text: preset.text };
    });
    this.#area.addEventListener("input", () => {
      this.#own = this.#area.value;
      this.#press();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#apply(false), PAUSE);
    });
    this.#area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#apply(true);
      }
    });
    byId("restore").addEventListener("click", () => {
      this.#take(this.#inForce.text);
      this.#area.focus();
    });
    this.#area.value = inForce.text;
    this.show(inForce, []);
  }

  // Another page of the playground has put another policy in force. A text that is being edited here stays.
  adopt(inForce) {
    if (this.#area.value === this.#inForce.text) {
      this.#area.value = inForce.text;
    }
    this.show(inForce, this.#mistakes);
  }

  show(inForce, mistakes) {
    this.#fold(this.#mistakes.length > 0, mistakes.length > 0);
    this.#inForce = inForce;
    this.#mistakes = mistakes;
    this.#press();
    const count = mistakes.length;
    const isGood = count === 0;
    const applied = byId("applied");
    applied.dataset.good = isGood;
    applied.textContent = isGood
      ? `Applied (revision ${inForce.revision}).`
      : `Not applied: ${count === 1 ? "1 error" : `${count} errors`}. The table still shows revision ` +
        `${inForce.revision}, the last good policy.`;
    this.#area.ariaInvalid = isGood ? "false" : "true";
    byId("restore").hidden = isGood;
    list(byId("errors"), mistakes.map((mistake) => this.#mistake(mistake)));
    // Warnings are of the policy in force, which is not the one in the text if that has errors.
    list(byId("warnings"), isGood ? inForce.warnings.map((text) => message("warning", text)) : []);
    byId("understood").replaceChildren(...facts(inForce.policy));
  }

  // Errors need the room, and the policy that is read is not the one in the text.
  #fold(hadMistakes, hasMistakes) {
    const understanding = byId("understanding");
    if (hasMistakes && !hadMistakes) {
      this.#wasOpen = understanding.open;
      understanding.open = false;
    } else if (hadMistakes && !hasMistakes) {
      understanding.open ||= this.#wasOpen;
    }
  }

  #mistake({ message: text, line }) {
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

  #take(text) {
    this.#area.value = text;
    this.#press();
    this.#apply(true);
  }

  // Which of the texts to start from stands there.
  #press() {
    const known = this.#presets.some(({ text }) => text === this.#area.value);
    for (const { button, text } of this.#presets) {
      const isOwn = text === null;
      button.hidden = isOwn && this.#own === null;
      button.ariaPressed = String(isOwn ? !known && this.#own === this.#area.value : text === this.#area.value);
    }
  }

  async #apply(isAsked) {
    clearTimeout(this.#timer);
    // One at a time, so that the last text is the last to be applied.
    this.#next = { text: this.#area.value, isAsked: isAsked || this.#next?.isAsked };
    if (this.#isSending) {
      return;
    }
    this.#isSending = true;
    // To check a regex may take a while.
    const patience = setTimeout(() => (byId("applied").textContent = "Applying …"), PAUSE);
    try {
      while (this.#next) {
        const { text, isAsked } = this.#next;
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
          this.#fail("the server does not answer. Is ", command, " still running?");
          this.onSilence();
          return;
        }
        if (!response.ok) {
          throw new Error(`the server answers ${response.status}: ${await response.text()}`);
        }
        const { in_force, mistakes } = await response.json();
        if (!this.#next) {
          this.show(in_force, mistakes);
        }
        this.onApplied(in_force, isAsked && mistakes.length === 0);
      }
    } catch (error) {
      this.#fail(error.message);
    } finally {
      clearTimeout(patience);
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

// A policy in lines: a name, and after it a value, which may go on below it.
function facts(policy) {
  const NAME = 24;
  const made = [];
  for (const line of policy.split("\n")) {
    const [name, value] = [line.slice(0, NAME).trim(), line.slice(NAME)];
    if (name) {
      made.push(element("dt", {}, name), element("dd", {}, value));
    } else {
      made.at(-1).append("\n", value);
    }
  }
  return made;
}
