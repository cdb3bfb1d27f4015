// The script of every minenet page. It is constant: all that differs between pages is in the block `mn-data`.
// Text from data is only ever set with textContent, so it cannot become markup.
"use strict";

const MN = (function () {
  let data = { texts: {}, styles: {}, layers: {} };
  const layers = new Map(); // folium layers by name
  let chosen = -1;          // number of the cluster that the panel shows
  let map = null;

  // ---------------------------------------------------------------------------------------------- small helpers

  function read() {
    data = JSON.parse(document.getElementById("mn-data").textContent);
  }

  function text(key, values) {
    let result = key in data.texts ? data.texts[key] : key;
    for (const [name, value] of Object.entries(values || {})) result = result.split("{" + name + "}").join(value);
    return result;
  }

  function known(value) {
    return value !== null && value !== undefined;
  }

  function number(value, unit) {
    if (!known(value)) return text("word.unknown");
    const shown = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 }).format(value);
    return unit ? shown + "\u00a0" + unit : shown;
  }

  function euro(value) {
    if (!known(value)) return text("word.unknown");
    const amount = number(Math.abs(value));
    const gap = document.documentElement.lang === "nl" ? "\u00a0" : "";
    return (value < 0 ? "\u2212" : "") + "€" + gap + amount;
  }

  // Build an element: make("p", {class: "hint"}, "text", child, ...).
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    for (const child of children) element.append(child);
    return element;
  }

  // Leaflet takes its attribution as markup: this makes text of it.
  function escaped(value) {
    return make("span", {}, value.length > 120 ? value.slice(0, 119) + "…" : value).innerHTML;
  }

  function name(value) {
    return make("bdi", {}, value);
  }

  // ------------------------------------------------------------------------------------------------- map layers

  let thickness = 1; // outlines are thinner on a map of a whole town

  function look(key) {
    const found = Object.assign({ lineCap: "butt", lineJoin: "round", fillOpacity: 1 }, data.styles[key]);
    if (found.weight) found.weight = found.weight * thickness;
    return found;
  }

  function styleKey(layer, feature) {
    const properties = (feature && feature.properties) || {};
    if (layer === "cluster") return properties.verdict;
    return properties.style || layer;
  }

  function style(layer) {
    return (feature) => look(styleKey(layer, feature));
  }

  // One renderer per layer, in the pane of that layer; points and shapes share it.
  const renderers = new Map();

  function renderer(layer, kind) {
    if (!renderers.has(layer)) renderers.set(layer, L[kind]({ pane: "mn-" + layer, padding: 0.5 }));
    return renderers.get(layer);
  }

  function circle(layer) {
    return function (feature, place) {
      const where = { pane: "mn-" + layer, renderer: renderers.get(layer), interactive: layer === "borehole" && data.page === "cluster" };
      return L.circleMarker(place, Object.assign(where, look(styleKey(layer, feature))));
    };
  }

  // What each feature answers to.
  function each(layer) {
    return function (feature, shape) {
      const properties = feature.properties;
      if (layer === "cluster") {
        shape.on("click", () => choose(properties.index, true));
        shape.bindTooltip(() => name(data.clusters[properties.index].name), { sticky: true, className: "name" });
      } else if (layer === "home") {
        shape.bindPopup(() => addresses(properties), { maxWidth: 260, autoPanPaddingTopLeft: [60, 10] });
      } else if (layer === "borehole" && data.page === "cluster") {
        shape.bindPopup(() => borehole(properties), { maxWidth: 260, autoPanPaddingTopLeft: [60, 10] });
      } else if (layer === "label" || layer === "area_label") {
        label(shape, properties.kind, properties.name);
      }
      if (layer === "home" && properties.label) label(shape, "number", properties.label);
    };
  }

  function label(shape, kind, value) {
    const shown = make("span", {});
    for (const [line, part] of value.split(" · ").entries()) {
      if (line) shown.append(make("br"));
      shown.append(name(part.length > 60 ? part.slice(0, 59) + "…" : part));
    }
    const options = { permanent: true, direction: "center", className: "label label-" + kind, interactive: false };
    shape.bindTooltip(shown, options);
  }

  function addresses(properties) {
    const list = make("ul", { class: "plain" });
    for (const address of properties.addresses) list.append(make("li", {}, name(address)));
    return list;
  }

  function borehole(properties) {
    const facts = make("dl", { class: "facts" });
    const add = (key, value) => facts.append(make("dt", {}, text(key)), make("dd", {}, value));
    add("map.depth", number(properties.depth_m, "m"));
    add("map.serves", number(properties.homes_served));
    add("map.place", text("ownership." + (properties.ownership || "unknown")));
    return facts;
  }

  // A line of points comes as its first point and the steps from there, in units of 1 / scale degree.
  function unpack(steps, scale, single) {
    if (Array.isArray(steps[0])) return steps.map((part) => unpack(part, scale, false));
    const points = [];
    let [x, y] = [0, 0];
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      points.push([x / scale, y / scale]);
    }
    return single ? points[0] : points;
  }

  function geometry(kind, steps, scale) {
    if (kind === "MultiPoint") return { type: kind, coordinates: steps.map((part) => unpack(part, scale, true)) };
    return { type: kind, coordinates: unpack(steps, scale, kind === "Point") };
  }

  function fill(layer, shape) {
    if (!data.layers[layer]) read();
    const packed = data.layers[layer] || { scale: 1, features: [] };
    for (const [kind, steps, properties] of packed.features) {
      shape.addData({ type: "Feature", properties: properties, geometry: geometry(kind, steps, packed.scale) });
    }
    layers.set(layer, shape);
  }

  // Streets are as wide as streets; names appear when there is room for them.
  function rescale() {
    const zoom = map.getZoom();
    const metres = (156543 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / Math.pow(2, zoom);
    const streets = layers.get("street");
    if (streets) streets.setStyle({ weight: Math.max(1, Math.min(14, 5 / metres)) });
    thin(zoom);
    for (const [key, small] of [["left_out", 0.6], ["loop", 1], ["borehole", 1]]) {
      const points = layers.get(key);
      const size = zoom >= 18.5 ? 1 : zoom >= 17.5 ? 0.7 : zoom >= 16 ? 0.5 : 0.25;
      if (points) points.setStyle({ radius: data.styles[key].radius * size, weight: data.styles[key].weight * Math.max(small * size, 0.5) });
    }
    for (const key of ["pipe", "borehole"]) {
      const details = layers.get(key);
      if (details && data.page === "overview") togglePart(details, zoom >= 17.75 && ticked(key));
    }
    togglePart(layers.get("area_label"), zoom >= 17.75);
    if (layers.has("label")) togglePart(layers.get("label"), zoom >= 16.5);
    map.getContainer().classList.toggle("near", zoom >= 18.5);
    declutter();
  }

  // Names that would lie over another one are hidden: what is chosen comes first, then areas, then streets.
  const NAMES = [".name", ".label-heat", ".label-zone", ".label-condition", ".label-water", ".label-street"];

  function declutter() {
    const kept = [];
    for (const kind of NAMES) {
      const boxes = Array.from(document.querySelectorAll(".leaflet-tooltip" + kind), (one) => [one, one.getBoundingClientRect()]);
      const before = kept.length;
      for (const [one, box] of boxes) {
        const others = kind === ".label-street" ? kept.slice(0, before) : kept; // streets only give way to the rest
        const over = others.some((b) => box.left < b.right && b.left < box.right && box.top < b.bottom && b.top < box.bottom);
        one.classList.toggle("covered", over && kind !== ".name");
        if (!over) kept.push(box);
      }
    }
  }

  function thin(zoom) {
    const wanted = zoom >= 16.5 ? 1 : zoom >= 15 ? 0.6 : 0.35;
    if (wanted === thickness) return;
    thickness = wanted;
    for (const key of ["cluster", "zone", "heat", "condition"]) {
      if (layers.has(key)) layers.get(key).setStyle(style(key));
    }
    if (chosen >= 0) emphasise(chosen);
  }

  function ticked(layer) {
    const box = document.querySelector('[data-layer="' + layer + '"]');
    return !box || box.checked;
  }

  function togglePart(shape, shown) {
    if (shown && !map.hasLayer(shape)) map.addLayer(shape);
    if (!shown && map.hasLayer(shape)) map.removeLayer(shape);
  }

  // The legend shows and hides layers.
  function legend() {
    for (const box of document.querySelectorAll("[data-layer]")) {
      box.addEventListener("change", function () {
        togglePart(layers.get(box.dataset.layer), box.checked);
        rescale();
      });
    }
    const list = document.querySelector("details.legend");
    if (!list) return;
    const least = data.page === "overview" ? 1600 : 801;
    list.open = window.matchMedia("(min-width: " + least + "px)").matches;
    let before = list.open;
    window.addEventListener("beforeprint", () => { before = list.open; list.open = true; });
    window.addEventListener("afterprint", () => { list.open = before; });
  }

  function frame() {
    L.control.attribution({ prefix: '<a href="https://leafletjs.com" rel="noreferrer">Leaflet</a>' })
      .addAttribution(escaped(data.attribution || text("map.attribution"))).addTo(map);
    L.control.zoom({ zoomInTitle: text("map.zoom_in"), zoomOutTitle: text("map.zoom_out") }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    if (data.bounds) fit();
    map.on("zoomend", rescale);
    map.on("tooltipopen tooltipclose", (event) => { if (event.tooltip.options.className === "name") declutter(); });
    rescale();
  }

  function fit() {
    if (data.page === "overview") map.fitBounds(data.bounds, { paddingTopLeft: [corner(), 24], paddingBottomRight: [24, 40], maxZoom: 19 });
    else map.fitBounds(data.bounds, { padding: [36, 36], maxZoom: 20 });
  }

  // --------------------------------------------------------------------------------------------------- overview

  // Width that zoom buttons and legend take from the map.
  function corner() {
    const open = document.querySelector("details.legend[open]");
    return open && window.matchMedia("(min-width: 801px)").matches ? open.offsetWidth + 30 : 70;
  }

  function place(cluster) {
    let found = null;
    layers.get("cluster").eachLayer((shape) => {
      if (shape.feature.properties.index === cluster) found = shape;
    });
    return found;
  }

  function emphasise(index) {
    const shape = place(index);
    if (shape) shape.setStyle({ weight: 5, color: "#1b2f33" }).bringToFront();
    return shape;
  }

  function choose(index, keepView) {
    forget();
    chosen = index;
    const cluster = data.clusters[index];
    layers.get("cluster").setStyle(style("cluster"));
    const shape = emphasise(index);
    if (shape) {
      if (!keepView) map.fitBounds(shape.getBounds(), { paddingTopLeft: [corner(), 40], paddingBottomRight: [30, 40], maxZoom: 19 });
    }
    for (const row of document.querySelectorAll("#list tbody tr")) {
      row.classList.toggle("chosen", Number(row.dataset.index) === index);
    }
    show(cluster);
  }

  // The panel takes the place of the list, below the search.
  function swap(shown) {
    document.getElementById("panel").hidden = !shown;
    document.querySelector(".side").classList.toggle("showing", shown);
  }

  function close(keepFocus) {
    const panel = document.getElementById("panel");
    if (panel.hidden) return;
    swap(false);
    layers.get("cluster").setStyle(style("cluster"));
    const row = document.querySelector('#list tr[data-index="' + chosen + '"]');
    if (row) row.classList.remove("chosen");
    const button = row && row.querySelector("button.choose");
    chosen = -1;
    if (button && !keepFocus) button.focus();
  }

  function copied(selector) {
    const found = document.querySelector(selector);
    return found ? found.cloneNode(true) : "";
  }

  function show(cluster) {
    const panel = document.getElementById("panel");
    const back = make("button", { type: "button", class: "quiet" }, "← " + text("overview.back"));
    back.addEventListener("click", () => close(false));
    const mark = copied("#filters .verdict-" + cluster.verdict);
    const about = make("p", { class: "about" }, mark, make("span", {}, text("overview.homes") + ": " + number(cluster.homes)));
    const head = [back, make("h2", {}, name(cluster.name)), about, link(cluster)];
    panel.setAttribute("aria-label", cluster.name);
    panel.replaceChildren(...head, reasons(cluster), variants(cluster), checks(cluster));
    swap(true);
    panel.scrollTop = 0;
    panel.focus({ preventScroll: window.matchMedia("(min-width: 801px)").matches });
  }

  function reasons(cluster) {
    const part = document.createDocumentFragment();
    if (!cluster.reasons.length) return part;
    part.append(make("h3", {}, text("overview.reasons")));
    part.append(make("ul", {}, ...cluster.reasons.map((reason) => make("li", {}, reason))));
    return part;
  }

  function range(one) {
    if (!known(one.annual_low_eur_per_home) || !known(one.annual_high_eur_per_home)) return "";
    return euro(one.annual_low_eur_per_home) + " – " + euro(one.annual_high_eur_per_home);
  }

  function cell(value, more) {
    const found = make("td", { class: "num" + (value === text("word.unknown") ? " unknown" : "") }, value);
    if (more) found.append(make("small", {}, more));
    return found;
  }

  // A figure that has no meaning (a boiler has no trench) is a dash, not "unknown".
  const GROUNDLESS = new Set(["gas_boiler", "air_heat_pump"]);

  function variant(one, best) {
    const title = make("th", { scope: "row" }, text("variant." + one.variant));
    if (one.variant === best) title.append(make("small", { class: "least" }, text("word.best")));
    const row = make("tr", one.variant === best ? { class: "best" } : {}, title);
    if (one.partly) {
      title.append(make("small", {}, one.reason)); // a choice for some homes
    } else if (one.feasible === false) {
      title.append(make("small", {}, text("row.impossible") + "."));
      if (known(one.reason)) title.append(make("small", {}, one.reason));
      row.append(cell("–"), cell("–"), cell("–"), cell("–"));
      return row;
    }
    const ground = !GROUNDLESS.has(one.variant);
    const open = known(one.public_trench_m) ? text("row.public", { length: number(one.public_trench_m, "m") }) : "";
    row.append(
      cell(euro(one.annual_eur_per_home), range(one)),
      cell(euro(one.capex_eur_per_home)),
      ground ? cell(number(one.boreholes), known(one.depth_m) ? "à " + number(one.depth_m, "m") : "") : cell("–"),
      ground ? cell(number(one.trench_m, "m"), open) : cell("–"));
    return row;
  }

  function variants(cluster) {
    const keys = ["row.variant", "row.annual", "row.capex", "row.boreholes", "row.trench"];
    const head = make("tr", {}, ...keys.map((key, column) => make("th", { scope: "col", class: column ? "num" : "" }, text(key))));
    const body = cluster.solutions.map((one) => variant(one, cluster.best_variant));
    const table = make("table", { class: "variants" }, make("thead", {}, head), make("tbody", {}, ...body));
    const box = { class: "scroll", tabindex: "0", role: "region", "aria-label": text("overview.variants") };
    const part = document.createDocumentFragment();
    part.append(make("h3", {}, text("overview.variants")), make("div", box, table));
    return part;
  }

  function checks(cluster) {
    const part = document.createDocumentFragment();
    if (!cluster.checks.length) return part;
    const list = make("ul", { class: "checks" });
    for (const one of cluster.checks) {
      const more = [one.detail, one.who, one.source].filter((value) => value).join(" · ");
      const line = make("div", {}, make("span", {}, one.question));
      if (one.variants.length) line.append(make("small", {}, one.variants.join(", ")));
      if (more) line.append(make("small", {}, name(more)));
      const mark = document.querySelector("#marks .outcome-" + one.outcome);
      list.append(make("li", {}, line, mark ? mark.cloneNode(true) : ""));
    }
    part.append(make("h3", {}, text("overview.checks")), list);
    return part;
  }

  function link(cluster) {
    if (!cluster.page) return make("p", { class: "to-page" }, make("small", {}, text("overview.page_none")));
    const label = text(data.pages ? "overview.page" : "overview.page_if");
    const part = make("p", { class: "to-page" }, make("a", { class: "button", href: cluster.page }, label));
    if (!data.pages) part.append(make("small", {}, text("overview.page_hint")));
    return part;
  }

  // The list: rows stand in the page already, here they are sorted and filtered.
  function list() {
    const table = document.getElementById("list");
    if (!table) return;
    for (const button of table.querySelectorAll("tbody button.choose")) {
      button.addEventListener("click", () => choose(Number(button.closest("tr").dataset.index)));
    }
    for (const head of table.querySelectorAll("th[data-sort]")) {
      head.querySelector("button").addEventListener("click", () => sort(table, head));
    }
    const filters = document.getElementById("filters");
    filters.addEventListener("input", () => filter(filters));
    filters.addEventListener("reset", () => setTimeout(() => filter(filters), 0));
    filters.addEventListener("submit", (event) => event.preventDefault());
    filter(filters);
  }

  function compare(key, a, b) {
    const [x, y] = [data.clusters[a][key], data.clusters[b][key]];
    if (!known(x) || !known(y)) return known(y) - known(x) || a - b; // what is unknown comes last
    const order = typeof x === "string" ? x.localeCompare(y, document.documentElement.lang, { numeric: true }) : x - y;
    return order || a - b;
  }

  function sort(table, head) {
    const down = head.getAttribute("aria-sort") === "ascending";
    const key = head.dataset.sort;
    for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = Array.from(table.tBodies[0].rows);
    const value = (row) => Number(row.dataset.index);
    rows.sort((a, b) => {
      const order = compare(key, value(a), value(b));
      const bothKnown = known(data.clusters[value(a)][key]) && known(data.clusters[value(b)][key]);
      return down && bothKnown ? -order : order;
    });
    table.tBodies[0].append(...rows);
  }

  // [limit, field, at least (1) or at most (-1)]; a cluster whose figure is unknown does not meet a limit.
  const LIMITS = [
    ["min_homes", "homes", 1],
    ["max_cost", "annual_eur_per_home", -1],
    ["min_saving", "saving", 1],
    ["max_boreholes", "boreholes", -1],
  ];

  function meets(cluster, form, verdicts) {
    if (!verdicts.has(cluster.verdict)) return false;
    return LIMITS.every(function ([limit, field, sign]) {
      const value = form.elements[limit].value;
      if (value === "") return true;
      return known(cluster[field]) && sign * (cluster[field] - Number(value)) >= 0;
    });
  }

  function filter(form) {
    const verdicts = new Set(Array.from(form.querySelectorAll("[name=verdict]:checked"), (box) => box.value));
    const kept = data.clusters.map((cluster) => meets(cluster, form, verdicts));
    for (const row of document.querySelectorAll("#list tbody tr")) row.hidden = !kept[Number(row.dataset.index)];
    layers.get("cluster").eachLayer((shape) => {
      const element = shape.getElement();
      if (element) element.style.display = kept[shape.feature.properties.index] ? "" : "none";
    });
    const count = kept.filter(Boolean).length;
    const shown = { shown: number(count), all: number(kept.length) };
    document.getElementById("shown").textContent = count ? text("overview.shown", shown) : text("overview.none");
  }

  // ------------------------------------------------------------------------------------------------ address search

  function plain(value) {
    return value.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\s+/g, " ").trim();
  }

  function suggest(input, options) {
    const wanted = plain(input.value);
    const found = wanted ? data.addresses.filter((one) => plain(one[0]).includes(wanted)).slice(0, 20) : [];
    options.replaceChildren(...found.map((one) => make("option", { value: one[0] })));
  }

  // Whether `wanted` stands in an address from its first letter on, or anywhere; 1 is not found in 10.
  function fits(address, wanted, anywhere) {
    const at = address.indexOf(wanted);
    if (at < 0 || (at > 0 && !anywhere)) return false;
    return !(/\d$/.test(wanted) && /^\d/.test(address.slice(at + wanted.length)));
  }

  // What was typed may mean: groups of addresses that lead to the same place, and whether there is no doubt.
  function lookUp(value, target) {
    const wanted = plain(value);
    const groups = new Map();
    if (!wanted) return { groups: [], sure: false };
    const tests = [(one) => one === wanted, (one) => fits(one, wanted, false), (one) => fits(one, wanted, true)];
    let found = [];
    for (const test of tests) if (!found.length) found = data.addresses.filter((one) => test(plain(one[0])));
    for (const one of found) {
      const key = target(one);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(one);
    }
    return { groups: Array.from(groups.values()), sure: groups.size === 1 && /\D\d/.test(wanted) };
  }

  // Forget what was searched before.
  let pin = null;

  function forget() {
    if (pin) pin.remove();
    pin = null;
    document.getElementById("found").textContent = "";
    document.getElementById("matches").replaceChildren();
    document.getElementById("matches").hidden = true;
  }

  const MOST_MATCHES = 12;

  // `way` knows its page: the target of an address, what to do with a group, and the element to choose one with.
  function search(way) {
    const form = document.getElementById("find");
    const input = document.getElementById("address");
    const list = document.getElementById("matches");
    input.addEventListener("input", () => suggest(input, document.getElementById("addresses")));
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      const { groups, sure } = lookUp(input.value, way.target);
      forget();
      if (sure) return way.go(groups[0]);
      way.leave();
      document.getElementById("found").textContent = text(data.page + (groups.length ? ".choose" : ".not_found"));
      list.replaceChildren(...groups.slice(0, MOST_MATCHES).map((group) => make("li", {}, ...way.choice(group))));
      if (groups.length > MOST_MATCHES) {
        list.append(make("li", { class: "hint" }, text(data.page + ".more", { number: number(groups.length - MOST_MATCHES) })));
      }
      list.hidden = !groups.length;
    });
  }

  function meant(group) {
    return make("small", {}, group.length === 1 ? name(group[0][0]) : text(data.page + ".addresses", { number: number(group.length) }));
  }

  const toHome = {
    target: (one) => (one[3] >= 0 ? one[3] : one[0]),
    leave: () => close(true),
    go: goToHome,
    choice: function (group) {
      const [address, , , cluster] = group[0];
      const button = make("button", { type: "button", class: "quiet" }, name(cluster >= 0 ? data.clusters[cluster].name : address));
      button.addEventListener("click", () => (group.length === 1 || cluster < 0 ? goToHome(group) : choose(cluster)));
      return [button, cluster >= 0 ? meant(group) : make("small", {}, text("overview.outside"))];
    },
  };

  function goToHome(group) {
    const [address, east, north, cluster, why] = group[0];
    const at = L.latLng(north, east);
    if (cluster >= 0) {
      choose(cluster);
    } else {
      close(true);
      forget();
      document.getElementById("found").textContent = text("overview.no_cluster", { why: why, address: address });
      map.setView(at, 19);
    }
    pin = L.circleMarker(at, { pane: "markerPane", radius: 11, color: "#1b2f33", weight: 4, fill: false, interactive: false }).addTo(map);
    pin.bindTooltip(name(address), { permanent: true, direction: "top", offset: [0, -10], className: "name" });
  }

  const toPage = {
    target: (one) => one[1],
    leave: () => {},
    go: (group) => { window.location.href = data.files[group[0][1]]; },
    choice: (group) => [make("a", { href: data.files[group[0][1]] }, name(data.names[group[0][1]])), meant(group)],
  };

  // -------------------------------------------------------------------------------------------------------- pages

  function start(shown) {
    map = shown;
    document.documentElement.classList.add("js");
    map.invalidateSize(false);
    frame();
    legend();
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      map.closePopup();
      if (data.page === "overview") close(false);
    });
    if (data.page === "overview") {
      list();
      search(toHome);
    } else {
      printButton();
    }
    document.documentElement.dataset.ready = "true";
  }

  function printButton() {
    const button = document.getElementById("print");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // The index of pages: an address leads to its page.
  function startIndex() {
    read();
    document.documentElement.classList.add("js");
    search(toPage);
    document.documentElement.dataset.ready = "true";
  }

  return { fill, style, circle, each, renderer, start, startIndex };
})();
