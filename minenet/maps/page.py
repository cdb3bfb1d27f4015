"""A folium map as one offline file: no request to anybody, scripts locked by their hash, the same bytes every time.

Folium runs every text in its tree as a template when it renders (twice), so data must never enter that tree. Here
folium draws constants only; data and the HTML that shows it are put in afterwards, in one pass, by an autoescaping
environment of our own. The hashes of the Content-Security-Policy are taken from the constant scripts alone: data that
looked like a script would not be allowed to run.
"""

import base64
import gzip
import hashlib
import html
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, Link, MacroElement
from folium.template import Template
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from minenet.errors import OutputError

__all__ = [
    "PAGE",
    "OfflineMap",
    "PageFigure",
    "Script",
    "bounds_of",
    "file_name",
    "generator",
    "plain_parts",
    "render_page",
    "template",
    "write_file",
]

LEAFLET = {
    "leaflet.js": "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
    "leaflet.css": "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
    "images/layers-2x.png": "066daca850d8ffbef007af00b06eac0015728dee279c51f3cb6c716df7c42edf",
    "images/layers.png": "1dbbe9d028e292f36fcba8f8b3a28d5e8932754fc2215b9ac69e4cdecf5107c6",
    "images/marker-icon-2x.png": "00179c4c1ee830d3a108412ae0d294f55776cfeb085c60129a39aa6fc4ae2528",
    "images/marker-icon.png": "574c3a5cca85f4114085b6841596d62f00d7c892c7b03f28cbfa301deb1dc437",
    "images/marker-shadow.png": "264f5c640339f042dd729062cfc04c17f8ea0f29882b538e3848ed8f10edb4da",
}
"""Files of Leaflet 1.9.4 that may enter a page, with their sha256."""

ICONS = {"iconUrl": "marker-icon.png", "iconRetinaUrl": "marker-icon-2x.png", "shadowUrl": "marker-shadow.png"}

