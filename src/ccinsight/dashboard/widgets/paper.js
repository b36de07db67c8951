// The bar above a page for paper: a button that opens the print dialog once charts are drawn, and the way back.

export default function ({ data, parentElement }) {
  const bar = parentElement.querySelector(".paper-bar")
  const [button, link, hint] = ["button", "a", "span"].map((name) => bar.querySelector(name))
  button.textContent = data.print
  button.onclick = () => window.print()
  link.textContent = data.back
  link.href = data.address
  link.target = "_self"
  hint.textContent = data.hint
}
