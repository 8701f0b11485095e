// Text that is smaller than 12 px or has less contrast than 4.5:1, controls whose border has less contrast than 3:1,
// controls without a name, and cells that are too small for their text.

const channels = (color) => {
  const [r, g, b, alpha = 1] = color.match(/[\d.]+/g).map(Number);
  return { rgb: [r, g, b], alpha };
};
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const { rgb, alpha } = channels(getComputedStyle(at).backgroundColor);
    if (alpha === 1) {
      return rgb;
    }
  }
  return [255, 255, 255];
};
const isShown = (element) => element.checkVisibility() && !element.disabled && element.getClientRects().length > 0
  && getComputedStyle(element.closest("#matrix") ?? element).opacity === "1";
const name = (element) => `${element.tagName} ${element.id} ${element.className} ${element.textContent.slice(0, 30).trim()}`;
const found = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (!texts.currentNode.textContent.trim() || !isShown(element)) {
    continue;
  }
  const style = getComputedStyle(element);
  if (parseFloat(style.fontSize) < 12) {
    found.push(`${style.fontSize}: ${name(element)}`);
  }
  const ratio = contrast(channels(style.color).rgb, behind(element));
  if (ratio < 4.5) {
    found.push(`text ${ratio.toFixed(2)}: ${name(element)}`);
  }
}
for (const control of document.querySelectorAll("button:not(.message), textarea")) {
  if (!isShown(control)) {
    continue;
  }
  const style = getComputedStyle(control);
  const ratio = contrast(channels(style.borderTopColor).rgb, behind(control.parentElement));
  if (parseFloat(style.borderTopWidth) < 1 || ratio < 3) {
    found.push(`border ${ratio.toFixed(2)}: ${name(control)}`);
  }
  if (!control.ariaLabel && !control.textContent.trim() && !control.getAttribute("aria-labelledby")) {
    found.push(`no name: ${name(control)}`);
  }
}
for (const cell of document.querySelectorAll("#matrix th[scope=col], #matrix td button")) {
  if (cell.scrollWidth > cell.clientWidth) {
    found.push(`too wide: ${name(cell)}`);
  }
}
return found;
