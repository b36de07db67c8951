"""Takes the README's pictures of the sample company: ``python -m docs.screenshots``."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from datetime import date, datetime, time
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.ports import free_port
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from ccinsight.ingest import import_paths
from tests.browser import chromium
from tests.browser.reading import ARGUMENTS, LAPTOP, PHONE, settled
from tests.serving import wait_until_healthy

FOLDER = Path(__file__).with_name("img")
SAMPLE = Path(__file__).parents[1] / "data" / "sample"
AS_OF = date(2026, 11, 1)
# picture → page, its size, dark or not, what else the address says
PICTURES: dict[str, tuple[str, tuple[int, int], bool, dict[str, str]]] = {
    "overview": ("", LAPTOP, False, {}),
    "renewals": ("renewals", LAPTOP, False, {}),
    "deadlines-dark": ("deadlines", LAPTOP, True, {}),
    "utilization": ("utilization", LAPTOP, False, {}),
    "customer-phone": ("customer", PHONE, False, {"id": "1037"}),
    "to-do": ("to_do", LAPTOP, False, {"duty": "yearly_unbilled"}),
    "to-do-phone-dark": ("to_do", PHONE, True, {}),
    "meeting": ("meeting", LAPTOP, False, {"id": "1004"}),
    "meeting-phone-dark": ("meeting", PHONE, True, {"id": "1004"}),
}


def take(browser: Browser, address: str) -> None:
    """Writes all pictures of the site at the address."""
    FOLDER.mkdir(exist_ok=True)
    for name, (page, size, dark, more) in PICTURES.items():
        url = f"{address}/{page}?{urlencode({'as-of': AS_OF.isoformat(), **more})}"
        (FOLDER / f"{name}.png").write_bytes(_picture(browser, url, size, dark))


def _picture(browser: Browser, url: str, size: tuple[int, int], dark: bool) -> bytes:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        locale="nb-NO",
    )
    page = context.new_page()
    page.goto(url)
    settled(page)
    page.wait_for_timeout(1_000)  # charts and tables draw themselves after the page has settled
    picture = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    small = io.BytesIO()
    picture.convert("RGB").quantize(256).save(small, "png", optimize=True)
    return small.getvalue()


def main() -> None:
    """Imports the sample, serves it and takes the pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        database, log, port = Path(folder, "ccinsight.duckdb"), Path(folder, "log.txt"), free_port()
        import_paths(
            [SAMPLE], database, SAMPLE / "ccinsight.toml", imported_at=datetime.combine(AS_OF, time(9))
        )
        command = [
            sys.executable,
            "-m",
            "ccinsight",
            "serve",
            "--database",
            str(database),
            "--port",
            str(port),
        ]
        with log.open("w") as output:
            server = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", server, log)
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=ARGUMENTS)
            take(browser, f"http://127.0.0.1:{port}")
            browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
