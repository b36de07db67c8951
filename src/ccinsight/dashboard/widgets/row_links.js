// Enter in a row of a grid does what a click on the row's customer does. The grid is a canvas: the cell in focus is a
// cell of the table inside it, which a screen reader reads, and which follows the keys a fifth of a second later.

const CELL = "td[role=gridcell]"
const LAG = 300 // milliseconds

export default function ({ parentElement, data, setTriggerValue }) {
  const hint = parentElement.querySelector(".row-links")
  const container = hint.closest("[data-testid=stElementContainer]")
  let movedAt = -LAG

  const isOurs = (element) => container.previousElementSibling?.contains(element) && element.closest("canvas")
  const focused = () => (isOurs(document.activeElement) ? document.activeElement.closest(CELL) : null)

  function linkOf(cell) {
    const column = cell.getAttribute("aria-colindex")
    const heading = cell.closest("table").querySelector(`th[aria-colindex="${column}"]`)?.textContent
    return data.links.includes(heading) ? heading : data.wholeRow
  }

  function open() {
    const cell = focused()
    if (cell && linkOf(cell)) setTriggerValue("opened", { link: linkOf(cell), row: Number(cell.id.split("-").at(-1)) })
  }

  const listeners = new AbortController()
  const on = (kind, handle) => document.addEventListener(kind, handle, { capture: true, signal: listeners.signal })
  parentElement.rowListeners?.abort() // the script ran again: what it handed over before is old
  parentElement.rowListeners = listeners

  on("keydown", (event) => {
    if (!isOurs(event.target)) return
    if (event.key !== "Enter" || event.isComposing) {
      movedAt = performance.now()
      return
    }
    const cell = focused()
    if (!data.wholeRow && !(cell && linkOf(cell))) return // Enter edits the cell
    event.preventDefault()
    event.stopPropagation()
    setTimeout(open, Math.max(0, movedAt + LAG - performance.now()))
  })
  on("focusin", (event) => {
    hint.textContent = isOurs(event.target) ? data.hint : ""
  })
  return () => listeners.abort()
}
