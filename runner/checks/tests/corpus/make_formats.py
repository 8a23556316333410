"""Writes small, harmless files of many formats with the libraries that people use: none of them may be blocked.

    python3 -m venv venv && venv/bin/pip install numpy pandas pyarrow fastparquet polars duckdb openpyxl XlsxWriter \
        safetensors onnx skl2onnx scikit-learn pillow matplotlib reportlab fpdf2 pikepdf nbformat
    venv/bin/python make_formats.py benign
"""

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from decimal import Decimal

import numpy as np

OUT = sys.argv[1] if len(sys.argv) > 1 else "benign"
HOSTILE = os.path.join(OUT, "..", "hostile")
os.makedirs(OUT, exist_ok=True)
os.makedirs(HOSTILE, exist_ok=True)
TABLE = "metric,value\nauc,0.91\nrecall,0.88\n"
NOTE = "The area under the curve is 0.91.\n"


def at(name):
    return os.path.join(OUT, name)


def put(name, content):
    with open(at(name), "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def texts():
    put("plain.csv", TABLE)
    put("semicolons.csv", TABLE.replace(",", ";"))
    put("plain.tsv", TABLE.replace(",", "\t"))
    put("plain.json", json.dumps({"auc": 0.91, "folds": [0.9, 0.92], "site": "Grönna"}))
    put("plain.jsonl", '{"auc": 0.91}\n{"auc": 0.88}\n')
    put("plain.txt", NOTE)
    put("plain.md", "# Results\n\n" + NOTE)
    put("plain.log", "epoch 1 loss 0.71\nepoch 2 loss 0.55\n")


def archives():
    with zipfile.ZipFile(at("stored.zip"), "w") as z:
        z.writestr("by_site.csv", TABLE)
        z.writestr("notes/read.txt", NOTE)
    with zipfile.ZipFile(at("deflated.zip"), "w", zipfile.ZIP_DEFLATED) as z:
        z.mkdir("notes")
        z.writestr("notes/read.txt", NOTE * 9)
        z.writestr("by_site.csv", TABLE)
        with z.open("long.csv", "w", force_zip64=True) as f:
            f.write(TABLE.encode())

    class Pipe(io.RawIOBase):
        """What can't be rewound: sizes follow the members."""

        def __init__(self):
            self.all = b""

        def writable(self):
            return True

        def write(self, b):
            self.all += bytes(b)
            return len(b)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("by_site.csv", TABLE)
        with z.open("long.csv", "w", force_zip64=True) as f:
            f.write(TABLE.encode())
    put("piped.zip", pipe.all)
    with zipfile.ZipFile(at("empty.zip"), "w"):
        pass
    for name, form in [("ustar", tarfile.USTAR_FORMAT), ("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)]:
        with tarfile.open(at(f"{name}.tar"), "w", format=form) as t:
            here = tarfile.TarInfo("./")
            here.type = tarfile.DIRTYPE
            t.addfile(here)
            folder = tarfile.TarInfo("./notes")
            folder.type, folder.mtime = tarfile.DIRTYPE, 1700000000
            t.addfile(folder)
            long = "notes/" + ("a" * 60 + "/") * 2 + "b" * 20 + ".txt" if name != "ustar" else "notes/read.txt"
            for member, content in [("by_site.csv", TABLE), (long, NOTE)]:
                info = tarfile.TarInfo(member)
                info.size, info.mtime, info.uname = len(content), 1700000000.5 if name == "pax" else 1700000000, "me"
                t.addfile(info, io.BytesIO(content.encode()))
    with tarfile.open(at("packed.tar.gz"), "w:gz") as t:
        info = tarfile.TarInfo("by_site.csv")
        info.size = len(TABLE)
        t.addfile(info, io.BytesIO(TABLE.encode()))
    with gzip.open(at("named.csv.gz"), "wb") as f:
        f.write(TABLE.encode())
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "notes"))
        for name, content in [("by_site.csv", TABLE), ("notes/read.txt", NOTE)]:
            with open(os.path.join(folder, name), "w") as f:
                f.write(content)
        here = os.path.abspath(OUT)
        for command in [["tar", "--owner=me:1000", "--group=me:1000", "-cf", f"{here}/command.tar", "."],
                        ["zip", "-qr", f"{here}/command.zip", "."]]:
            if os.path.exists(command[-2]):
                os.remove(command[-2])
            subprocess.run(command, cwd=folder, check=True)
        subprocess.run(["gzip", "-9", "by_site.csv"], cwd=folder, check=True)
        shutil.copy(os.path.join(folder, "by_site.csv.gz"), at("by_site.csv.gz"))
    put("bare.txt.gz", gzip.compress(NOTE.encode(), mtime=0))


def arrays():
    r = np.random.default_rng(7)
    np.save(at("floats.npy"), r.normal(size=(5, 3)))
    np.save(at("columns.npy"), np.asfortranarray(r.normal(size=(5, 3)).astype(np.float32)))
    np.save(at("halves.npy"), r.normal(size=4).astype(np.float16))
    np.save(at("big.npy"), r.normal(size=4).astype(">f8"))
    np.save(at("flags.npy"), np.array([True, False]))
    np.save(at("scalar.npy"), np.float64(0.91))
    np.save(at("complex.npy"), np.array([1 + 2j]))
    np.save(at("times.npy"), np.array(["2024-01-01"], dtype="M8[D]"))
    np.save(at("texts.npy"), np.array(["auc", "recall", "é"]))
    np.save(at("bytes.npy"), np.array([b"auc", b"recall"]))
    records = np.array([("auc", 0.91, (1, 2)), ("recall", 0.88, (3, 4))],
                       dtype=[("metric", "U8"), ("value", "<f4"), ("pair", "<i4", (2,))])
    np.save(at("records.npy"), records)
    with open(at("second.npy"), "wb") as f:
        np.lib.format.write_array(f, np.arange(6).reshape(2, 3), version=(2, 0))
    with open(at("third.npy"), "wb") as f:
        np.lib.format.write_array(f, np.array([(1.5,)], dtype=[("größe", "<f8")]), version=(3, 0))
    np.savez(at("stored.npz"), weights=r.normal(size=(4, 2)), bias=np.zeros(2))
    np.savez_compressed(at("deflated.npz"), weights=r.normal(size=(4, 2)), names=np.array(["a", "b"]))


def tensors():
    import safetensors.numpy as st
    r = np.random.default_rng(7)
    st.save_file({"w": r.normal(size=(4, 2)).astype(np.float32), "b": np.zeros(2, np.float16), "n": np.array(3)},
                 at("plain.safetensors"), metadata={"format": "np"})
    st.save_file({}, at("empty.safetensors"))


def onnx_models():
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from skl2onnx import to_onnx
    from sklearn.cluster import KMeans
    from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    from sklearn.svm import SVC
    r = np.random.default_rng(7)
    x = r.normal(size=(30, 3)).astype(np.float32)
    y = (x[:, 0] > 0).astype(int)
    models = {
        "svc": SVC(), "linear": make_pipeline(StandardScaler(), LogisticRegression()),
        "forest": RandomForestClassifier(3, max_depth=2), "knn": KNeighborsClassifier(3),
        "boost": GradientBoostingRegressor(n_estimators=3), "kmeans": KMeans(2, n_init=1),
        "mlp": MLPClassifier((4,), max_iter=5),
    }
    for name, model in models.items():
        put(f"{name}.onnx", to_onnx(model.fit(x, y), x[:1]).SerializeToString())
    words = np.array([["a"], ["b"]], dtype=object)
    put("codes.onnx", to_onnx(OneHotEncoder().fit(words), words[:1]).SerializeToString())
    put("sparse_zipmap.onnx", to_onnx(LogisticRegression().fit(x, np.where(y, "ill", "well")), x[:1]).SerializeToString())

    def value(name, shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    branch = helper.make_graph([helper.make_node("Constant", [], ["c"], value_float=1.5)], "then", [], [value("c", [])])
    other = helper.make_graph([helper.make_node("Constant", [], ["d"], value_floats=[1.0, 2.0])], "else", [],
                              [value("d", ["n"])])
    flag = helper.make_tensor("flag", TensorProto.BOOL, [], [True])
    half = helper.make_tensor("half", TensorProto.FLOAT16, [2], [1.5, 2.5])
    double = helper.make_tensor("double", TensorProto.DOUBLE, [2], [1.5, 2.5])
    ints = helper.make_tensor("ints", TensorProto.INT64, [2], [1, -2])
    names = helper.make_tensor("names", TensorProto.STRING, [2], [b"a", b"b"])
    raw = numpy_helper.from_array(np.ones((2, 2), np.float32), "raw")
    node = helper.make_node("If", ["flag"], ["y"], then_branch=branch, else_branch=other)
    graph = helper.make_graph([node], "graph", [], [value("y", None)], [flag, half, double, ints, names, raw],
                              doc_string="two branches")
    model = helper.make_model(graph, producer_name="by hand")
    model.metadata_props.add(key="purpose", value="test")
    put("branches.onnx", model.SerializeToString())
    function = helper.make_function("local", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])],
                                    [helper.make_opsetid("", 20)])
    graph = helper.make_graph([helper.make_node("Twice", ["x"], ["y"], domain="local")], "graph", [value("x", [1])],
                              [value("y", [1])])
    put("function.onnx", helper.make_model(graph, functions=[function], opset_imports=[
        helper.make_opsetid("", 20), helper.make_opsetid("local", 1)]).SerializeToString())


