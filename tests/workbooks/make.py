"""Makes the workbooks of this folder: sample projects, filled into the templates that `hegui new workbook` writes.

    hegui new workbook template/申报.xlsx
    python3 make.py template/申报.xlsx ../../sample-projects/dairy-estate dairy-estate

openpyxl fills in the whole template (`<name>.full.xlsx`, not kept here), and writes what was filled in, without
empty columns, notes and drop-downs, as `<name>.openpyxl.xlsx` and `<name>.office.openpyxl.xlsx`.
LibreOffice then makes its own of each, by way of its own format:

    soffice --headless --convert-to ods X.openpyxl.xlsx && soffice --headless --convert-to xlsx X.openpyxl.ods
"""

import datetime
import glob
import pathlib
import re
import sys
import tomllib

import openpyxl

ROOT = pathlib.Path(__file__).resolve().parents[2]
TITLE, TOPICS, HEADINGS = 1, 2, 3
GUIDES = ("填表说明", "字段说明", "选项")


def vocabulary():
    """The type of each field, and the label of each answer."""
    fields, answers = {}, {}
    files = glob.glob(str(ROOT / "rules/*/fields.toml")) + glob.glob(str(ROOT / "rules/*/fields/*.toml"))
    for name in sorted(files):
        data = tomllib.load(open(name, "rb"))
        for field in data.get("field", []):
            fields[field["path"]] = field
        for key, enum in data.get("enums", {}).items():
            answers.setdefault(key, {}).update({a["id"]: a["zh"] for a in enum.get("values", [])})
    return fields, answers


FIELDS, ANSWERS = vocabulary()


def plain(text):
    return re.sub(r"\s", "", str(text))


