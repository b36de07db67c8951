// Finds a customer: a dialog that opens by its buttons and by the key "/", filters as one types, and says which
// customer was chosen. The customers are asked for once, when the dialog first opens.

const SHOWN = 100
const lists = new Map() // version → the customers with the text that is searched
let current = null // what the newest run of the script handed over
let matches = []
let active = 0

const fold = (text) =>
  text.toLocaleLowerCase("nb").normalize("NFD").replace(/[\u0300-\u036f]/g, "")

function prepare([id, name, organisation, agreements, isKnown]) {
  const numbers = [id, organisation.replace(/\s/g, ""), ...agreements].filter(Boolean).map(fold)
  const folded = fold(name)
  return { id, name, organisation, agreements, isKnown, numbers, folded, text: [folded, ...numbers].join(" ") }
}

// How well a customer fits, the least best; null where it doesn't. Customers without an agreement come last.
function rank(customer, words, joined) {
  const numbers = customer.numbers
  let found = null
  if (numbers.includes(joined)) found = 0
  else if (numbers.some((number) => number.startsWith(joined))) found = 2
  else if (words.every((word) => customer.text.includes(word))) {
    if (customer.folded.startsWith(words[0])) found = 1
    else found = words.every((word) => ` ${customer.text}`.includes(` ${word}`)) ? 3 : 4
  }
  return found === null ? null : found + (customer.isKnown ? 0 : 10)
}

function search(customers, query) {
  const words = fold(query).split(/\s+/).filter(Boolean)
  if (!words.length) return customers
  const joined = words.join("")
  return customers
    .map((customer) => [rank(customer, words, joined), customer])
    .filter(([found]) => found !== null)
    .sort(([one], [other]) => one - other) // stable: within a rank by name
    .map(([, customer]) => customer)
}

function details(customer, query, labels) {
  const joined = fold(query).replace(/\s/g, "")
  const meant = customer.agreements.find((each) => joined && fold(each).includes(joined))
  const agreement = meant ?? customer.agreements[0]
  const more = customer.agreements.length - 1
  return [
    labels.customer.replace("{number}", customer.id),
    customer.organisation && labels.organisation.replace("{number}", customer.organisation),
    agreement ? labels.agreement.replace("{number}", agreement) + (more > 0 ? ` +${more}` : "") : labels.unknown,
  ].filter(Boolean).join(" · ")
}

export default function ({ parentElement, data, setTriggerValue }) {
  const dialog = parentElement.querySelector("dialog")
  const input = dialog.querySelector("input")
  const list = dialog.querySelector("ul")
  const status = dialog.querySelector("p")
  const labels = data.labels
  if (data.customers) {
    lists.clear()
    lists.set(data.version, data.customers.map(prepare))
  }
  current = { data, setTriggerValue }
  parentElement.querySelector(".finder-label").textContent = labels.find
  input.placeholder = labels.placeholder
  input.setAttribute("aria-label", labels.find)
  dialog.setAttribute("aria-label", labels.find)
  list.setAttribute("aria-label", labels.find)

  function draw() {
    const customers = lists.get(data.version)
    matches = customers ? search(customers, input.value) : []
    active = Math.min(active, Math.max(Math.min(matches.length, SHOWN) - 1, 0))
    list.replaceChildren(...matches.slice(0, SHOWN).map((customer, at) => {
      const row = document.createElement("li")
      row.id = `finder-${at}`
      row.setAttribute("role", "option")
      row.dataset.at = at
      row.append(customer.name)
      const small = document.createElement("small")
      small.textContent = details(customer, input.value, labels)
      row.append(small)
      return row
    }))
    mark()
    if (!customers) status.textContent = labels.loading
    else if (!matches.length) status.textContent = labels.none
    else {
      const text = matches.length > SHOWN ? labels.more : matches.length === 1 ? labels.one : labels.many
      status.textContent = text.replace("{count}", matches.length.toLocaleString(labels.locale))
    }
  }

  function mark() {
    for (const row of list.children) row.setAttribute("aria-selected", String(Number(row.dataset.at) === active))
    const row = list.children[active]
    if (row) {
      input.setAttribute("aria-activedescendant", row.id)
      row.scrollIntoView({ block: "nearest" })
    } else input.removeAttribute("aria-activedescendant")
  }

  function open() {
    if (dialog.open) return
    input.value = ""
    active = 0
    dialog.showModal()
    input.focus()
    if (!lists.has(data.version)) setTriggerValue("wanted", data.version)
    draw()
  }

  function choose(at) {
    const customer = matches[at]
    if (!customer) return
    dialog.close()
    setTriggerValue("chosen", customer.id)
  }

  const isEditable = (node) =>
    node?.closest?.("input, textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox]")

  const listeners = new AbortController()
  const on = (node, kind, handle, options = {}) =>
    node.addEventListener(kind, handle, { ...options, signal: listeners.signal })
  parentElement.finderListeners?.abort() // the script ran again: what it handed over before is old
  parentElement.finderListeners = listeners

  on(document, "keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (isEditable(event.target) || document.querySelector("dialog[open], [role=dialog]")) return
    event.preventDefault()
    event.stopPropagation()
    open()
  }, { capture: true })
  on(document, "click", (event) => {
    if (event.target.closest?.("[data-find]")) open()
  })
  on(input, "input", () => {
    active = 0
    draw()
  })
  on(input, "keydown", (event) => {
    const last = Math.min(matches.length, SHOWN) - 1
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + 8, PageUp: active - 8 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      active = Math.max(0, Math.min(last, to))
      mark()
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault()
      choose(active)
    }
    event.stopPropagation() // Streamlit's own keys: R runs the page again, C clears its cache
  })
  on(list, "click", (event) => {
    const row = event.target.closest("li")
    if (row) choose(Number(row.dataset.at))
  })
  on(dialog, "click", (event) => {
    if (event.target === dialog) dialog.close() // beside it
  })

  if (dialog.open) draw()
  return () => listeners.abort()
}
