// Finds customers, pages, figures, tables, saved views and settings: a dialog that opens by its buttons and by the key
// "/", filters as one types, and says what was chosen. What can be found is asked for once, when it first opens.

const SHOWN = 100 // customers, where nothing else is found
const SHOWN_BESIDES = 12 // customers, beside other finds
const SHOWN_OF_KIND = 5
const WEAK = 4 // from this rank on only a part of a word fits, or another text
const lists = new Map() // version → customers and entries with the text that is searched
let matches = []
let rows = []
let active = 0

const fold = (text) =>
  text.toLocaleLowerCase("nb").replace(/ø/g, "o").replace(/æ/g, "ae").normalize("NFD").replace(/[\u0300-\u036f]/g, "")
const wordsOf = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean)

function prepareCustomer([id, name, organisation, agreements, isKnown]) {
  const numbers = [id, organisation.replace(/\s/g, ""), ...agreements].filter(Boolean).map(fold)
  const folded = fold(name)
  return { id, name, organisation, agreements, isKnown, numbers, folded, text: [folded, ...numbers].join(" ") }
}

function prepareEntry({ key, title, detail, words }) {
  const phrases = [title, ...words].map(wordsOf)
  return { key, title, detail, phrases, named: phrases.flat(), said: wordsOf(detail) }
}

// How well a customer fits, the least best; null where it doesn't. Customers without an agreement come last.
function rankCustomer(customer, words, joined) {
  const numbers = customer.numbers
  let found = null
  if (numbers.includes(joined)) found = 0
  else if (numbers.some((number) => number.startsWith(joined))) found = 2
  else if (words.every((word) => customer.text.includes(word))) {
    if (customer.folded.startsWith(words[0])) found = 1
    else found = words.every((word) => ` ${customer.text}`.includes(` ${word}`)) ? 3 : WEAK
  }
  return found === null ? null : found + (customer.isKnown ? 0 : 10)
}

// The same of a page, figure, table, view or setting. The order of the words doesn't matter, their beginnings do.
function rankEntry({ phrases, named, said }, words) {
  const begins = (tokens) => words.every((word) => tokens.some((token) => token.startsWith(word)))
  if (begins(phrases[0]) && phrases[0][0]?.startsWith(words[0])) return 0
  if (phrases.some((phrase) => begins(phrase) && phrase.length <= words.length)) return 1
  if (phrases.some(begins)) return 2
  const holds = (tokens) => words.every((word) => tokens.some((token) => isIn(word, token)))
  if (begins(named) || holds(phrases[0])) return 3
  if (holds(named)) return WEAK
  return begins([...named, ...said]) ? WEAK + 1 : null
}

// A compound is found by its last part too: "risiko" in "fornyelsesrisiko".
const isIn = (word, token) => token.startsWith(word) || (word.length > 3 && token.includes(word))

// Whether one letter is missing, too many, wrong, or two have changed places.
function isNear(word, token) {
  if (word.length < 5) return token.startsWith(word)
  return [-1, 0, 1].some((more) => hasOneSlip(word, token.slice(0, word.length + more)))
}

function hasOneSlip(one, other) {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  const is = (from, to) => one.slice(at + from) === other.slice(at + to)
  return is(1, 1) || is(1, 0) || is(0, 1) || (one[at] === other[at + 1] && one[at + 1] === other[at] && is(2, 2))
}

function ranked(all, rank) {
  return all
    .map((each) => [rank(each), each])
    .filter(([found]) => found !== null)
    .sort(([one], [other]) => one - other) // stable: within a rank in the order given
}

function findEntries(entries, words, ignored, areCustomersFound) {
  const telling = words.filter((word) => !ignored.has(word))
  const asked = telling.length ? telling : words
  const found = ranked(entries, (entry) => rankEntry(entry, asked))
  const strong = found.filter(([rank]) => rank < WEAK)
  if (found.length || areCustomersFound) return strong.length ? strong : found
  return findNear(entries, asked)
}

// Where nothing fits: what has most of the words, at least half of them, a slip allowed in each.
function findNear(entries, words) {
  const missing = ({ named }) => words.filter((word) => !named.some((token) => isNear(word, token))).length
  const found = ranked(entries, missing)
  const least = found.length ? found[0][0] : 0
  return least * 2 <= words.length && least < words.length ? found.filter(([count]) => count === least) : []
}