def cell(path, value, heading):
    """A value as a person would type it under a heading."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value)) or "无"
    field = FIELDS.get(path, {})
    if field.get("type") == "enum":
        return ANSWERS.get(field.get("enum", ""), {}).get(value, value)
    if isinstance(value, str) and (found := re.fullmatch(r"(-?[\d.]+) ?(\D\S*)", value)):
        # A figure in the unit of the heading is typed as a number.
        if f"（{found[2]}）" in heading:
            return float(found[1]) if "." in found[1] else int(found[1])
    return value


class Filled:
    """A template that is being filled in."""

    def __init__(self, template):
        self.book = openpyxl.load_workbook(template)
        self.columns, self.rows, self.owners = {}, {}, {}
        paths = {}
        for sheet, _, heading, path, *_ in self.book["字段说明"].iter_rows(min_row=2, values_only=True):
            paths[(sheet, plain(heading))] = path
        for sheet in self.book:
            if sheet.title in GUIDES:
                continue
            self.rows[sheet.title] = HEADINGS
            for head in sheet[HEADINGS]:
                path = paths.get((sheet.title, plain(head.value or "")))
                if path:
                    self.columns[(sheet.title, path)] = head.column
                    self.owners.setdefault(path, sheet.title)

    def put(self, sheet, row, path, value):
        ws = self.book[sheet]
        column = self.columns.get((sheet, path))
        if column is None:
            # A field that the template leaves out goes under its path.
            column = ws.max_column + 1
            self.columns[(sheet, path)] = column
            ws.cell(HEADINGS, column).value = path.rsplit(".", 1)[-1] if sheet in LISTS else path
        target = ws.cell(row, column)
        target.value = cell(path, value, plain(ws.cell(HEADINGS, column).value))
        if isinstance(target.value, datetime.date):
            target.number_format = "yyyy-mm-dd"

    def row(self, sheet):
        self.rows[sheet] += 1
        return self.rows[sheet]

    def reduced(self):
        """What was filled in, without the rest."""
        small = openpyxl.Workbook()
        small.remove(small.active)
        for ws in self.book:
            last = self.rows.get(ws.title, 0)
            if last <= HEADINGS:
                continue
            out = small.create_sheet(ws.title)
            out.cell(TITLE, 1).value = ws.cell(TITLE, 1).value
            topics, topic = [], None
            spans = {r.min_col: r.max_col for r in ws.merged_cells.ranges if r.min_row == TOPICS}
            until = 0
            for column in range(1, ws.max_column + 1):
                if ws.cell(TOPICS, column).value:
                    topic, until = ws.cell(TOPICS, column).value, spans.get(column, column)
                if column > until:
                    topic = None
                cells = [ws.cell(r, column) for r in range(HEADINGS + 1, last + 1)]
                if all(c.value is None for c in cells):
                    continue
                topics.append(topic)
                to = len(topics)
                out.cell(HEADINGS, to).value = ws.cell(HEADINGS, column).value
                for old in cells:
                    new = out.cell(old.row, to)
                    new.value = old.value
                    new.number_format = old.number_format
            start = 0
            for at in range(1, len(topics) + 1):
                if at == len(topics) or topics[at] != topics[start]:
                    if topics[start]:
                        out.cell(TOPICS, start + 1).value = topics[start]
                        if at - start > 1:
                            out.merge_cells(start_row=TOPICS, end_row=TOPICS, start_column=start + 1, end_column=at)
                    start = at
        return small


LISTS = {}
LABELS = {}
for _path, _field in FIELDS.items():
    if _field.get("type") == "list":
        LABELS[_path] = _field["label"]["zh"]
        LISTS[_field["label"]["zh"]] = _path

STAGES = {"existing": "在建、已建核查", "construction": "开工前", "siting": "用地预审与选址", "filing": "立项"}


def submission(template, project):
    filled = Filled(template)
    row = filled.row("项目表")
    # No id of its own: it is called after its folder or file, as the text is.
    owner = project["name"]

    def records(path, items):
        filled.put("项目表", row, path, "有" if items else "无")
        for item in items:
            at = filled.row(LABELS[path])
            filled.put(LABELS[path], at, "project", owner)
            for key, value in item.items():
                filled.put(LABELS[path], at, "complete" if key == "complete" else f"{path}.{key}", value)

    for key, value in project.items():
        if key == "stage":
            filled.put("项目表", row, key, STAGES[value])
        elif key in ("supports", "depends_on"):
            filled.put("项目表", row, key, value)
        elif key in LABELS:
            records(key, value)
        elif isinstance(value, dict):
            for inner, fact in value.items():
                filled.put("项目表", row, f"{key}.{inner}", fact)
        else:
            filled.put("项目表", row, key, value)
    return filled


def replies(template, facts, owner):
    filled = Filled(template)

    def head(sheet, letter):
        row = filled.row(sheet)
        filled.put(sheet, row, "project", owner)
        for key in ("department", "reply", "date"):
            filled.put(sheet, row, key, letter[key])
        return row

    for letter in facts:
        values = letter.get("values") or {letter["path"]: letter["value"]}
        rows = {}
        for path, value in values.items():
            sheet = filled.owners.get(path) or "本机关"
            if sheet not in rows:
                rows[sheet] = head(sheet, letter)
            if path in LABELS:
                filled.put(sheet, rows[sheet], path, "有" if value else "无")
                for item in value:
                    at = head(LABELS[path], letter)
                    for key, fact in item.items():
                        filled.put(LABELS[path], at, "complete" if key == "complete" else f"{path}.{key}", fact)
            else:
                filled.put(sheet, rows[sheet], path, value)
    return filled


def main():
    template, folder, name = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    project = tomllib.load(open(folder / "project.toml", "rb"))
    office = tomllib.load(open(folder / "office.toml", "rb"))
    for suffix, filled in (
        ("", submission(template, project)),
        (".office", replies(template.with_name("office.xlsx"), office["fact"], project["name"])),
    ):
        filled.book.save(f"{name}{suffix}.full.xlsx")
        filled.reduced().save(f"{name}{suffix}.openpyxl.xlsx")


main()