ENVIRONMENT = Environment(
    loader=PackageLoader("minenet.maps", "assets"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
"""Our own templates: unlike folium's they escape every value, and their output is never read as a template again."""


def template(name: str) -> Callable[..., str]:
    """Return the render function of the template file `name` in `assets/`."""
    return ENVIRONMENT.get_template(name).render


# ---------------------------------------------------------------------------------------------------------- assets


@cache
def leaflet_file(name: str) -> bytes:
    """Return a file of Leaflet, or raise when it is not the one that was looked at."""
    content = files("js_lib_leaflet").joinpath("static", "js_lib_leaflet", *name.split("/")).read_bytes()
    if hashlib.sha256(content).hexdigest() != LEAFLET[name]:
        mend = "Reinstall django-js-lib-leaflet 1.9.4.1."
        raise OutputError("is not the file of Leaflet 1.9.4 that minenet knows", where=name, mend=mend)
    return content


def _image(name: str) -> str:
    return "data:image/png;base64," + base64.b64encode(leaflet_file(f"images/{name}")).decode("ascii")


def _leaflet_script() -> str:
    """Return Leaflet's script with its marker images inside: it would look for them beside the style sheet."""
    text = re.sub(r"\n//# sourceMappingURL=\S*\s*$", "\n", leaflet_file("leaflet.js").decode("utf-8"))
    icons = json.dumps({option: _image(name) for option, name in ICONS.items()})
    return f'{text}\nL.Icon.Default.imagePath = "";\nL.Icon.Default.mergeOptions({icons});\n'


def _leaflet_style() -> str:
    text = leaflet_file("leaflet.css").decode("utf-8")
    return re.sub(r"url\(images/([^)#]+)\)", lambda found: f"url({_image(found.group(1))})", text)


def _own(name: str) -> str:
    return files("minenet.maps").joinpath("assets", name).read_text("utf-8")


@cache
def asset(url: str) -> str:
    """Return the text behind an `asset:` address; any other address would be a request, and is refused."""
    makers: Mapping[str, Callable[[], str]] = {
        "asset:leaflet.js": _leaflet_script,
        "asset:leaflet.css": _leaflet_style,
        "asset:minenet.js": lambda: _own("minenet.js"),
        "asset:minenet.css": lambda: _own("minenet.css"),
    }
    if url not in makers:
        mend = "Leave out the layer or plugin that loads it."
        raise OutputError("the page would load a file from elsewhere", where=url[:200], mend=mend)
    text = makers[url]().replace("\r\n", "\n")
    if re.search(r"</(script|style)|<!--", text, re.IGNORECASE):
        raise OutputError("holds text that would end its own tag", where=url)
    return text


# ------------------------------------------------------------------------------------------------------------ page


PACK_FROM = 2_000_000
"""Data longer than this is packed (gzip, base64): small pages stay readable to mail gateways and people."""


def json_block(data: Any) -> Markup:
    r"""Return `data` as a JSON block that no HTML parser can be led out of; the data of a town is packed.

    Examples
    --------
    >>> print(json_block({"name": "</script><b>"}))
    <script type="application/json" id="mn-data">{"name":"\u003c/script\u003e\u003cb\u003e"}</script>
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if len(text) > PACK_FROM:
        packed = base64.b64encode(gzip.compress(text.encode("utf-8", "surrogatepass"), 9, mtime=0)).decode("ascii")
        tag = f'<script type="text/plain" id="mn-data" data-packed>{packed}</script>'
        return Markup(tag)  # noqa: S704 - base64 holds no character that HTML reads
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    text = re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found.group()):04x}", text)
    return Markup(f'<script type="application/json" id="mn-data">{text}</script>')  # noqa: S704 - escaped just above


class _Scripts(HTMLParser):
    """Collects the text of every script of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script"
        if self._inside:
            if "src" in dict(attrs):
                raise OutputError("the page would load a script from elsewhere", where=str(dict(attrs)["src"])[:200])
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser calls it so
        self._inside = False


def security_policy(constant_html: str) -> str:
    """Return the Content-Security-Policy that allows the scripts of `constant_html` and nothing from anywhere."""
    parser = _Scripts()
    parser.feed(constant_html)
    parser.close()
    digests = {base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode() for text in parser.found}
    scripts = " ".join(f"'sha256-{digest}'" for digest in sorted(digests)) or "'none'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@dataclass(frozen=True)
class Parts:
    """The constant parts of a page: what stands in its head, where the map goes, and its script."""

    header: str = ""
    html: str = ""
    script: str = ""


PLAIN = ("asset:minenet.css", "asset:minenet.js")


def _inline(url: str) -> str:
    tag = "style" if url.endswith(".css") else "script"
    return f"<{tag}>{asset(url)}</{tag}>"


def plain_parts(script: str) -> Parts:
    """Return the parts of a page without a map."""
    return Parts("\n".join(_inline(url) for url in PLAIN), "", script)


PAGE = "residents' page"
"""Kind of the pages that are written many at a time, one per cluster."""


def generator(kind: str) -> Markup:
    """Return the tag by which a page of minenet says what it is.

    Examples
    --------
    >>> print(generator("index"))
    <meta name="generator" content="minenet: index">
    """
    return Markup('<meta name="generator" content="minenet: {}">').format(kind)


def render_page(parts: Parts, *, language: str, title: str, body: str, data: Any, kind: str) -> str:
    """Return a whole page: constants locked by their hash, data beside them.

    Parameters
    ----------
    parts : Parts
        Constant parts; the Content-Security-Policy is computed from these alone.
    language : str
        Language of the page, for readers that speak it aloud.
    title : str
        Title, as data.
    body : str
        HTML of the body, already escaped.
    data : object
        What the script reads, as JSON.
    kind : str
        What the page says it is, see `generator`.
    """
    constant = f"{parts.header}\n{parts.html}\n<script>{parts.script}</script>"
    return template("page.html")(
        language=language,
        generator=generator(kind),
        policy=Markup(security_policy(constant)),  # noqa: S704 - made of constants
        title=title,
        header=Markup(parts.header),  # noqa: S704 - made of constants
        body=Markup(body),  # noqa: S704 - rendered by our own templates
        data=json_block(data),
        script=Markup(parts.script),  # noqa: S704 - made of constants
    )


RESERVED = re.compile(r"(index|con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def file_name(identifier: str) -> str:
    """Return a file name that is safe on every system and different for different identifiers.

    A name that is not the identifier itself ends in `--` and a digest, which no identifier that is its own name does.

    Examples
    --------
    >>> file_name("c-0363010012345678")
    'c-0363010012345678.html'
    >>> file_name("../Kerkstraat 1") == file_name("../kerkstraat 1"), file_name("../Kerkstraat 1")
    (False, 'kerkstraat-1--b09efe18.html')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", identifier.lower()).strip("-")[:60]
    if plain and plain == identifier and not RESERVED.fullmatch(plain):
        return f"{plain}.html"
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain or 'c'}--{digest}.html"


def write_file(path: Path, text: str) -> None:
    """Write `text` beside `path` and move it into place, so that no half page is ever seen."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".minenet-", suffix=".html", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


# ------------------------------------------------------------------------------------------------------------- map


class Script(MacroElement):
    """A constant line of script; `OWNER` in it becomes the name of the element it is a child of."""

    _template = Template("{% macro script(this, kwargs) %}{{ this.text() }}{% endmacro %}")

    def __init__(self, text: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # branca types its methods in part
        self._name = "Script"
        self._text = text

    def text(self) -> str:
        """Return the script; `raw` because folium reads its own output as a template once more."""
        owner = self._parent.get_name() if self._parent is not None else ""
        return "{% raw %}" + self._text.replace("OWNER", owner) + "{% endraw %}"


class PageFigure(Figure):
    """Figure that renders as the page of its map, whoever asks."""

    def __init__(self, page: "OfflineMap") -> None:
        super().__init__()
        self._page = page
        self.header._children.clear()  # noqa: SLF001 - branca offers no other way to drop its meta tag

    def render(self, **_: Any) -> str:
        """Return the whole page."""
        return self._page.to_html()

    def parts(self) -> Parts:
        """Return what folium draws, always with the same names, and leave the tree as it was."""
        roots = (self, self.header, self.html, self.script)
        elements = [element for root in roots for element in _walk(root)]
        kept = [(element, element._children.copy()) for element in elements]  # noqa: SLF001
        for number, element in enumerate(elements):
            element._id = f"{number:04d}"  # noqa: SLF001 - ids are random otherwise
        try:
            for child in list(self._children.values()):
                child.render()
            header = "\n".join(_header(child) for child in self.header._children.values())  # noqa: SLF001
            return Parts(header, self.html.render(), self.script.render())
        finally:
            for element, children in kept:
                element._children = children  # noqa: SLF001 - rendering adds children


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001 - branca has no public way through its tree
        yield from _walk(child)


def _header(child: Element) -> str:
    """Return an element of the head; a link becomes the text that it points at."""
    if isinstance(child, Link):
        tag = "style" if isinstance(child, CssLink) else "script"
        assert isinstance(child, CssLink | JavascriptLink)
        return f"<{tag}>{asset(child.url)}</{tag}>"
    return str(child.render())


class OfflineMap(folium.Map):
    """A folium map that is saved as one file and never asks anybody for anything.

    Parameters
    ----------
    body : callable
        Takes the (constant) HTML of the map and returns the body of the page around it, already escaped.
    data : mapping
        What the page's script reads; it stays outside the folium tree.
    title : str
        Title of the page.
    language : str
        Language of the page.
    name : str
        What the map is called.
    kind : str
        What the page says it is, see `generator`.

    Notes
    -----
    Other folium layers may be added as long as they load nothing; text in *their* options does go through folium's
    templates, so add only what you trust.
    """

    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="folium-map" id="{{ this.get_name() }}"></div>{% endmacro %}
        {% macro script(this, kwargs) %}
        const {{ this.get_name() }} = L.map("{{ this.get_name() }}", {{ this.options | tojavascript }});
        {% endmacro %}
        """
    )
    default_js = [("leaflet", "asset:leaflet.js"), ("minenet_js", "asset:minenet.js")]  # noqa: RUF012 - as in folium
    default_css = [("leaflet_css", "asset:leaflet.css"), ("minenet_css", "asset:minenet.css")]  # noqa: RUF012

    def __init__(
        self,
        *,
        body: Callable[[Markup], str],
        data: Mapping[str, Any],
        title: str,
        language: str,
        name: str,
        kind: str = "map",
    ) -> None:
        options: dict[str, Any] = {"maxZoom": 21, "minZoom": 8, "zoomSnap": 0.25, "attributionControl": False}
        super().__init__([52.1, 5.3], tiles=None, zoom_start=8, zoom_control=False, center=[52.1, 5.3], **options)
        self.figure = PageFigure(self)
        self.add_to(self.figure)
        self.body, self.data, self.title, self.language, self.label = body, data, title, language, name
        self.kind = kind

    def add_scripts(self, texts: Iterable[str]) -> None:
        """Add constant lines of script after everything drawn so far."""
        for text in texts:
            self.add_child(Script(text))

    def to_html(self) -> str:
        """Return the page."""
        parts = self.figure.parts()
        body = self.body(Markup(parts.html))  # noqa: S704 - made of constants
        return render_page(parts, language=self.language, title=self.title, body=body, data=self.data, kind=self.kind)

    def save(self, outfile: str | os.PathLike[str], **_: Any) -> Path:  # type: ignore[override] # a path only
        """Write the page beside `outfile`, move it into place and return where it is."""
        write_file(path := Path(outfile), self.to_html())
        return path

    def _repr_html_(self, **_: Any) -> str:
        """Return the page in a frame of its own, for a notebook."""
        page, label = html.escape(self.to_html(), quote=True), html.escape(self.label, quote=True)
        return f'<iframe srcdoc="{page}" title="{label}" style="width:100%;height:640px;border:0"></iframe>'


def bounds_of(frames: Sequence[Any]) -> list[list[float]] | None:
    """Return [[south, west], [north, east]] of frames in degrees; None when there is nothing to see."""
    boxes = [frame.total_bounds for frame in frames if len(frame) and not frame.geometry.is_empty.all()]
    if not boxes:
        return None
    west, south = (min(float(box[i]) for box in boxes) for i in (0, 1))
    east, north = (max(float(box[i]) for box in boxes) for i in (2, 3))
    return [[round(south, 6), round(west, 6)], [round(north, 6), round(east, 6)]]
