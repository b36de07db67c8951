// A chart keeps the width with which it was drawn, and a sheet would cut it: with Ctrl+P it is made smaller instead.

let listens = false

const drawings = () => document.querySelectorAll(".js-plotly-plot .main-svg[width]")

function fit() {
  for (const each of drawings()) {
    if (each.hasAttribute("viewBox")) continue
    each.setAttribute("viewBox", `0 0 ${each.getAttribute("width")} ${each.getAttribute("height")}`)
    each.dataset.fitted = ""
  }
}

function restore() {
  for (const each of drawings()) {
    if ("fitted" in each.dataset) each.removeAttribute("viewBox")
    delete each.dataset.fitted
  }
}

export default function () {
  if (listens) return
  listens = true
  addEventListener("beforeprint", fit)
  addEventListener("afterprint", restore)
}
