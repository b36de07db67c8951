// Where a click takes away what had the keyboard's focus, the browser begins at the page's start again. The focus goes
// to the first of the parts named that is there, and again where drawing on takes that part away too.

const PATIENCE = 5000 // milliseconds
const FIRST_ONLY = 2500 // so long the first part may be on its way
const STEP = 50
let done = ""

const isLost = () => !document.activeElement || document.activeElement === document.body

function focus(element) {
  const { top, bottom } = element.getBoundingClientRect()
  element.focus({ preventScroll: bottom > 0 && top < innerHeight })
}

export default function ({ data }) {
  if (!data.token || data.token === done) return
  done = data.token
  const since = performance.now()
  const attempt = () => {
    if (done !== data.token) return
    const waited = performance.now() - since
    const targets = waited < FIRST_ONLY ? data.targets.slice(0, 1) : data.targets
    const found = isLost() && targets.map((each) => document.querySelector(each)).find(Boolean)
    if (found) focus(found)
    if (waited < PATIENCE) setTimeout(attempt, STEP)
  }
  attempt()
}
