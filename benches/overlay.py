#!/usr/bin/env python3
"""Measures parcels against a large layer with hegui, shapely and PostGIS, and compares every area.

    python3 benches/overlay.py --hegui target/release/hegui [--postgis "dbname=postgres"]

It makes 20,000 parcels (every tenth with a hole) and 200,000 polygons, twenty of them with 50,000 vertices, all
random and the same in every run. Every pair of a parcel and a polygon that any of the three finds is compared: the
areas agree to one millionth or 0.01 m², or the run fails and says where. Needs shapely >= 2; psql and PostGIS for the
last comparison.
"""

import argparse
import csv
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import time

import numpy
import shapely

# EPSG:4517: eastings with the number of the zone.
WEST, SOUTH, SIDE = 29_520_000.0, 4_840_000.0, 40_000.0
RELATIVE, ABSOLUTE = 1e-6, 0.01


def star(rng, x, y, radius, vertices, rough):
    """A ring whose angles rise, so that it never crosses itself."""
    ring = []
    for i in range(vertices):
        angle = (i + 0.6 * rng.random()) / vertices * math.tau
        # A long border winds like a river and is rough only in the small, as surveyed ones are.
        wave = 0.12 * math.sin(9 * angle) + 0.05 * math.sin(83 * angle)
        r = radius * (1 + wave) - 2 * rng.random() if vertices > 1_000 else radius * (1 - rough * rng.random())
        ring.append((round(x + r * math.cos(angle), 3), round(y + r * math.sin(angle), 3)))
    return ring


def spot(rng):
    return WEST + rng.random() * SIDE, SOUTH + rng.random() * SIDE


def make(parcels, polygons, large):
    rng = random.Random(20261124)
    plots = []
    for number in range(parcels):
        x, y = spot(rng)
        radius = 20 + 180 * rng.random() ** 2
        rings = [star(rng, x, y, radius, rng.randint(5, 20), 0.4)]
        if number % 10 == 0:
            rings.append(star(rng, x, y, radius * 0.3, 6, 0.2)[::-1])
        plots.append(rings)
    layer = []
    for _ in range(polygons - large):
        x, y = spot(rng)
        layer.append([star(rng, x, y, 30 + 300 * rng.random() ** 2, rng.randint(6, 50), 0.5)])
    for _ in range(large):
        x, y = spot(rng)
        layer.append([star(rng, x, y, 2_000 + 3_000 * rng.random(), 50_000, 0.15)])
    return plots, layer


def write(path, shapes, key):
    with open(path, "w", encoding="utf-8") as out:
        for number, rings in enumerate(shapes, 1):
            closed = [ring + ring[:1] for ring in rings]
            feature = {
                "type": "Feature",
                "properties": {key: str(number)},
                "geometry": {"type": "Polygon", "coordinates": closed},
            }
            out.write(json.dumps(feature, separators=(",", ":")) + "\n")


def geometries(shapes):
    return numpy.array([shapely.Polygon(rings[0], rings[1:]) for rings in shapes])


def with_hegui(program, folder, cache, runs):
    command = [
        program, "overlay", str(folder / "parcels.geojsonl"), "--crs", "EPSG:4517",
        "--layer", f"bench={folder / 'layer.geojsonl'}", "--layer-crs", "EPSG:4517",
        "--format", "csv", "--lang", "en", "-o", str(folder / "hegui.csv"),
    ]
    environment = dict(os.environ, XDG_CACHE_HOME=str(cache))
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        times.append(time.perf_counter() - start)
        if done.returncode != 0:
            sys.exit(f"hegui failed with {done.returncode}:\n{done.stderr[:2000]}")
    areas = {}
    with open(folder / "hegui.csv", encoding="utf-8-sig", newline="") as table:
        for row in csv.DictReader(table):
            if row["status"] != "overlap":
                sys.exit(f"hegui could not measure: {row}")
            areas[int(row["parcel"]), int(row["feature"])] = float(row["overlap_m2"])
    return areas, times[0], min(times[1:])


def with_shapely(plots, layer):
    """Prepared polygons: what lies wholly inside is not intersected, and what lies apart neither."""
    tree = shapely.STRtree(layer)
    shapely.prepare(layer)
    start = time.process_time()
    own, other = tree.query(plots)
    inside = shapely.contains_properly(layer[other], plots[own])
    meets = shapely.intersects(layer[other], plots[own])
    areas = numpy.zeros(len(own))
    areas[inside] = shapely.area(plots[own[inside]])
    rest = meets & ~inside
    areas[rest] = shapely.area(shapely.intersection(plots[own[rest]], layer[other[rest]]))
    spent = time.process_time() - start
    found = {(int(a) + 1, int(b) + 1): float(v) for a, b, v in zip(own, other, areas) if v > 0}
    return found, spent, len(own)


