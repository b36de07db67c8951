"""Data: what was imported when, what is wrong with it, and where files come in."""

from ccinsight.access import Right
from ccinsight.dashboard import navigation
from ccinsight.dashboard.pages import activity_log, data_problems, data_quality, mapping, upload, watched
from ccinsight.dashboard.session import printing, reads
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import cards, downloads, figures, headlines, layout, report_table
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _

view = current()
may_import = view.reader.may(Right.IMPORT)
if not navigation.shows_whole_database(view.reader):
    # a reader of some customers who may import: what others' files say isn't theirs
    layout.head(_("Import more files"), view, "data")
    upload.show_undo()
    upload.show()
else:
    everything = view.unfiltered()
    imports = everything.report("imports")
    found = data_quality.read(view)
    layout.head(found.title(), view, "data")
    watched.warn_of_failed(view.reader, view.today)
    cards.show(
        [
            Card("data_problems", found.count, found.apart()),
            Card("rows_rejected", figures.total(imports["rows_rejected"]), _("all imports")),
        ],
        "data",
    )
    for export in layout.missing_exports(*reads.EXPORTS):
        layout.note(layout.export_missing(export))
    layout.note(data_quality.without_manager(view))

    layout.section(_("What is wrong with the data?"))
    if found.own.empty and found.common.empty:
        layout.nothing(_("The checks found nothing."))
    else:
        # all checks at once: they are the page's question
        if found.own.empty:
            layout.nothing(_("The checks found nothing of the chosen customers."))
        else:
            report_table.show(
                "data_quality",
                found.own,
                view,
                rows=24,
                is_part=found.is_filtered,
                words=data_problems.in_words,
            )
        if not found.common.empty:
            layout.section(_("What is of no single customer?"))
            common = data_problems.in_words(found.common)
            report_table.show("data_quality", common, everything, key="common_quality", rows=24, is_part=True)
        check = layout.pick(_("Check"), found.checks(), "check")
        layout.note(headlines.check_help(check))
        problems = view.report("data_problems", check=check)
        report_table.show("data_problems", problems, view, words=data_problems.in_words, check=check)

    layout.section(_("What was imported?"))
    report_table.show("imports", imports, everything)
    warnings = reads.warnings(view.reader)
    if not warnings.empty:
        layout.section(_("Notes from the imports"))
        report_table.show(reads.WARNINGS, warnings, everything)
    watched.show(view)
    mapping.link(view)
    if may_import:
        upload.show_undo()
    downloads.rejects(imports, view)
    activity_log.show(view)
    if may_import and not printing.is_on():
        layout.section(_("Import more files"))
        upload.show()