def figures():
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from PIL import Image
    figure, axes = plt.subplots(figsize=(2, 1.5), dpi=60)
    axes.plot([0, 1], [0, 0.91])
    axes.set_title("AUC 0.91")
    figure.savefig(at("plot.pdf"), metadata={"CreationDate": None})
    with matplotlib.rc_context({"pdf.fonttype": 42}):
        figure.savefig(at("truetype.pdf"), metadata={"CreationDate": None})
    figure.savefig(at("plot.jpg"))
    # Pixels alone: what libraries add beside them is to be stripped.
    Image.open(at("plot.jpg")).save(at("plot.png"))
    picture = Image.open(at("plot.jpg"))
    picture.save(at("progressive.jpg"), progressive=True, quality=80)
    picture.convert("L").save(at("grey.jpg"))
    picture.save(at("full.jpg"), subsampling=0, quality=95, optimize=True)


def letters():
    """Figures that hold rows of people: to be blocked, and the rows to be found."""
    from PIL import Image, PngImagePlugin
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "P10037;43;f;north")
    info.add_text("Packed", "P10074;51;m;south", zip=True)
    info.add_itxt("World", "P10111;38;f;east", zip=True)
    Image.new("L", (4, 4)).save(os.path.join(HOSTILE, "texts.png"), pnginfo=info)
    with open(os.path.join(HOSTILE, "texts.png"), "ab") as file:
        file.write(b"P10148;29;m;north")


