"""Data: what was imported when, what is wrong with it, and where files come in."""

from ccinsight.dashboard import cards, downloads, headlines, layout, listing, naming, store, upload
from ccinsight.dashboard.cards import Card
from ccinsight.dashboard.view import current
from ccinsight.i18n import _, ngettext, number
from ccinsight.registry import label_of

view = current()
if not store.exists():
    layout.no_database(upload.show)
else:
    everything = view.unfiltered()
    imports = everything.report("imports")
    quality = view.report("data_quality")
    found = quality[quality["rows"] > 0]
    layout.head(
        ngettext(
            "{count} row has a problem",
            "{count} rows have a problem",
            int(headlines.total(found["rows"]) or 0),
        ).format(count=number(headlines.total(found["rows"]))),
        view,
        "data",
    )
    cards.show(
        [
            Card(
                "data_problems",
                headlines.total(found["rows"]),
                _("{count} checks").format(count=number(len(found))),
            ),
            Card("rows_rejected", headlines.total(imports["rows_rejected"]), _("all imports")),
        ],
        "data",
    )
    for export in layout.missing_exports(*store.EXPORTS):
        layout.note(layout.export_missing(export))

    layout.section(_("What is wrong with the data?"))
    if found.empty:
        layout.nothing(_("The checks found nothing."))
    else:
        # all checks at once: they are the page's question
        listing.show("data_quality", found, view, rows=24)
        check = layout.pick(
            _("Check"),
            {str(name): label_of("check", name) for name in found["check"].unique()},
            "check",
        )
        layout.note(headlines.check_help(check))
        listing.show("data_problems", view.report("data_problems", check=check), view, check=check)

    layout.section(_("What was imported?"))
    listing.show("imports", imports, everything)
    warnings = store.warnings()
    if not warnings.empty:
        layout.section(_("Notes from the imports"))
        listing.show(store.WARNINGS, warnings, everything)
    naming.link(view)
    upload.show_undo()
    downloads.rejects(imports)
    layout.section(_("Import more files"))
    upload.show()
