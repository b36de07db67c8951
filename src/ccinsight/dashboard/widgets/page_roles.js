// Streamlit's navigation is a list whose items lie in divisions, which no list may have, and whose headings open and
// close by a click alone. The list becomes named groups of links, the headings buttons that the keyboard reaches.
// The theme's colour scheme, which Streamlit gives to the page alone, holds for lists and dialogs above it too.

const HEADING = "[data-testid=stNavSectionHeader]"
let observer = null

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value)
  }
}

// The buttons of month and year are named "month" and "year" alone; without that, by what they show.
function mendCalendar() {
  for (const button of document.querySelectorAll("[data-testid=stDateInputCalendar] button[aria-haspopup=listbox]")) {
    button.removeAttribute("aria-label")
    button.removeAttribute("aria-labelledby")
  }
}

function mend() {
  const app = document.querySelector("[data-testid=stApp]")
  if (app) document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme
  mendCalendar()
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

export default function () {
  mend()
  if (observer) return
  observer = new MutationObserver(mend)
  observer.observe(document.body, { subtree: true, childList: true })
  document.addEventListener("keydown", pressed)
}
