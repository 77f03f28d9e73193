"""Parquet in and out: the rows of a job, and the predictions and layers of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .contract import DataFile, contract
from .errors import RunFailed
from .files import replace_file

TYPES = {
    "VARCHAR": pa.string(),
    "DOUBLE": pa.float64(),
    "DOUBLE[]": pa.list_(pa.float64()),
    "BOOLEAN": pa.bool_(),
    "INTEGER": pa.int32(),
}


@dataclass(frozen=True)
class Row:
    """One row of `train.parquet` or `test.parquet`; `explanation` is empty where there is none.

    `turns` says where in the prompt its turns begin (code points, separated by commas).
    """

    example_id: str
    dialogue_id: str
    corpus: str
    axis: str
    prompt: str
    label: str
    explanation: str
    gold: str
    turns: str = ""


def read_rows(folder: Path, data: DataFile) -> list[Row]:
    """Read a job's data file.

    Raises
    ------
    RunFailed
        When the file is missing or unreadable, lacks a column, or has another number of rows than the job says.
    """
    path = folder / data["file"]
    columns: list[str] = contract()["data_columns"]
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise RunFailed(f"{data['file']} cannot be read: {str(error).splitlines()[0].rstrip('.')}.") from error
    missing = [name for name in columns if name not in table.column_names]
    if missing:
        raise RunFailed(f"{data['file']} lacks the column {missing[0]}.")
    if table.num_rows != data["rows"]:
        raise RunFailed(f"{data['file']} has {table.num_rows} rows, but the job says {data['rows']}.")
    records = table.select(columns).cast(pa.schema([(name, pa.string()) for name in columns])).to_pylist()
    return [Row(**{name: record[name] or "" for name in columns}) for record in records]


def write_predictions(path: Path, records: list[dict[str, Any]], along: bool = False) -> None:
    """Write `predictions.parquet`: one record a test row, keys as in the contract's prediction columns.

    With `along`, records have the keys of scores along the training as well.
    """
    _write(path, {**_along_keys(along), **contract()["prediction_columns"]}, records)


def write_layers(path: Path, estimators: list[str], records: list[dict[str, Any]], along: bool = False) -> None:
    """Write `layers.parquet`: one record a test row × layer, with one nullable column an estimator.

    With `along`, records have the keys of scores along the training as well.
    """
    columns = {**_along_keys(along), **contract()["layer_keys"], **dict.fromkeys(estimators, "DOUBLE")}
    _write(path, columns, records)


def join_tables(path: Path, parts: list[Path]) -> None:
    """Write the rows of several Parquet files of the same columns into one, in their order."""
    _replace(path, pa.concat_tables([pq.read_table(part) for part in parts]))


def _along_keys(along: bool) -> dict[str, str]:
    return contract()["along_keys"] if along else {}


def _write(path: Path, columns: dict[str, str], records: list[dict[str, Any]]) -> None:
    schema = pa.schema([(name, TYPES[kind]) for name, kind in columns.items()])
    arrays = [pa.array([record[name] for record in records], schema.field(name).type) for name in columns]
    _replace(path, pa.Table.from_arrays(arrays, schema=schema))


def _replace(path: Path, table: Any) -> None:
    replace_file(path, lambda beside: pq.write_table(table, beside, compression="zstd", version="2.6"))
