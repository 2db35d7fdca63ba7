"""Arguments and options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CourseOption = Annotated[
    Path,
    typer.Option("--course", help="The course directory, or any folder in it.", show_default="."),
]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Such as `02_convolution`.")]
WriteOption = Annotated[
    Path | None, typer.Option("--write", metavar="FILE", help="Write it to this file.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
