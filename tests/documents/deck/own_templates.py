"""Five decks of one's own, built differently: plain, grouped, localised, with charts and tables, and an odd one."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.util import Inches, Pt

from ccinsight.documents.deck.template_file import TemplateFile

_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
# Medium Style 1 – Accent 3.
STYLE = "{1FECB4D8-DB02-4DC6-A0A2-4F2EBAE1DC90}"


def all_five() -> dict[str, TemplateFile]:
    """The templates by their names."""
    made = {
        "plain.pptx": plain(),
        "grouped.pptx": grouped(),
        "localised.potx": localised(),
        "styled.pptx": styled(),
        "odd.pptx": odd(),
    }
    return {name: TemplateFile(content, name) for name, content in made.items()}


def saved(show: Any) -> bytes:
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def plain() -> bytes:
    """16:9, tokens in titles and bullets, a chart and a table in the place of text boxes and of a placeholder."""
    show = _wide()
    first = show.slides.add_slide(show.slide_layouts[0])
    first.shapes.title.text = "Statusmøte med {{customer}}"
    first.placeholders[1].text = "Per {{ Date }}\n{{partner}}, {{account_manager}}"
    bullets = show.slides.add_slide(show.slide_layouts[1])
    bullets.shapes.title.text = "{{message:tickets}}"
    bullets.placeholders[
        1
    ].text = "Avtalen koster {{arr}} i året for {{users}} brukere\n{{agenda}}\nFornyes {{renewal_on}}"
    chart = show.slides.add_slide(show.slide_layouts[5])
    chart.shapes.title.text = "{{message:users}}"
    _box(chart, (0.5, 1.5, 6, 5), "{{chart:tickets_by_month}}")
    _box(chart, (7, 1.5, 5.5, 0.5), "{{table:tickets_by_category}}")
    _box(chart, (7, 6.5, 5.5, 0.5), "Under tabellen")
    content = show.slides.add_slide(show.slide_layouts[1])
    content.shapes.title.text = "Brukere"
    content.placeholders[1].text = "{{chart:users_by_month}}"
    return saved(show)


def grouped() -> bytes:
    """4:3, tokens in shapes of groups within groups, and in runs of differing looks."""
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    _runs(slide.shapes.title.text_frame.paragraphs[0], "Kjære ", "{", "{cust", "omer}", "}, hei")
    group = slide.shapes.add_group_shape()
    inner = group.shapes.add_group_shape()
    box = inner.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(0.6))
    _runs(box.text_frame.paragraphs[0], "{{us", "ers}} brukere, {{active_", "share}} aktive")
    corner = group.shapes.add_textbox(Inches(1), Inches(3), Inches(4), Inches(2))
    corner.text_frame.text = "{{chart:tickets_by_category}}"
    # the group stands elsewhere and twice as small as its own coordinates say
    frame = group._element.grpSpPr.get_or_add_xfrm()
    frame.off.x, frame.off.y = Inches(5), Inches(1.6)
    frame.ext.cx, frame.ext.cy = frame.ext.cx // 2, frame.ext.cy // 2
    _box(slide, (0.5, 5.3, 8, 0.5), "{{ table : renewals }}")
    return saved(show)


def localised() -> bytes:
    """A .potx with Norwegian layouts, placeholders in another order, and neither slide numbers nor footers."""
    show = opened_without_numbers()
    layout = show.slide_layouts[1]
    title, body = (next(p for p in layout.placeholders if p.placeholder_format.idx == i) for i in (0, 1))
    title.name, body.name = "Plassholder for tittel", "Plassholder for innhold"
    body._element.getparent().insert(2, body._element)
    slide = show.slides.add_slide(layout)
    slide.placeholders[0].text = "{{message:renewal}}"
    slide.placeholders[1].text = "{{table:renewals}}"
    tree = slide.shapes._spTree
    tree.append(slide.shapes.title._element)
    second = show.slides.add_slide(layout)
    second.placeholders[0].text = "Muligheter for {{customer}}"
    second.placeholders[1].text = "{{table:possibilities}}"
    return _as_template(saved(show))


def opened_without_numbers() -> Any:
    """16:9 with Norwegian names of layouts, and neither slide numbers nor footers."""
    show = _wide()
    for layout, name in zip(show.slide_layouts, ("Tittellysbilde", "Tittel og innhold"), strict=False):
        layout.name = name
    for sheet in (show.slide_master, *show.slide_layouts):
        for placeholder in list(sheet.placeholders):
            if placeholder.placeholder_format.idx in (10, 11, 12):
                placeholder._element.getparent().remove(placeholder._element)
    return show


def styled() -> bytes:
    """Charts and tables of the template's own, with looks of their own."""
    show = _wide()
    show = _with_table_style(show)
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Saker"
    columns = _chart(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, (0.5, 1.5, 6, 5), ("I år", "I fjor"))
    columns.chart.has_title = True
    columns.chart.chart_title.text_frame.text = "{{chart:tickets_by_month}}"
    for series, colour in zip(columns.chart.plots[0].series, ((0xAA, 0, 0), (0, 0xAA, 0)), strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor(*colour)  # type: ignore[no-untyped-call]
    columns.chart.value_axis.maximum_scale = 1
    pie = _chart(slide, XL_CHART_TYPE.PIE, (7, 1.5, 5.5, 5), ("Andel",))
    pie._element.nvGraphicFramePr.cNvPr.set("descr", "Kake av {{chart:tickets_by_category}}")
    lines = show.slides.add_slide(show.slide_layouts[5])
    lines.shapes.title.text = "Brukere"
    users = _chart(lines, XL_CHART_TYPE.LINE, (0.5, 1.5, 6, 5), ("En",))
    users.name = "{{chart:users_by_month}}"
    none = _chart(lines, XL_CHART_TYPE.COLUMN_CLUSTERED, (7, 1.5, 5.5, 5), ("En",))
    none.name = "{{chart:peers}}"
    cells = show.slides.add_slide(show.slide_layouts[5])
    cells.shapes.title.text = "Tabeller for {{customer}}"
    own = _table(
        cells,
        (0.5, 1.5, 6, 1),
        [
            ["Kategori", "Saker", "I fjor"],
            ["{{table:tickets_by_category}}", "", ""],
            ["", "", ""],
            ["Kilde: {{partner}}", "", ""],
        ],
    )
    for cell in own.rows[1].cells:
        cell.fill.solid()
        cell.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_4
    run = own.cell(1, 0).text_frame.paragraphs[0].runs[0]
    run.font.italic, run.font.size = True, Pt(13)
    _table(cells, (7, 1.5, 5.5, 1), [["{{table:value}}", ""], ["", ""]])
    _box(cells, (7, 5, 5.5, 0.4), "{{table:agreements}}")
    return saved(show)


def odd() -> bytes:
    """Texts in master, layout, notes, comments, hidden slides, SmartArt-like drawings, and characters of all kinds."""
    show = _wide()
    _master_box(show.slide_master, "{{customer}} · {{date}} · 😀 <&> «{x}»")
    _master_box(show.slide_layouts[5], "{{partner}}", 8000000)
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Æ „ø“ 漢字 {{CUSTOMER}}\v{{customer_number}}"
    slide.notes_slide.notes_text_frame.text = "Si ikke {{ukjent}} til kunden: HEMMELIG"
    table = _table(
        slide,
        (0.5, 1.6, 6, 2),
        [["Kunde", "{{customer}}"], ["Brukere", "{{users}}"], ["Punkter", "{{agreed}}"]],
    )
    table.cell(0, 1).text_frame.paragraphs[0].runs[0].font.bold = True
    box = _box(slide, (7, 1.6, 5, 1), "Se {{customer}}")
    box.text_frame.paragraphs[0].runs[0].hyperlink.address = "https://example.com/"
    box.name = "Boks om {{customer}}"
    hidden = show.slides.add_slide(show.slide_layouts[5])
    hidden.shapes.title.text = "SKJULT {{tull}}"
    hidden._element.set("show", "0")
    link = _box(slide, (7, 3, 5, 1), "Til det skjulte")
    link.click_action.target_slide = hidden
    animated = _box(slide, (0.5, 5, 6, 0.5), "{{chart:peers}}")
    slide._element.append(parse_xml(_TIMING.format(number=animated.shape_id)))
    last = show.slides.add_slide(show.slide_layouts[6])
    _box(last, (1, 1, 5, 1), "{{points:renewal}}")
    _sections(show)
    return _with_comment(saved(show))


_TIMING = (
    f"<p:timing {_P}><p:tnLst><p:par><p:cTn id='1' dur='indefinite' restart='never' nodeType='tmRoot'><p:childTnLst>"
    "<p:seq concurrent='1' nextAc='seek'><p:cTn id='2' dur='indefinite' nodeType='mainSeq'><p:childTnLst>"
    "<p:par><p:cTn id='3' fill='hold'><p:stCondLst><p:cond delay='indefinite'/></p:stCondLst><p:childTnLst>"
    "<p:par><p:cTn id='4' fill='hold'><p:stCondLst><p:cond delay='0'/></p:stCondLst><p:childTnLst>"
    "<p:par><p:cTn id='5' presetID='1' presetClass='entr' presetSubtype='0' fill='hold' nodeType='clickEffect'>"
    "<p:stCondLst><p:cond delay='0'/></p:stCondLst><p:childTnLst><p:set><p:cBhvr><p:cTn id='6' dur='1' fill='hold'>"
    "<p:stCondLst><p:cond delay='0'/></p:stCondLst></p:cTn><p:tgtEl><p:spTgt spid='{number}'><p:txEl><p:pRg st='0' "
    "end='0'/></p:txEl></p:spTgt></p:tgtEl><p:attrNameLst><p:attrName>style.visibility</p:attrName></p:attrNameLst>"
    "</p:cBhvr><p:to><p:strVal val='visible'/></p:to></p:set></p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn>"
    "</p:par></p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn><p:prevCondLst><p:cond evt='onPrev' delay='0'>"
    "<p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:prevCondLst><p:nextCondLst><p:cond evt='onNext' delay='0'><p:tgtEl>"
    "<p:sldTgt/></p:tgtEl></p:cond></p:nextCondLst></p:seq></p:childTnLst></p:cTn></p:par></p:tnLst>"
    "<p:bldLst><p:bldP spid='{number}' grpId='0' build='p'/></p:bldLst></p:timing>"
)


def _wide() -> Any:
    show = Presentation()
    show.slide_width, show.slide_height = Inches(13.333), Inches(7.5)
    for sheet in (show.slide_master, *show.slide_layouts):
        for placeholder in sheet.placeholders:
            if placeholder._element.spPr.xfrm is not None:
                placeholder.left, placeholder.width = (
                    int(placeholder.left * 4 / 3),
                    int(placeholder.width * 4 / 3),
                )
    return show


def _box(slide: Any, inches: tuple[float, float, float, float], text: str) -> Any:
    box = slide.shapes.add_textbox(*map(Inches, inches))
    box.text_frame.word_wrap = True
    box.text_frame.text = text
    return box


def _runs(paragraph: Any, *texts: str) -> None:
    """Runs of differing looks."""
    for number, text in enumerate(texts):
        run = paragraph.add_run()
        run.text, run.font.bold, run.font.size = text, number % 2 == 1, Pt(12 + 2 * number)


def _chart(slide: Any, kind: Any, inches: tuple[float, ...], names: Sequence[str]) -> Any:
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["EKSEMPEL A", "EKSEMPEL B"]
    for name in names:
        data.add_series(name, (4, 7))
    return slide.shapes.add_chart(kind, *map(Inches, inches), data)


def _table(slide: Any, inches: tuple[float, ...], rows: list[list[str]]) -> Any:
    table = slide.shapes.add_table(len(rows), len(rows[0]), *map(Inches, inches)).table
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return table


def _with_table_style(show: Any) -> Any:
    """The presentation with a table style of its own for new tables."""
    return Presentation(
        io.BytesIO(
            _changed(
                saved(show),
                {"ppt/tableStyles.xml": lambda xml: re.sub(rb'def="[^"]*"', f'def="{STYLE}"'.encode(), xml)},
            )
        )
    )


def _as_template(content: bytes) -> bytes:
    kind = b"presentationml.%s.main+xml"
    return _changed(
        content, {"[Content_Types].xml": lambda xml: xml.replace(kind % b"presentation", kind % b"template")}
    )


def _changed(content: bytes, changes: dict[str, Any], added: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, changes.get(name, lambda xml: xml)(before.read(name)))
        for name, xml in (added or {}).items():
            after.writestr(name, xml)
    return out.getvalue()


def _master_box(sheet: Any, text: str, left: int = 457200) -> None:
    sheet._element.cSld.spTree.append(
        parse_xml(
            f'<p:sp {_P} {_A}><p:nvSpPr><p:cNvPr id="90" name="Fast tekst"/><p:cNvSpPr txBox="1"/>'
            f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="6400000"/>'
            '<a:ext cx="4000000" cy="300000"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:rPr sz="1000"/>'
            f"<a:t>{text.replace('&', '&amp;').replace('<', '&lt;')}</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    )


def _sections(show: Any) -> None:
    """A section that names a token and all slides."""
    numbers = "".join(f'<p14:sldId id="{each.get("id")}"/>' for each in show.slides._sldIdLst)
    show.element.append(
        parse_xml(
            f'<p:extLst {_P}><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}"><p14:sectionLst '
            'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"><p14:section name="{{customer}}" '
            f'id="{{6F3C1B0E-0000-4000-8000-000000000001}}"><p14:sldIdLst>{numbers}</p14:sldIdLst></p14:section>'
            "</p14:sectionLst></p:ext></p:extLst>"
        )
    )


def _with_comment(content: bytes) -> bytes:
    """A comment on the first slide, by an author whom the presentation names."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/presentationml/2006/main"

    def related(kind: str, target: str) -> Any:
        row = f'<Relationship Id="rId900" Type="{relations}/{kind}" Target="{target}"/></Relationships>'
        return lambda xml: xml.replace(b"</Relationships>", row.encode())

    def typed(xml: bytes) -> bytes:
        kind = "application/vnd.openxmlformats-officedocument.presentationml"
        rows = (
            f'<Override PartName="/ppt/comments/comment1.xml" ContentType="{kind}.comments+xml"/>'
            f'<Override PartName="/ppt/commentAuthors.xml" ContentType="{kind}.commentAuthors+xml"/></Types>'
        )
        return xml.replace(b"</Types>", rows.encode())

    return _changed(
        content,
        {
            "[Content_Types].xml": typed,
            "docProps/app.xml": lambda xml: xml.replace(
                b"</Properties>", b"<Manager>SKJULT {{tull}}</Manager></Properties>"
            ),
            "ppt/_rels/presentation.xml.rels": related("commentAuthors", "commentAuthors.xml"),
            "ppt/slides/_rels/slide1.xml.rels": related("comments", "../comments/comment1.xml"),
        },
        {
            "ppt/comments/comment1.xml": (
                f'<p:cmLst xmlns:p="{main}"><p:cm authorId="0" dt="2026-01-01T00:00:00.000" idx="1">'
                '<p:pos x="10" y="10"/><p:text>HEMMELIG merknad</p:text></p:cm></p:cmLst>'
            ).encode(),
            "ppt/commentAuthors.xml": (
                f'<p:cmAuthorLst xmlns:p="{main}"><p:cmAuthor id="0" name="HEMMELIG navn" initials="H" lastIdx="1" '
                'clrIdx="0"/></p:cmAuthorLst>'
            ).encode(),
        },
    )
