"""The notebooks show every public name, and their maps work after an export to HTML, without a network."""

import json
import os
import re
import shutil
from html import unescape
from pathlib import Path

import pytest

import minenet
from minenet import draw_map

FOLDER = Path(__file__).parents[1] / "notebooks"
NAMES = ["01_one_street", "02_a_neighbourhood", "03_what_matters", "04_from_sources"]
OFFLINE = {"mathjax_url": "", "require_js_url": "", "jquery_url": ""}
"""What the README tells nbconvert, so that the page itself loads nothing either."""

CHROMIUM = os.environ.get("MINENET_CHROMIUM") or shutil.which("chromium")


def cells_of(name):
    return json.loads((FOLDER / f"{name}.ipynb").read_text("utf-8"))["cells"]


def code_of(name):
    return "\n".join("".join(cell["source"]) for cell in cells_of(name) if cell["cell_type"] == "code")


def test_these_are_the_notebooks():
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES


def test_every_public_name_is_shown():
    code = "\n".join(code_of(name) for name in NAMES)
    shown = set(re.findall(r"\bminenet\.(\w+)", code))
    assert set(minenet.__all__) <= shown


@pytest.mark.parametrize("name", NAMES)
def test_no_output_is_stored(name):
    code = [cell for cell in cells_of(name) if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)


def test_own_frames_take_five_lines():
    cell = next("".join(c["source"]) for c in cells_of("01_one_street") if "make_area" in "".join(c["source"]))
    assert len(cell.splitlines()) <= 5
    assert "minenet.assess" in cell
    assert "minenet.draw_map" in cell


@pytest.fixture(scope="module")
def page(demo_result, tmp_path_factory):
    """The first notebook as HTML, its maps in place as a kernel would put them."""
    nbformat = pytest.importorskip("nbformat", reason="nbconvert is not installed")
    nbconvert = pytest.importorskip("nbconvert", reason="nbconvert is not installed")
    from traitlets.config import Config

    book = nbformat.read(FOLDER / "01_one_street.ipynb", as_version=4)
    shown = {"text/html": draw_map(demo_result, language="en")._repr_html_()}
    drawn = [cell for cell in book.cells if cell.cell_type == "code" and "draw_map" in cell.source]
    for cell in drawn:
        cell.outputs = [nbformat.v4.new_output("execute_result", data=shown, execution_count=1)]
    html, _ = nbconvert.HTMLExporter(config=Config({"HTMLExporter": OFFLINE})).from_notebook_node(book)
    path = tmp_path_factory.mktemp("html") / "page.html"
    path.write_text(html, encoding="utf-8")
    return path, len(drawn)


def test_the_maps_stand_in_the_html_and_load_nothing(page):
    path, drawn = page
    html = path.read_text("utf-8")
    frames = re.findall(r'<iframe srcdoc="([^"]*)"', html)
    assert len(frames) == drawn == 2
    loads = re.compile(r"(?:src|href)\s*=\s*['\"]?(?:https?:)?//|url\(\s*['\"]?(?:https?:)?//|@import")
    for frame in frames:
        inside = unescape(frame)
        assert "default-src 'none'" in inside
        assert not loads.search(re.sub(r"<a [^>]*>", "", inside))
    around = re.sub(r"<iframe srcdoc=.*?</iframe>", "", html, flags=re.DOTALL)
    assert not re.search(r"<(?:script|link|img)[^>]*(?:src|href)=['\"](?:https?:)?//", around)


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium found: install `chromium` or set MINENET_CHROMIUM")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_maps_work_in_a_browser_without_a_network(page):
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path, drawn = page
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(offline=True)
        tab = context.new_page()
        asked, complaints = [], []
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.goto(path.as_uri())
        for number in range(drawn):
            frame = tab.frame_locator("iframe").nth(number)
            frame.locator("html[data-ready]").wait_for(state="attached")
            assert frame.locator(".leaflet-container").count() == 1
        browser.close()
    assert not [url for url in asked if not url.startswith(("file:", "data:", "about:", "blob:"))]
    assert not complaints