def papers():
    import pikepdf
    from fpdf import FPDF
    from reportlab.pdfgen.canvas import Canvas
    canvas = Canvas(at("reportlab.pdf"), invariant=True)
    canvas.drawString(100, 700, NOTE.strip())
    canvas.showPage()
    canvas.save()
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.cell(text=NOTE.strip())
    pdf.output(at("fpdf.pdf"))
    with pikepdf.open(at("reportlab.pdf")) as document:
        document.save(at("streams.pdf"), object_stream_mode=pikepdf.ObjectStreamMode.generate)
        document.save(os.path.join(HOSTILE, "linear.pdf"), linearize=True)
        document.save(os.path.join(HOSTILE, "encrypted.pdf"), encryption=pikepdf.Encryption(owner="x", user=""))
        document.attachments["rows.csv"] = b"P10037;43;f;north"
        document.save(os.path.join(HOSTILE, "attached.pdf"))


def tables():
    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    import pyarrow.parquet as pq
    frame = pd.DataFrame({"metric": ["auc", "recall", None], "value": [0.91, 0.88, 0.5], "n": [200, 300, 400]})
    frame.to_parquet(at("pandas.parquet"), write_statistics=False)
    frame.to_parquet(at("fast.parquet"), engine="fastparquet", stats=False)
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    for codec in ["none", "snappy", "gzip", "zstd", "lz4"]:
        pq.write_table(table, at(f"{codec}.parquet"), compression=codec, write_statistics=False)
    pq.write_table(table, at("second_pages.parquet"), data_page_version="2.0", write_statistics=False)
    pq.write_table(table, at("delta.parquet"), write_statistics=False, use_dictionary=False, column_encoding={
        "metric": "DELTA_BYTE_ARRAY", "value": "BYTE_STREAM_SPLIT", "n": "DELTA_BINARY_PACKED"})
    pq.write_table(table, at("lengths.parquet"), write_statistics=False, use_dictionary=False, column_encoding={
        "metric": "DELTA_LENGTH_BYTE_ARRAY"})
    kinds = pa.table({
        "flag": [True, None, False], "small": pa.array([1, 2, 3], pa.int8()), "half": pa.array([1.5, 2.5, None], pa.float32()),
        "day": pa.array([1, 19782, 3], pa.date32()), "time": pa.array([1, -1000000, 3], pa.timestamp("us")),
        "bytes": [b"a", b"b", None], "list": [[1, 2], [], None], "struct": [{"a": 1.5}, {"a": 2.5}, None],
        "price": [Decimal("12.30"), Decimal("-0.05"), None], "code": pa.array([7, 4000000000, 9], pa.uint32()),
    })
    pq.write_table(kinds, at("kinds.parquet"), write_statistics=False)
    frame.head(0).to_parquet(at("norows.parquet"))
    pl.DataFrame({"metric": ["auc", "recall"], "value": [0.91, 0.88]}).write_parquet(at("polars.parquet"), statistics=False)
    many = pa.table({"i": list(range(3000)), "x": [i / 7 for i in range(3000)]})
    pq.write_table(many.slice(0, 900), at("groups.parquet"), row_group_size=300, write_statistics=False)
    pq.write_table(table, at("statistics.parquet"))
    pq.write_table(table, at("indexed.parquet"), write_page_index=True)
    row = "P10037;43;f;north"
    pq.write_table(pa.table({"metric": pa.DictionaryArray.from_arrays(pa.array([0, 0]), pa.array(["auc", row]))}),
                   os.path.join(HOSTILE, "unused_codes.parquet"), write_statistics=False)
    pq.write_table(pa.table({"metric": ["auc\u200b"]}), os.path.join(HOSTILE, "unseen.parquet"), write_statistics=False)
    pq.write_table(table, os.path.join(HOSTILE, "brotli.parquet"), compression="brotli", write_statistics=False)
    forged = os.path.join(HOSTILE, "forged_statistics.parquet")
    pq.write_table(pa.table({"metric": [row, row]}), forged, use_dictionary=False, compression="none")
    with open(forged, "rb") as file:
        content = file.read()
    cut = content.index(row.encode())
    end = content.index(row.encode(), cut + 1) + len(row)
    with open(forged, "wb") as file:
        file.write(content[:end].replace(row.encode(), b"x" * len(row)) + content[end:])
    values = ", ".join(f"('{n}')" for n in range(50))
    duckdb.sql(f"COPY (SELECT * FROM (VALUES {values}) t(v), range(60)) TO '{at('filter.parquet')}' (FORMAT parquet)")
    duckdb.sql(f"COPY (SELECT 'auc' AS metric, 0.91::DOUBLE AS value) TO '{at('duck.parquet')}' (FORMAT parquet)")


def workbooks():
    import openpyxl
    import polars as pl
    import pandas as pd
    frame = pd.DataFrame({"metric": ["auc", "recall"], "value": [0.91, 0.88]})
    frame.to_excel(at("openpyxl.xlsx"), engine="openpyxl", index=False)
    frame.to_excel(at("writer.xlsx"), engine="xlsxwriter", index=False)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("first")
    sheet.append(["metric", "value", "ok"])
    sheet.append(["auc", 0.91, True])
    book.save(at("two_ways.xlsx"))
    pl.from_pandas(frame).write_excel(at("polars.xlsx"))


def notebooks():
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    cells = [new_markdown_cell("# Results"), new_code_cell("print(0.91)")]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    nbformat.write(new_notebook(cells=cells), at("stripped.ipynb"))


for part in [texts, archives, arrays, tensors, onnx_models, figures, letters, papers, tables, workbooks, notebooks]:
    part()
