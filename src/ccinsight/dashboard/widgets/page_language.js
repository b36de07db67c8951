// Sets the page's language, translates the texts that Streamlit writes in English, and takes its sorting out of the
// menu of a column: ours puts unknown values last.

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
const SORTS = ["Sort ascending", "Sort descending"]
let shown = { language: "en", texts: {}, beginnings: {} }
let observer = null

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
  if (root.nodeType !== Node.ELEMENT_NODE) return
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
  for (let node = root; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) translateText(node)
    else translateAttributes(node)
  }
}

const reversed = (pairs) => Object.fromEntries(Object.entries(pairs).map(([english, text]) => [text, english]))

function changed(records) {
  for (const record of records) {
    if (record.type === "attributes") translateAttributes(record.target)
    else if (record.type === "characterData") translateText(record.target)
    else record.addedNodes.forEach(translate)
  }
}

export default function ({ data }) {
  document.documentElement.lang = data.language
  if (shown.language !== data.language) {
    shown = { language: "en", texts: reversed(shown.texts), beginnings: reversed(shown.beginnings) }
    translate(document.body)
  }
  shown = data
  translate(document.body)
  if (observer) return
  observer = new MutationObserver(changed)
  observer.observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ATTRIBUTES,
  })
}
