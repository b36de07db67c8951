// Enter in a row of a grid does what a click on the row's customer does. The grid is a canvas: the cell in focus is a
// cell of the table inside it, which a screen reader reads.

const CELL = "td[role=gridcell]"

export default function ({ parentElement, data, setTriggerValue }) {
  const hint = parentElement.querySelector(".row-links")
  const container = hint.closest("[data-testid=stElementContainer]")

  function cellOf(event) {
    const cell = event.target.closest?.(CELL)
    return cell && container.previousElementSibling?.contains(cell) ? cell : null
  }

  const listeners = new AbortController()
  const on = (kind, handle) => document.addEventListener(kind, handle, { capture: true, signal: listeners.signal })
  parentElement.rowListeners?.abort() // the script ran again: what it handed over before is old
  parentElement.rowListeners = listeners

  on("keydown", (event) => {
    const cell = event.key === "Enter" && !event.isComposing && cellOf(event)
    if (!cell) return
    const column = cell.getAttribute("aria-colindex")
    const heading = cell.closest("table").querySelector(`th[aria-colindex="${column}"]`)?.textContent
    const link = data.links.includes(heading) ? heading : data.wholeRow
    if (!link) return
    event.preventDefault()
    event.stopPropagation()
    setTriggerValue("opened", { link, row: Number(cell.id.split("-").at(-1)) })
  })
  on("focusin", (event) => {
    hint.textContent = cellOf(event) ? data.hint : ""
  })
  return () => listeners.abort()
}
