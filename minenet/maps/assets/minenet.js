// The script of every minenet page. It is constant: all that differs between pages is in the block `mn-data`.
// Text from data is only ever set with textContent, so it cannot become markup.
"use strict";

const MN = (function () {
  let data = { texts: {}, styles: {}, layers: {} };
  const layers = new Map(); // folium layers by name
  let chosen = -1;          // number of the cluster that the panel shows
  let map = null;

  // ---------------------------------------------------------------------------------------------- small helpers

  // The data of a town is packed: it is unpacked while the page shows its frame, then `next` goes on.
  function read(next) {
    const block = document.getElementById("mn-data");
    const take = (json) => { data = JSON.parse(json); next(); };
    if (!("packed" in block.dataset)) return take(block.textContent);
    if (typeof DecompressionStream === "undefined") {
      document.getElementById("too-old").hidden = false;
      return undefined;
    }
    const packed = atob(block.textContent);
    const bytes = new Uint8Array(packed.length);
    for (let i = 0; i < packed.length; i += 1) bytes[i] = packed.charCodeAt(i);
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text().then(take);
  }

  // Columns as rows; those with `of` belong to the cluster of that number and are asked for one cluster at a time.
  function row(columns, at) {
    return Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, values[at]]));
  }

  function rowsOf(columns, cluster) {
    const found = [];
    if (!columns.of) return found;
    if (!columns.first) {
      columns.first = new Map();
      columns.of.forEach((one, at) => { if (!columns.first.has(one)) columns.first.set(one, at); });
      Object.defineProperty(columns, "first", { enumerable: false });
    }
    if (!columns.first.has(cluster)) return found;
    for (let at = columns.first.get(cluster); columns.of[at] === cluster; at += 1) found.push(row(columns, at));
    return found;
  }

  // Steps of 1 / scale degree as world coordinates of Leaflet's zoom 0; a step leads on from the point before it, the
  // first point of a ring from the first point of the ring before it.
  function unfold(packed) {
    const total = packed.steps.length / 2;
    const shapes = { x: new Float64Array(total), y: new Float64Array(total), start: new Uint32Array(packed.counts.length + 1) };
    let [at, east, north] = [0, 0, 0];
    packed.counts.forEach((count, ring) => {
      shapes.start[ring] = at;
      let [x, y] = [east, north];
      for (let k = 0; k < count; k += 1, at += 1) {
        x += packed.steps[2 * at];
        y += packed.steps[2 * at + 1];
        if (!k) [east, north] = [x, y];
        const sine = Math.sin((y / packed.scale) * Math.PI / 180);
        shapes.x[at] = (x / packed.scale + 180) / 360 * 256;
        shapes.y[at] = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 256;
      }
    });
    shapes.start[packed.counts.length] = at;
    return shapes;
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
    const gap = unit === "%" && document.documentElement.lang === "en" ? "" : "\u00a0";
    return unit ? shown + gap + unit : shown;
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
    if (known(properties.depth_m)) add("map.depth", number(properties.depth_m, "m")); // of a few homes it is not told
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
    layers.set(layer, shape); // it gets its features once the data is there
  }

  function populate() {
    for (const [layer, shape] of layers) {
      const packed = data.layers[layer] || { scale: 1, features: [] };
      const found = packed.features.map(([kind, steps, properties]) =>
        ({ type: "Feature", properties: properties, geometry: geometry(kind, steps, packed.scale) }));
      if (layer === "label" && data.page === "overview") names = found; // these are many: shown where one looks
      else found.forEach((one) => shape.addData(one));
    }
  }

  let names = [];

  function nameView() {
    const shape = layers.get("label");
    if (data.page !== "overview" || !map.hasLayer(shape)) return;
    const view = map.getBounds().pad(0.2);
    shape.clearLayers();
    for (const one of names) {
      const [east, north] = one.geometry.coordinates;
      if (view.contains([north, east])) shape.addData(one);
    }
    declutter();
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
    nameView();
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
      for (const [one, seen] of boxes) {
        const box = kind === ".name" ? seen : pushed(one, seen);
        const others = kind === ".label-street" ? kept.slice(0, before) : kept; // streets only give way to the rest
        const over = others.some((b) => box.left < b.right && b.left < box.right && box.top < b.bottom && b.top < box.bottom);
        one.classList.toggle("covered", over && kind !== ".name");
        if (!over) kept.push(box);
      }
    }
  }

  // A name that the edge of the map would cut off moves inwards; one whose place is out of sight stays where it is.
  function pushed(one, box) {
    const edge = map.getContainer().getBoundingClientRect();
    const before = parseFloat(one.style.marginLeft) || 0;
    const [left, right] = [box.left - before, box.right - before];
    const middle = (left + right) / 2;
    const inside = middle > edge.left && middle < edge.right && right - left < edge.width - 8;
    const shift = inside ? Math.max(edge.left + 4 - left, 0) + Math.min(edge.right - 4 - right, 0) : 0;
    one.style.marginLeft = shift ? shift + "px" : "";
    return { left: left + shift, right: right + shift, top: box.top, bottom: box.bottom };
  }

  function thin(zoom) {
    const wanted = zoom >= 16.5 ? 1 : zoom >= 15 ? 0.6 : 0.35;
    if (wanted === thickness) return;
    thickness = wanted;
    for (const key of ["cluster", "zone", "heat", "condition"]) {
      if (layers.has(key)) layers.get(key).setStyle(style(key));
    }
    if (chosen >= 0 && !lifted) emphasise(chosen);
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
        if (data.tiles && data.tiles[box.dataset.layer]) redraw();
        else togglePart(layers.get(box.dataset.layer), box.checked);
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
    map.on("moveend", () => { nameView(); declutter(); });
    map.on("tooltipopen tooltipclose", (event) => { if (event.tooltip.options.className === "name") declutter(); });
    rescale();
  }

  function fit() {
    if (data.page === "overview") map.fitBounds(data.bounds, { paddingTopLeft: [corner(), 24], paddingBottomRight: [24, 40], maxZoom: 19 });
    else map.fitBounds(data.bounds, { padding: [36, 36], maxZoom: 20 });
  }

  // ------------------------------------------------------------------------------------------------------ tiles

  // What is many is drawn on canvas tiles from arrays. Shapes are found by squares, which are the tiles of this zoom.
  const SQUARE = 15;
  const drawnAs = new Map(); // class -> { x, y, start, owner, squares, boxes }
  const grids = [];

  function tiles() {
    for (const [kind, packed] of Object.entries(data.tiles)) {
      const shapes = Object.assign(unfold(packed), { owner: packed.owner, holes: new Set(packed.holes) });
      drawnAs.set(kind, Object.assign(shapes, sorted(shapes)));
      packed.steps = null;
    }
    grid(["land", "water", "street", "building"], 395);
    if (drawnAs.has("cluster")) grid(["cluster"], 428);
    grid(["left_out"], 445);
    if (drawnAs.has("cluster")) pointing();
  }

  function grid(kinds, height) {
    const pane = "mn-tiles-" + kinds[0];
    Object.assign(map.createPane(pane).style, { zIndex: height, pointerEvents: "none" });
    const Grid = L.GridLayer.extend({ createTile: (where) => tile(kinds, where) });
    grids.push(new Grid({ pane: pane, maxZoom: 21, updateWhenZooming: false, keepBuffer: 1 }).addTo(map));
  }

  function redraw() {
    for (const one of grids) one.redraw();
  }

  // The square or squares that each shape touches, and the box around it.
  function sorted(shapes) {
    const found = { squares: new Map(), boxes: new Float64Array(4 * (shapes.start.length - 1)) };
    const size = 256 / 2 ** SQUARE;
    for (let ring = 0; ring + 1 < shapes.start.length; ring += 1) {
      let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let k = shapes.start[ring]; k < shapes.start[ring + 1]; k += 1) {
        west = Math.min(west, shapes.x[k]);
        east = Math.max(east, shapes.x[k]);
        north = Math.min(north, shapes.y[k]);
        south = Math.max(south, shapes.y[k]);
      }
      found.boxes.set([west, north, east, south], 4 * ring);
      for (let i = Math.floor(west / size); i <= Math.floor(east / size); i += 1) {
        for (let j = Math.floor(north / size); j <= Math.floor(south / size); j += 1) {
          const key = i + "," + j;
          if (!found.squares.has(key)) found.squares.set(key, []);
          found.squares.get(key).push(ring);
        }
      }
    }
    return found;
  }

  // Rings that may be seen in a tile.
  function ringsIn(shapes, where, margin) {
    const size = 256 / 2 ** where.z;
    const [west, north] = [(where.x - margin) * size, (where.y - margin) * size];
    const [east, south] = [(where.x + 1 + margin) * size, (where.y + 1 + margin) * size];
    const square = 256 / 2 ** SQUARE;
    const found = new Set();
    const add = (rings) => {
      for (const ring of rings || []) {
        const b = 4 * ring;
        if (shapes.boxes[b] <= east && shapes.boxes[b + 2] >= west && shapes.boxes[b + 1] <= south && shapes.boxes[b + 3] >= north) found.add(ring);
      }
    };
    const [i0, i1, j0, j1] = [west, east, north, south].map((value) => Math.floor(value / square));
    if ((i1 - i0) * (j1 - j0) > shapes.squares.size) shapes.squares.forEach(add);
    else for (let i = i0; i <= i1; i += 1) for (let j = j0; j <= j1; j += 1) add(shapes.squares.get(i + "," + j));
    return Array.from(found).sort((a, b) => a - b); // a hole comes after its outline
  }

  function tile(kinds, where) {
    const canvas = document.createElement("canvas");
    const sharp = 2 * (window.devicePixelRatio || 1); // between two zooms a tile is drawn larger than it is
    canvas.width = canvas.height = 256 * sharp;
    const pen = canvas.getContext("2d");
    pen.scale(sharp, sharp);
    for (const kind of kinds) if (drawnAs.has(kind) && ticked(kind)) drawKind(pen, kind, where);
    return canvas;
  }

  const GROUND = { street: "line", left_out: "point" };
  const COARSE = 13; // up to this zoom a building is a dot

  const BROKEN_UP = new Set(["building", "street", "left_out"]); // shapes whose order on the canvas nobody sees
  const FINEST = 0.6; // pixels
  const AT_ONCE = 100; // a path of many shapes is slow to fill

  function drawKind(pen, kind, where) {
    const shapes = drawnAs.get(kind);
    const zoom = 2 ** where.z;
    const size = GROUND[kind] === "point" ? 2 * data.styles[kind].radius * pointSize(where.z) : 1;
    const dots = (kind === "building" && where.z <= COARSE) || (GROUND[kind] === "point" && size < 3);
    const paths = new Map(); // style -> [path, how many shapes]
    if (dots) pen.fillStyle = kind === "building" ? data.styles.building.fillColor : data.styles[kind].color;
    for (const ring of ringsIn(shapes, where, dots ? 0 : 0.06)) {
      if (kind === "cluster" && !kept[shapes.owner[ring]]) continue;
      const first = shapes.start[ring];
      const [x, y] = [shapes.x[first] * zoom - where.x * 256, shapes.y[first] * zoom - where.y * 256];
      if (dots && shapes.holes.has(ring)) continue;
      if (dots) { pen.fillRect(x, y, size, size); continue; }
      const key = kind === "cluster" ? data.clusters[shapes.owner[ring]].verdict : kind;
      const one = paths.get(key) || [new Path2D(), 0];
      trace(one[0], shapes, ring, zoom, where, GROUND[kind], size / 2);
      one[1] += 1;
      paths.set(key, one);
      if (one[1] >= AT_ONCE && BROKEN_UP.has(kind) && !shapes.holes.has(ring + 1)) {
        ink(pen, key, one[0], where);
        paths.delete(key);
      }
    }
    for (const [key, [path]] of paths) ink(pen, key, path, where);
  }

  function trace(path, shapes, ring, zoom, where, how, radius) {
    const [first, end] = [shapes.start[ring], shapes.start[ring + 1]];
    const x = (k) => shapes.x[k] * zoom - where.x * 256;
    const y = (k) => shapes.y[k] * zoom - where.y * 256;
    if (how === "point") {
      path.moveTo(x(first) + radius, y(first));
      path.arc(x(first), y(first), radius, 0, 2 * Math.PI);
      return;
    }
    let [a, b] = [x(first), y(first)];
    path.moveTo(a, b);
    for (let k = first + 1; k < end; k += 1) {
      const [c, d] = [x(k), y(k)];
      if (Math.abs(c - a) + Math.abs(d - b) < FINEST && k + 1 < end) continue; // nobody would see it
      path.lineTo(c, d);
      [a, b] = [c, d];
    }
    if (how !== "line") path.closePath();
  }

  function pointSize(zoom) {
    return zoom >= 18.5 ? 1 : zoom >= 17.5 ? 0.7 : zoom >= 16 ? 0.5 : 0.25;
  }

  function metresAt(zoom) {
    return (156543 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / Math.pow(2, zoom);
  }

  function ink(pen, key, path, where) {
    const found = data.styles[key];
    const outlined = key in VERDICT_WEIGHT;
    if (GROUND[key] !== "line" && found.fillColor) {
      pen.globalAlpha = found.fillOpacity === undefined ? 1 : found.fillOpacity;
      pen.fillStyle = patterned(pen, found.fillColor);
      pen.fill(path); // holes run the other way round, so they stay empty
    }
    pen.globalAlpha = 1;
    if (found.stroke === false || (key === "building" && where.z < 16)) return;
    pen.strokeStyle = found.color;
    const thin = where.z >= 16.5 ? 1 : where.z >= 15 ? 0.6 : 0.35;
    pen.lineWidth = GROUND[key] === "line" ? Math.max(1, Math.min(14, 5 / metresAt(where.z))) : found.weight * (outlined ? thin : 1);
    pen.setLineDash(outlined && found.dashArray ? found.dashArray.split(" ").map(Number) : []);
    pen.lineJoin = "round";
    pen.stroke(path);
  }

  const VERDICT_WEIGHT = { promising: 1, investigate: 1, excluded: 1, unknown: 1 };
  const patterns = new Map();

  // The patterns of the page's SVG, drawn for canvas: stripes, or a grid on its side.
  function patterned(pen, colour) {
    if (!colour.startsWith("url")) return colour;
    if (!patterns.has(colour)) {
      const small = document.createElement("canvas");
      small.width = small.height = 8;
      const brush = small.getContext("2d");
      const hatch = colour.includes("hatch");
      brush.fillStyle = hatch ? "rgba(230,159,0,.28)" : "rgba(213,94,0,.12)";
      brush.fillRect(0, 0, 8, 8);
      brush.strokeStyle = hatch ? "rgba(230,159,0,.85)" : "rgba(213,94,0,.75)";
      brush.lineWidth = hatch ? 2.4 : 1;
      brush.beginPath();
      for (const shift of [-8, 0, 8]) {
        brush.moveTo(shift, 8); brush.lineTo(shift + 8, 0);
        if (!hatch) { brush.moveTo(shift, 0); brush.lineTo(shift + 8, 8); }
      }
      brush.stroke();
      patterns.set(colour, pen.createPattern(small, "repeat"));
    }
    return patterns.get(colour);
  }

  // The cluster at a place, or -1: it lies inside an odd number of its rings.
  function clusterAt(latlng) {
    const shapes = drawnAs.get("cluster");
    const p = L.CRS.EPSG3857.latLngToPoint(latlng, 0);
    const size = 256 / 2 ** SQUARE;
    const inside = new Map();
    for (const ring of shapes.squares.get(Math.floor(p.x / size) + "," + Math.floor(p.y / size)) || []) {
      let odd = false;
      const [first, end] = [shapes.start[ring], shapes.start[ring + 1]];
      for (let k = first, j = end - 1; k < end; j = k, k += 1) {
        const across = (shapes.y[k] > p.y) !== (shapes.y[j] > p.y);
        if (across && p.x < ((shapes.x[j] - shapes.x[k]) * (p.y - shapes.y[k])) / (shapes.y[j] - shapes.y[k]) + shapes.x[k]) odd = !odd;
      }
      if (odd) inside.set(shapes.owner[ring], !inside.get(shapes.owner[ring]));
    }
    for (const [owner, odd] of inside) if (odd && kept[owner]) return owner;
    return -1;
  }

  function outline(cluster) {
    const shapes = drawnAs.get("cluster");
    const rings = [];
    shapes.owner.forEach((owner, ring) => {
      if (owner !== cluster) return;
      const points = [];
      for (let k = shapes.start[ring]; k < shapes.start[ring + 1]; k += 1) points.push(L.CRS.EPSG3857.pointToLatLng(L.point(shapes.x[k], shapes.y[k]), 0));
      rings.push([points]);
    });
    return rings.length ? L.polygon(rings, { pane: "mn-cluster", fill: false, interactive: false }) : null;
  }

  // Clusters on tiles answer to the mouse as shapes do.
  function pointing() {
    const tip = L.tooltip({ className: "name", direction: "right", offset: [12, 0] });
    let shown = -1;
    map.on("click", (event) => { const at = clusterAt(event.latlng); if (at >= 0) choose(at, true); });
    map.on("mousemove", function (event) {
      const at = clusterAt(event.latlng);
      map.getContainer().style.cursor = at >= 0 ? "pointer" : "";
      if (at < 0) tip.remove();
      else tip.setLatLng(event.latlng);
      if (at >= 0 && at !== shown) tip.setContent(name(data.clusters[at].name)).addTo(map);
      shown = at;
    });
    map.on("mouseout", () => { tip.remove(); shown = -1; });
  }

  // --------------------------------------------------------------------------------------------------- overview

  // Width that zoom buttons and legend take from the map.
  function corner() {
    const open = document.querySelector("details.legend[open]");
    return open && window.matchMedia("(min-width: 801px)").matches ? open.offsetWidth + 30 : 70;
  }

  let lifted = null; // the outline over the tiles of the cluster that is chosen

  function place(cluster) {
    if (data.tiles.cluster) return outline(cluster);
    let found = null;
    layers.get("cluster").eachLayer((shape) => {
      if (shape.feature.properties.index === cluster) found = shape;
    });
    return found;
  }

  function emphasise(index) {
    const shape = place(index);
    lifted = data.tiles.cluster && shape ? shape.addTo(map) : null;
    if (shape) shape.setStyle({ weight: 5, color: "#1b2f33" }).bringToFront();
    return shape;
  }

  function letGo() {
    if (lifted) lifted.remove();
    lifted = null;
    layers.get("cluster").setStyle(style("cluster"));
  }

  function choose(index, keepView) {
    forget();
    letGo();
    chosen = index;
    const cluster = data.clusters[index];
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
    letGo();
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
    const mark = copied("#marks .verdict-" + cluster.verdict);
    const about = make("p", { class: "about" }, mark, make("span", {}, text("overview.homes") + ": " + number(cluster.homes)));
    const head = [back, make("h2", {}, name(cluster.name)), about, link(cluster)];
    panel.setAttribute("aria-label", cluster.name);
    const index = data.clusters.indexOf(cluster);
    panel.replaceChildren(...head, reasons(cluster), why(cluster), variants(cluster, index), facts(cluster), matters(cluster, index), checks(index));
    swap(true);
    panel.scrollTop = 0;
    panel.focus({ preventScroll: window.matchMedia("(min-width: 801px)").matches });
  }

  function reasons(cluster) {
    const part = document.createDocumentFragment();
    if (!cluster.reasons.length) return part;
    part.append(make("h3", {}, text("overview.reasons")));
    part.append(make("ul", {}, ...cluster.reasons.map((reason) => make("li", {}, data.reason_texts[reason]))));
    return part;
  }

  // Why a cluster has its rank: the four figures that count within a verdict.
  function why(cluster) {
    const part = document.createDocumentFragment();
    if (!known(cluster.asked) || !known(cluster.rank)) return part;
    const list = make("dl", { class: "facts" });
    const add = (key, value) => list.append(make("dt", {}, text("why." + key)), make("dd", {}, value));
    const some = (count, all) => (known(count) ? text("why.part", { some: number(count), all: number(all) }) : text("word.unknown"));
    add("saving", euro(cluster.saving));
    add("robustness", some(cluster.away, cluster.homes));
    add("drillings", some(cluster.saved, cluster.homes));
    add("certainty", some(cluster.answered, cluster.asked));
    part.append(make("h3", {}, text("why.title", { rank: number(cluster.rank) })), make("p", { class: "hint" }, text("why.more")), list);
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

  function share(value) {
    return known(value) ? number(100 * value, "%") : text("word.unknown");
  }

  function decimal(value, unit) {
    if (!known(value)) return text("word.unknown");
    return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(value) + "\u00a0" + unit;
  }

  const dash = () => cell("–");

  // What is told of each way to heat, one line each; systems stand beside each other.
  const LINES = [
    ["row.annual", (one) => cell(euro(one.annual_eur_per_home), range(one))],
    ["row.cheaper_gas", (one) => (one.variant === "gas_boiler" ? dash() : cell(share(one.chance_cheaper_than_gas)))],
    ["row.cheaper_air", (one) => (one.variant === "air_heat_pump" ? dash() : cell(share(one.chance_cheaper_than_air)))],
    ["row.capex", (one) => cell(euro(one.capex_eur_per_home))],
    ["row.boreholes", (one) => ground(one, number(one.boreholes), known(one.depth_m) ? "à " + number(one.depth_m, "m") : "")],
    ["row.trench", (one) => ground(one, number(one.trench_m, "m"),
      known(one.public_trench_m) ? text("row.public", { length: number(one.public_trench_m, "m") }) : "")],
    ["row.break_even", (one) => (isNet(one) ? cell(known(one.break_even_homes) ? number(one.break_even_homes) : text("overview.never")) : dash())],
    ["row.co2", (one) => cell(number(one.co2_kg_per_home, "kg"))],
    ["row.peak", (one) => cell(decimal(one.grid_peak_kw_per_home, "kW"))],
  ];

  function ground(one, value, more) {
    return GROUNDLESS.has(one.variant) ? dash() : cell(value, more);
  }

  function isNet(one) {
    return !GROUNDLESS.has(one.variant) && one.variant !== "own_loops";
  }

  function variants(cluster, index) {
    const found = rowsOf(data.solutions, index);
    const shown = found.filter((one) => one.feasible !== false || one.partly);
    const part = document.createDocumentFragment();
    part.append(make("h3", {}, text("overview.variants")));
    if (shown.length) part.append(beside(cluster, shown));
    const out = found.filter((one) => !shown.includes(one));
    const notes = shown.filter((one) => one.partly).map((one) => [one, one.reason]);
    notes.push(...out.map((one) => [one, text("row.impossible") + (known(one.reason) ? ": " + one.reason : ".")]));
    const list = make("ul", { class: "notes" });
    for (const [one, why] of notes) list.append(make("li", {}, make("strong", {}, text("variant." + one.variant)), " – ", why));
    if (notes.length) part.append(list);
    return part;
  }

  function beside(cluster, shown) {
    const best = (one) => (one.variant === cluster.best_variant ? " best" : "");
    const head = make("tr", {}, make("th", { scope: "col" }, text("row.variant")));
    for (const one of shown) {
      const title = make("th", { scope: "col", class: "num" + best(one), title: text("variant." + one.variant) }, text("short." + one.variant));
      if (best(one)) title.append(make("small", { class: "least" }, text("word.best")));
      head.append(title);
    }
    const body = LINES.map(([key, told]) => {
      const line = make("tr", {}, make("th", { scope: "row" }, text(key)));
      for (const one of shown) {
        const told_ = told(one);
        if (best(one)) told_.classList.add("best");
        line.append(told_);
      }
      return line;
    });
    const table = make("table", { class: "variants" }, make("thead", {}, head), make("tbody", {}, ...body));
    return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": text("overview.variants") }, table);
  }

  // Figures of the place itself; what nobody knows is left out here, the checks ask for it.
  function facts(cluster) {
    const list = make("dl", { class: "facts" });
    const add = (key, value, unknown) => {
      if (known(value) || unknown) list.append(make("dt", {}, text(key)), make("dd", {}, known(value) ? number(value) : unknown));
    };
    const built = known(cluster.best_variant);
    add("overview.capacity", cluster.borehole_capacity);
    add("overview.own", cluster.own_loop_homes);
    add("overview.own_unknown", cluster.own_loop_unknown_homes || null);
    add("overview.shared", cluster.shared_loop_homes);
    add("overview.break_even", cluster.break_even_homes, built && known(cluster.annual_eur_per_home) ? text("overview.never") : "");
    add("overview.break_even_own", cluster.break_even_own_loops);
    add("overview.ready", cluster.homes_ready);
    add("overview.insulate", cluster.homes_to_insulate);
    const part = document.createDocumentFragment();
    if (list.childElementCount) part.append(make("h3", {}, text("overview.facts")), list);
    return part;
  }

  // A tornado: how far the cost moves when one assumption is low or high, around the cost as calculated.
  function matters(cluster, index) {
    const found = rowsOf(data.sensitivity, index);
    const part = document.createDocumentFragment();
    if (!found.length || !known(cluster.annual_eur_per_home)) return part;
    const ends = found.flatMap((one) => [one.low_eur_per_home, one.high_eur_per_home]);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    const at = (value) => ((value - low) / Math.max(high - low, 1)) * 100;
    const list = make("ul", { class: "tornado" });
    for (const one of found) {
      const [a, b, middle] = [at(one.low_eur_per_home), at(one.high_eur_per_home), at(cluster.annual_eur_per_home)];
      const bar = picture(`M0,5H100`, "track", `M${Math.min(a, b)},5H${Math.max(a, b)}`, "swing", `M${middle},0V10`, "middle");
      const amounts = euro(one.low_eur_per_home) + " – " + euro(one.high_eur_per_home);
      list.append(make("li", {}, make("span", {}, one.assumption), make("span", { class: "amount" }, amounts), bar));
    }
    part.append(make("h3", {}, text("overview.matters")), make("p", { class: "hint" }, text("overview.matters_more")), list);
    return part;
  }

  function picture(...paths) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    for (const [key, value] of [["viewBox", "0 0 100 10"], ["preserveAspectRatio", "none"], ["aria-hidden", "true"]]) svg.setAttribute(key, value);
    for (let i = 0; i < paths.length; i += 2) {
      const path = document.createElementNS(space, "path");
      path.setAttribute("d", paths[i]);
      path.setAttribute("class", paths[i + 1]);
      svg.append(path);
    }
    return svg;
  }

  function checks(index) {
    const part = document.createDocumentFragment();
    const found = data.checks[index].map((one) => row(data.check_lines, one));
    if (!found.length) return part;
    const list = make("ul", { class: "checks" });
    for (const one of found) {
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

  // The list: the first rows stand in the page already; here they are drawn anew, some at a time, sorted and filtered.
  const ROWS = 200;
  let order = [];
  let kept = [];
  let drawnRows = ROWS;
  let rowsBefore = ROWS;
  const ON_PAPER = 500; // rows

  function list() {
    const table = document.getElementById("list");
    if (!table) return;
    order = data.clusters.map((_, index) => index);
    kept = order.map(() => true);
    for (const head of table.querySelectorAll("th[data-sort]")) {
      head.querySelector("button").addEventListener("click", () => sort(head.dataset.sort, head.getAttribute("aria-sort") === "ascending"));
    }
    const by = document.getElementById("order");
    by.addEventListener("change", () => sort(by.value, MOST_FIRST.has(by.value)));
    window.addEventListener("beforeprint", () => { rowsBefore = drawnRows; drawnRows = ON_PAPER; drawRows(); });
    window.addEventListener("afterprint", () => { drawnRows = rowsBefore; drawRows(); });
    const filters = document.getElementById("filters");
    filters.addEventListener("input", () => filter(filters));
    filters.addEventListener("reset", () => setTimeout(() => filter(filters), 0));
    filters.addEventListener("submit", (event) => event.preventDefault());
    document.getElementById("more").addEventListener("click", function () {
      const before = drawnRows;
      drawnRows += ROWS;
      drawRows();
      const first = table.tBodies[0].rows[before];
      if (first) first.querySelector("button").focus();
    });
    filter(filters);
  }

  function drawRows() {
    const shown = order.filter((index) => kept[index]);
    const body = document.getElementById("list").tBodies[0];
    body.replaceChildren(...shown.slice(0, drawnRows).map(listRow));
    const more = document.getElementById("more");
    const rest = Math.min(shown.length - drawnRows, ROWS);
    more.hidden = rest <= 0;
    more.textContent = text("overview.more_rows", { number: number(Math.max(rest, 0)) });
    const cut = document.getElementById("on-paper");
    cut.hidden = rest <= 0;
    cut.textContent = text("overview.on_paper", { rows: number(drawnRows), shown: number(shown.length) });
  }

  function listRow(index) {
    const cluster = data.clusters[index];
    const button = make("button", { type: "button", class: "choose" }, name(cluster.name));
    button.addEventListener("click", () => choose(index));
    const figure = (value, shown) => make("td", { class: "num" }, known(value) ? shown(value) : make("span", { class: "unknown" }, text("word.unknown")));
    return make("tr", { "data-index": index, class: index === chosen ? "chosen" : "" },
      make("td", { class: "num rank" }, known(cluster.rank) ? number(cluster.rank) : "–"),
      make("th", { scope: "row" }, button, copied("#marks .verdict-" + cluster.verdict), below(cluster)),
      figure(cluster.homes, number), figure(cluster.annual_eur_per_home, euro), figure(cluster.saving, euro),
      figure(cluster.boreholes, (value) => number(value)), figure(cluster.chance, share));
  }

  // What a narrow list has no columns for.
  function below(cluster) {
    const holes = known(cluster.boreholes) ? number(cluster.boreholes) : "–";
    const told = [text("overview.below", { homes: number(cluster.homes), boreholes: holes })];
    if (known(cluster.chance)) told.push(text("overview.below_chance", { chance: share(cluster.chance) }));
    return make("small", { class: "below" }, told.join(" · "));
  }

  const LEVELS = ["promising", "investigate", "excluded", "unknown"];
  const MOST_FIRST = new Set(["homes", "saving", "chance"]);

  function compare(key, down, a, b) {
    const sign = down ? -1 : 1;
    if (key === "verdict") return sign * (LEVELS.indexOf(data.clusters[a].verdict) - LEVELS.indexOf(data.clusters[b].verdict)) || a - b;
    const [x, y] = [data.clusters[a][key], data.clusters[b][key]];
    if (!known(x) || !known(y)) return known(y) - known(x) || a - b; // what is unknown comes last
    const order = typeof x === "string" ? x.localeCompare(y, document.documentElement.lang, { numeric: true }) : x - y;
    return sign * order || a - b; // of equals the rank decides, both ways
  }

  function sort(key, down) {
    for (const other of document.querySelectorAll("#list th[aria-sort]")) other.removeAttribute("aria-sort");
    const head = document.querySelector('#list th[data-sort="' + key + '"]');
    if (head) head.setAttribute("aria-sort", down ? "descending" : "ascending");
    document.getElementById("order").value = key;
    order.sort((a, b) => compare(key, down, a, b));
    drawnRows = ROWS;
    drawRows();
  }

  // [limit, field, at least (1) or at most (-1)]; a cluster whose figure is unknown does not meet a limit.
  const LIMITS = [
    ["min_homes", "homes", 1],
    ["max_cost", "annual_eur_per_home", -1],
    ["min_saving", "saving", 1],
    ["max_boreholes", "boreholes", -1],
    ["min_chance", "percent", 1],
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
    kept = data.clusters.map((cluster) => meets(cluster, form, verdicts));
    drawnRows = ROWS;
    drawRows();
    if (data.tiles.cluster) redraw();
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

  // Addresses, unpacked when somebody first searches; the last value is the address as it is compared.
  let addressList = null;

  function allAddresses() {
    if (addressList) return addressList;
    addressList = [];
    if (Array.isArray(data.addresses)) {
      addressList = data.addresses.map((one) => [...one, plain(one[0])]);
      return addressList;
    }
    const packed = data.addresses;
    let [at, east, north] = [0, 0, 0];
    packed.streets.forEach((street, position) => {
      for (let k = 0; k < packed.counts[position]; k += 1, at += 1) {
        east += packed.steps[2 * at];
        north += packed.steps[2 * at + 1];
        const address = street + (packed.numbers[at] ? " " + packed.numbers[at] : "");
        const why = packed.reasons[packed.why[at]];
        addressList.push([address, east / packed.scale, north / packed.scale, packed.clusters[at], why, plain(address)]);
      }
    });
    return addressList;
  }

  const compared = (one) => one[one.length - 1];

  function suggest(input, options) {
    const wanted = plain(input.value);
    const found = [];
    for (const one of wanted.length > 1 ? allAddresses() : []) {
      if (compared(one).includes(wanted)) found.push(make("option", { value: one[0] }));
      if (found.length === 20) break;
    }
    options.replaceChildren(...found);
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
    for (const test of tests) if (!found.length) found = allAddresses().filter((one) => test(compared(one)));
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

  // ------------------------------------------------------------------------------------------ residents' choices

  // Cost at x along points [x, value, ...], straight between them.
  function along(points, x) {
    const after = points.findIndex((point) => point[0] >= x);
    if (after < 0) return points[points.length - 1][1];
    const [b, a] = [points[after], points[Math.max(after - 1, 0)]];
    return b[0] === a[0] ? b[1] : a[1] + ((x - a[0]) / (b[0] - a[0])) * (b[1] - a[1]);
  }

  // What follows the heat and what is shared by those who join add up, so the two choices do too. Low and high stand
  // in the same proportion to the cost as in the calculation.
  function costAt(system, gas, joins) {
    const [now, low, high] = system.now;
    let cost = gas === null || !system.gas.length ? now : along(system.gas, gas);
    if (joins !== null && system.joins.length) cost += along(system.joins, joins) - along(system.joins, data.choice.homes);
    const tens = (value) => Math.round(value / 10) * 10;
    const ranged = known(low) && known(high);
    return [tens(cost), ranged ? tens(cost * Math.min(low / now, 1)) : null, ranged ? tens(cost * Math.max(high / now, 1)) : null];
  }

  function drawBars(costs) {
    const longest = Math.max(1, ...Array.from(costs.values()).flat().filter(known)) * 1.02;
    const part = (value) => ((Math.max(value, 0) / longest) * 100).toFixed(1);
    for (const bar of document.querySelectorAll("#bars [data-variant]")) {
      const cost = costs.get(bar.dataset.variant);
      if (!cost) continue;
      const [value, low, high] = cost;
      bar.querySelector("strong").textContent = euro(value);
      const [drawn, range] = [bar.querySelector("rect.bar"), bar.querySelector("path.range")];
      if (drawn) drawn.setAttribute("width", part(value));
      if (!known(low) || !range) continue;
      bar.querySelector(".amount small").textContent = "(" + euro(low) + " " + text("word.to") + " " + euro(high) + ")";
      const [a, b] = [part(low), part(high)];
      range.setAttribute("d", `M${a},6H${b}M${a},2.5V9.5M${b},2.5V9.5`);
    }
  }

  // Which system costs least now, also when it is not the mini heat network; one that fits some homes does not count.
  function tellLeast(costs) {
    const shown = document.getElementById("least");
    const counted = data.choice.systems.filter((one) => one.whole).map((one) => one.variant);
    if (!shown || !counted.length) return;
    const least = counted.sort().reduce((a, b) => (costs.get(b)[0] < costs.get(a)[0] ? b : a));
    const cost = costs.get(least)[0];
    if (least !== "air_heat_pump" || !data.choice.best) {
      shown.textContent = text("page.cheapest", { variant: data.choice.lower[least], cost: euro(cost) });
      return;
    }
    const net = costs.get(data.choice.best);
    const gap = net && net[0] > cost ? euro(net[0] - cost) : "";
    shown.textContent = text(gap ? "money.air_least" : "page.cheapest_air", { cost: euro(cost), gap: gap });
  }

  function choices() {
    const form = document.getElementById("choice");
    if (!form) return;
    const { gas, joins } = form.elements;
    const all = data.choice.homes;
    let touched = false; // until somebody chooses, the page shows the calculation itself
    const show = function () {
      const use = touched ? Number(gas.value) : null;
      const count = joins ? Number(joins.value) : all;
      const costs = new Map(data.choice.systems.map((one) => [one.variant, costAt(one, use, count < all ? count : null)]));
      drawBars(costs);
      tellLeast(costs);
      const usual = number(known(data.choice.gas_m3) ? data.choice.gas_m3 : null, "m³");
      document.getElementById("gas-now").textContent = touched ? number(use, "m³") : usual + " (" + text("choice.mean") + ")";
      const of = text("choice.joins_of", { some: number(count), all: number(all) });
      if (joins) document.getElementById("joins-now").textContent = of;
      const mark = document.getElementById("mark");
      const place = (data.chart || []).find((one) => one[0] === count);
      if (mark && place) { mark.setAttribute("cx", place[1]); mark.setAttribute("cy", place[2]); }
      const changed = touched || count < all;
      const now = document.getElementById("now");
      now.hidden = !changed;
      now.textContent = changed ? text("choice.now", { gas: touched ? number(use, "m³") : usual, some: number(count), all: number(all) }) : "";
      form.querySelector("[type=reset]").hidden = !changed;
      for (const one of document.querySelectorAll(".sure")) one.hidden = changed; // chances are those of the calculation
    };
    gas.addEventListener("input", () => { touched = true; show(); });
    if (joins) joins.addEventListener("input", show);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => { touched = false; show(); }, 0));
    form.reset(); // a browser may keep what was chosen before
    show();
  }

  // -------------------------------------------------------------------------------------------------------- pages

  function start(shown) {
    map = shown;
    document.documentElement.classList.add("js");
    map.invalidateSize(false);
    read(begin);
  }

  function begin() {
    if (data.page === "overview") {
      const columns = data.clusters;
      data.clusters = (columns.name || []).map((_, index) => row(columns, index));
      for (const one of data.clusters) one.percent = known(one.chance) ? 100 * one.chance : null;
    }
    populate();
    legend();
    frame();
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      map.closePopup();
      if (data.page === "overview") close(false);
    });
    if (data.page === "overview") {
      list();
      search(toHome);
      tiles(); // last: the view and the filters are settled, so that nothing is drawn twice
    } else {
      choices();
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
    document.documentElement.classList.add("js");
    read(function () {
      search(toPage);
      document.documentElement.dataset.ready = "true";
    });
  }

  return { fill, style, circle, each, renderer, start, startIndex };
})();