def with_postgis(dsn, plots, layer, folder):
    def psql(*arguments, **more):
        command = ["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-d", dsn, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, **more)
        if done.returncode != 0:
            sys.exit(f"psql failed: {done.stderr[:2000]}")
        return done.stdout

    for name, shapes in (("plots", plots), ("raw", layer)):
        with open(folder / f"{name}.tsv", "w", encoding="ascii") as out:
            for number, shape in enumerate(shapely.to_wkb(shapes, hex=True), 1):
                out.write(f"{number}\t{shape}\n")
    psql("-c", """
        create extension if not exists postgis;
        drop table if exists hegui_plots, hegui_raw, hegui_layer;
        create table hegui_plots (id int, geom geometry(polygon));
        create table hegui_raw (id int, geom geometry(polygon));""")
    for name in ("plots", "raw"):
        with open(folder / f"{name}.tsv", encoding="ascii") as rows:
            psql("-c", f"copy hegui_{name} from stdin", stdin=rows)
    psql("-c", """
        set max_parallel_workers_per_gather = 0;
        create table hegui_layer as select id, ST_Subdivide(geom, 256) as geom from hegui_raw;
        create index on hegui_layer using gist (geom);
        create index on hegui_plots using gist (geom);
        analyze hegui_layer; analyze hegui_plots;""")
    start = time.perf_counter()
    out = psql("-At", "-F", "\t", "-c", """
        set max_parallel_workers_per_gather = 0;
        set jit = off;
        select p.id, l.id, sum(ST_Area(ST_Intersection(p.geom, l.geom)))
        from hegui_plots p join hegui_layer l on ST_Intersects(p.geom, l.geom)
        group by 1, 2;""")
    spent = time.perf_counter() - start
    psql("-c", "drop table hegui_plots, hegui_raw, hegui_layer")
    found = {}
    for line in out.splitlines():
        plot, feature, area = line.split("\t")
        if float(area) > 0:
            found[int(plot), int(feature)] = float(area)
    return found, spent


def compare(name, ours, theirs):
    """Every pair of either; returns how many differ."""
    worst, wrong = 0.0, []
    for pair in ours.keys() | theirs.keys():
        a, b = ours.get(pair, 0.0), theirs.get(pair, 0.0)
        apart = abs(a - b)
        if apart > ABSOLUTE and apart > RELATIVE * max(a, b):
            wrong.append((pair, a, b))
        worst = max(worst, apart)
    only = len(ours.keys() ^ theirs.keys())
    print(f"{name}: {len(ours.keys() | theirs.keys())} pairs compared, largest difference {worst:.6f} m², "
          f"{only} pairs found by one only, {len(wrong)} apart by more than {RELATIVE:g} and {ABSOLUTE} m²")
    for pair, a, b in wrong[:10]:
        print(f"  parcel {pair[0]} x polygon {pair[1]}: hegui {a:.6f}, {name} {b:.6f}")
    return len(wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hegui", default="target/release/hegui")
    parser.add_argument("--folder", default="target/overlay-bench", type=pathlib.Path)
    parser.add_argument("--parcels", default=20_000, type=int)
    parser.add_argument("--polygons", default=200_000, type=int)
    parser.add_argument("--large", default=20, type=int)
    parser.add_argument("--runs", default=3, type=int)
    parser.add_argument("--postgis", help="a connection string of a database with PostGIS")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    cache = (asked.folder / "cache").absolute()
    plots, layer = make(asked.parcels, asked.polygons, asked.large)
    write(asked.folder / "parcels.geojsonl", plots, "name")
    write(asked.folder / "layer.geojsonl", layer, "TBBH")
    vertices = sum(len(ring) for rings in layer for ring in rings)
    print(f"{len(plots)} parcels, {len(layer)} polygons, {vertices} vertices")
    plots, layer = geometries(plots), geometries(layer)
    for name, shapes in (("parcels", plots), ("polygons", layer)):
        invalid = numpy.flatnonzero(~shapely.is_valid(shapes))
        if len(invalid):
            sys.exit(f"{len(invalid)} {name} are invalid, the first is {invalid[0] + 1}")

    ours, first, later = with_hegui(asked.hegui, asked.folder, cache, asked.runs)
    print(f"hegui: {later:.2f} s for the whole process with the layer in the cache "
          f"(reads parcels, measures, writes {len(ours)} rows); {first:.2f} s when the cache was as it was before")
    theirs, spent, candidates = with_shapely(plots, layer)
    print(f"shapely {shapely.__version__}: {spent:.2f} s, queries and intersections alone ({candidates} candidates)")
    wrong = compare("shapely", ours, theirs)
    print(f"ratio shapely / hegui: {spent / later:.1f}")
    if asked.postgis:
        theirs, spent = with_postgis(asked.postgis, plots, layer, asked.folder)
        print(f"PostGIS: {spent:.2f} s, the query alone, one process, over ST_Subdivide'd polygons")
        wrong += compare("PostGIS", ours, theirs)
        print(f"ratio PostGIS / hegui: {spent / later:.1f}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