// Groups of what fits, as { kind, all, items }: customers first where they fit well, else after the others.
function search({ customers, entries }, query, ignored, kinds) {
  const words = fold(query).split(/\s+/).filter(Boolean)
  const joined = words.join("")
  if (!words.length) return [{ kind: "customer", all: customers.length, items: customers.slice(0, SHOWN) }]
  const fitting = ranked(customers, (customer) => rankCustomer(customer, words, joined))
  const others = findEntries(entries, wordsOf(query), ignored, fitting.length > 0)
  const groups = kinds.map((kind) => {
    const items = others.map(([, entry]) => entry).filter(({ key }) => key.startsWith(`${kind}:`))
    return { kind, all: items.length, items: items.slice(0, SHOWN_OF_KIND) }
  })
  const most = others.length ? SHOWN_BESIDES : SHOWN
  const found = { kind: "customer", all: fitting.length, items: fitting.slice(0, most).map(([, customer]) => customer) }
  const areFirst = fitting.length && fitting[0][0] % 10 < WEAK
  return (areFirst ? [found, ...groups] : [...groups, found]).filter(({ all }) => all)
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

function element(kind, text, attributes = {}) {
  const made = document.createElement(kind)
  made.append(text)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  return made
}

export default function ({ parentElement, data, setTriggerValue }) {
  const dialog = parentElement.querySelector("dialog")
  const input = dialog.querySelector("input")
  const list = dialog.querySelector("[role=listbox]")
  const status = dialog.querySelector("p")
  const labels = data.labels
  const ignored = new Set(labels.ignored.map(fold))
  const kinds = Object.keys(labels.groups).filter((kind) => kind !== "customer")
  if (data.customers) {
    lists.clear()
    lists.set(data.version, {
      customers: data.customers.map(prepareCustomer),
      entries: data.entries.map(prepareEntry),
    })
  }
  parentElement.querySelector(".finder-label").textContent = labels.find
  input.placeholder = labels.placeholder
  input.setAttribute("aria-label", labels.find)
  dialog.setAttribute("aria-label", labels.find)
  list.setAttribute("aria-label", labels.find)

  function draw() {
    const known = lists.get(data.version)
    const groups = known ? search(known, input.value, ignored, kinds) : []
    matches = []
    list.replaceChildren(...groups.map((group) => drawn(group)))
    rows = [...list.querySelectorAll("[role=option]")]
    active = Math.min(active, Math.max(rows.length - 1, 0))
    mark()
    const customers = groups.find(({ kind }) => kind === "customer")
    if (!known) status.textContent = labels.loading
    else if (!matches.length) status.textContent = labels.none
    else if (groups.length > 1 || !customers)
      status.textContent = labels.mixed.replace("{count}", groups.reduce((sum, { all }) => sum + all, 0))
    else {
      const text = customers.all > SHOWN ? labels.more : customers.all === 1 ? labels.one : labels.many
      status.textContent = text.replace("{count}", customers.all.toLocaleString(labels.locale))
    }
  }

  function drawn({ kind, all, items }) {
    const title = all > items.length ? `${labels.groups[kind]} (${all})` : labels.groups[kind]
    const group = element("div", element("div", title, { class: "finder-group", "aria-hidden": "true" }), {
      role: "group",
      "aria-label": title,
    })
    for (const item of items) {
      const row = element("div", item.name ?? item.title, { role: "option", id: `finder-${matches.length}` })
      row.dataset.at = matches.length
      row.append(element("small", item.key ? item.detail : details(item, input.value, labels)))
      group.append(row)
      matches.push(item.key ?? `customer:${item.id}`)
    }
    return group
  }

  function mark() {
    for (const row of rows) row.setAttribute("aria-selected", String(Number(row.dataset.at) === active))
    const row = rows[active]
    if (row) {
      input.setAttribute("aria-activedescendant", row.id)
      if (active === 0) list.scrollTop = 0 // with its group's title
      else row.scrollIntoView({ block: "nearest" })
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
    if (!matches[at]) return
    dialog.close()
    setTriggerValue("chosen", matches[at])
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
    const last = rows.length - 1
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
    const row = event.target.closest("[role=option]")
    if (row) choose(Number(row.dataset.at))
  })
  on(dialog, "click", (event) => {
    if (event.target === dialog) dialog.close() // beside it
  })

  if (dialog.open) draw()
  return () => listeners.abort()
}
