#!/usr/bin/env python3
"""Makes expr_cases.expected: what the real SQLAlchemy prints for each line of expr_cases.txt.

    python3 tests/sql/expr_cases.py          (SQLAlchemy 2.0.52, no server needed)

Each line of expr_cases.txt is one Python expression, evaluated after expr_preamble.py; a str is
text(). The answer is one line: the SQL for PostgreSQL with literals, line ends written as \\n, or
"! Type: message" for what SQLAlchemy raises (first line of the message). Backslashes in literals
are single, as they are executed.
"""

import pathlib
import warnings

from sqlalchemy.dialects import postgresql

HERE = pathlib.Path(__file__).parent


def render(expression, preamble, dialect):
    names = {}
    exec(preamble, names)
    try:
        value = eval(expression, names)
        if isinstance(value, str):
            value = names["sa"].text(value)
        compiled = value.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        return str(compiled).strip().replace("\n", "\\n")
    except Exception as error:
        message = str(error).split("\n")[0].split(" (Background")[0]
        return f"! {type(error).__name__}: {message}"


def main():
    warnings.simplefilter("ignore")
    dialect = postgresql.dialect(paramstyle="named")
    dialect._backslash_escapes = False
    preamble = compile((HERE / "expr_preamble.py").read_text(), "expr_preamble.py", "exec")
    cases = (HERE / "expr_cases.txt").read_text().splitlines()
    answers = [render(case, preamble, dialect) for case in cases]
    (HERE / "expr_cases.expected").write_text("".join(answer + "\n" for answer in answers))


if __name__ == "__main__":
    main()
