// Pictures from levels of 0 to 255: channels one after another, three of them in colour, others as grey planes one below another.
import { h } from "./dom.js";

export function levels(text) { return text ? Uint8Array.from(atob(text), letter => letter.charCodeAt(0)) : new Uint8Array(); }

const planes = form => form.channels === 3 ? 1 : form.channels;

function paint(context, values, form, index, left, top) {
  const { height, width, channels } = form, size = height * width, start = index * size * channels, image = context.createImageData(width, height * planes(form));
  for (let i = 0; i < size * planes(form); i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = values[start + i + (channels === 3 ? c * size : 0)];
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, left, top);
}

/** One picture, drawn again by show(levels). */
export function picture(label) {
  const canvas = h("canvas", { class: "picture", role: "img", "aria-label": label, width: 1, height: 1 });
  return {
    element: h("figure", {}, canvas, h("figcaption", {}, label)),
    show(values, form) {
      if (!values?.length) return;
      canvas.width = form.width;
      canvas.height = form.height * planes(form);
      paint(canvas.getContext("2d"), values, form, 0, 0, 0);
    },
  };
}

/** Pictures in a row, which breaks where the page is narrow. */
export function strip(label) {
  const canvas = h("canvas", { class: "strip", role: "img", "aria-label": label, width: 1, height: 1 }), element = h("figure", {}, h("figcaption", {}, label), canvas);
  return {
    element,
    clear() {
      element.hidden = true;
      canvas.width = canvas.height = 1;
    },
    show(values, form) {
      element.hidden = false;
      const count = Math.floor(values.length / (form.height * form.width * form.channels)), scale = Math.max(1, Math.round(56 / form.width)), gap = 2;
      const wide = Math.max(1, Math.min(count, Math.floor((document.getElementById("main").clientWidth - 30) / (form.width * scale + gap)))), lines = Math.ceil(count / wide);
      const [cellWidth, cellHeight] = [form.width + gap, form.height * planes(form) + gap];
      canvas.width = wide * cellWidth - gap;
      canvas.height = lines * cellHeight - gap;
      canvas.style.width = `${canvas.width * scale}px`;
      const context = canvas.getContext("2d");
      for (let i = 0; i < count; i++) paint(context, values, form, i, i % wide * cellWidth, Math.floor(i / wide) * cellHeight);
    },
  };
}
