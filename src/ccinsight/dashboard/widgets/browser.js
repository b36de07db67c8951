// What the browser does for every page beside Streamlit. It sets the page's language and translates the texts that
// Streamlit writes in English; it takes Streamlit's sorting out of the menu of a column, for ours puts unknown values
// last; it mends the navigation for keyboards and screen readers; it lets charts fit a sheet that is printed.

const ATTRIBUTES = ["aria-label", "placeholder", "title"]
// Texts are translated in Streamlit's own parts alone: a cell of ours may hold the same word.
const PARTS = [
  "[role=menuitem]",
  "[role=tooltip]",
  "[data-testid=stTooltipContent]",
  "[data-testid=InputInstructions]",
  "[data-testid=stFileUploader]",
  "[data-testid=stDataFrameColumnMenu]",
  "[data-testid=stDateInputCalendar]",
  "[data-testid=stSkipToContent]",
  "[data-testid=stSelectboxVirtualDropdownEmpty]",
  "[data-baseweb=popover]",
].join(",")
// Marks of charts and cells of grids are many, and all our own.
const OURS = ".main-svg, canvas"
const SORTS = ["Sort ascending", "Sort descending"]
let shown = { language: "en", texts: {}, beginnings: {} }
let isWatching = false
let isWaiting = false

function translated(text, { texts, beginnings }) {
  if (Object.hasOwn(texts, text)) return texts[text]
  const start = Object.keys(beginnings).find((each) => text.startsWith(each))
  return start ? beginnings[start] + text.slice(start.length) : text
}

function translateAttributes(element) {
  for (const name of ATTRIBUTES) {
    const text = element.getAttribute(name)
    const better = text && translated(text, shown)
    if (better && better !== text) element.setAttribute(name, better)
  }
}

function translateText(node) {
  const part = node.parentElement?.closest(PARTS)
  const text = part && node.nodeValue.trim()
  if (!text) return
  if (SORTS.includes(text) && part.matches("[role=menuitem]")) part.style.display = "none"
  const better = translated(text, shown)
  if (better !== text) node.nodeValue = better
}

function translate(root) {
  if (root.nodeType === Node.TEXT_NODE) return translateText(root)
  if (root.nodeType !== Node.ELEMENT_NODE || root.closest(OURS)) return
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
  for (let node = root; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) translateText(node)
    else translateAttributes(node)
  }
}

const reversed = (pairs) => Object.fromEntries(Object.entries(pairs).map(([english, text]) => [text, english]))

function changed(records) {
  if (records.some((record) => record.type === "childList")) mendSoon()
  for (const record of records) {
    if (record.type === "attributes") translateAttributes(record.target)
    else if (record.type === "characterData") translateText(record.target)
    else record.addedNodes.forEach(translate)
  }
}

// Streamlit's navigation is a list whose items lie in divisions, which no list may have, and whose headings open and
// close by a click alone. The list becomes named groups of links, the headings buttons that the keyboard reaches.
const HEADING = "[data-testid=stNavSectionHeader]"

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value)
  }
}

function mendNavigation() {
  const list = document.querySelector("[data-testid=stSidebarNavItems]")
  const sections = list ? [...list.children].filter((each) => each.querySelector(`:scope > ${HEADING}`)) : []
  if (!sections.length) return
  set(list, { role: "none" })
  for (const section of sections) {
    const heading = section.querySelector(HEADING)
    const links = section.querySelectorAll("li")
    set(section, { role: "group", "aria-label": heading.querySelector("p")?.textContent ?? "" })
    set(heading, { role: "button", tabindex: "0", "aria-expanded": String(links.length > 0) })
    links.forEach((link) => set(link, { role: "none" }))
  }
}

function pressed(event) {
  if (!["Enter", " "].includes(event.key) || !event.target.matches?.(HEADING)) return
  event.preventDefault()
  event.target.click()
}

// The buttons of month and year are named "month" and "year" alone; without that, by what they show.
function mendCalendar() {
  for (const button of document.querySelectorAll("[data-testid=stDateInputCalendar] button[aria-haspopup=listbox]")) {
    button.removeAttribute("aria-label")
    button.removeAttribute("aria-labelledby")
  }
}

// The theme's colour scheme, which Streamlit gives to the page alone, holds for lists and dialogs above it too.
function mendColours() {
  const app = document.querySelector("[data-testid=stApp]")
  if (app) document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme
}

// Once before the browser draws, however often the page changes until then: it works out every style to tell the theme.
function mendSoon() {
  if (isWaiting) return
  isWaiting = true
  requestAnimationFrame(() => {
    isWaiting = false
    mendColours()
    mendCalendar()
    mendNavigation()
  })
}

// A chart keeps the width with which it was drawn, and a sheet would cut it: with Ctrl+P it is made smaller instead.
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

export default function ({ data }) {
  document.documentElement.lang = data.language
  if (isWatching && shown.language === data.language) return // what has come since was mended as it came
  if (shown.language !== data.language) {
    shown = { language: "en", texts: reversed(shown.texts), beginnings: reversed(shown.beginnings) }
    translate(document.body)
  }
  shown = data
  translate(document.body)
  mendSoon()
  if (isWatching) return
  isWatching = true
  new MutationObserver(changed).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ATTRIBUTES,
  })
  document.addEventListener("keydown", pressed)
  addEventListener("beforeprint", fit)
  addEventListener("afterprint", restore)
}
